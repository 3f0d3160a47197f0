package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import graft.Progress;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class UnreadableTest {
    @Test
    void thoseAmongSomeFilesInTheirOrder() throws Exception {
        Path good = Resources.path("odd/rgb.jpg");
        Path cut = Resources.path("odd/truncated.png");
        Path missing = Path.of("nowhere.jpg");
        List<Unreadable> found = Unreadable.among(List.of(missing, good, cut, good), Progress.SILENT);
        assertEquals(List.of(missing, cut), found.stream().map(one -> one.picture().file()).toList());
        assertEquals(cut + " " + PictureFileTest.reason(cut), found.get(1).toString());
        assertEquals(List.of(), Unreadable.among(List.of(good), Progress.SILENT));
    }
}
