package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Audit;
import graft.data.Finding;
import graft.data.ImageFolder;
import graft.data.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelCheckTest {
    /** Two of sixty pictures lie in the wrong class, one of them together with a copy of itself, which must not confirm it: they come first. */
    @Test
    void wrongLabelsComeFirst(@TempDir Path folder) throws Exception {
        ImageFolder groceries = ImageFolder.of("builtin:groceries12");
        List<String> classes = List.of("carrots", "kiwi", "lemon");
        for (Picture picture : Stream.concat(groceries.train().stream(), groceries.test().stream()).toList()) {
            String name = groceries.classes().get(picture.label());
            if (classes.contains(name)) {
                Path to = folder.resolve(name).resolve(picture.id().replace('/', '-'));
                Files.createDirectories(to.getParent());
                Files.copy(picture.file(), to);
            }
        }
        Files.move(folder.resolve("carrots/train-carrots-1.jpg"), folder.resolve("kiwi/wrong-1.jpg"));
        Files.move(folder.resolve("kiwi/train-kiwi-2.jpg"), folder.resolve("lemon/wrong-2.jpg"));
        Files.copy(folder.resolve("kiwi/wrong-1.jpg"), folder.resolve("kiwi/wrong-3.jpg"));
        Audit audit = Audit.of(ImageFolder.of(folder), Progress.SILENT);
        List<Finding> found = LabelCheck.of(audit, "mobilenet_v2", Weights.published(Pretrained.builtin("mobilenet_v2")), Progress.SILENT);
        assertEquals(List.of("kiwi/wrong-1.jpg", "kiwi/wrong-3.jpg", "lemon/wrong-2.jpg"),
            found.stream().limit(3).map(finding -> finding.pictures().get(0).id()).sorted().toList(), found.toString());
        assertTrue(found.size() <= 5, found.toString());
        Finding kiwi = found.stream().filter(finding -> finding.pictures().get(0).id().equals("kiwi/wrong-1.jpg")).findFirst().orElseThrow();
        assertTrue(kiwi.detail().matches("looks like carrots \\(\\d+ %\\), not kiwi \\(\\d+ %\\)"), kiwi.detail());
        assertTrue(kiwi.score() > 0.5 && kiwi.score() <= 1);
    }
}
