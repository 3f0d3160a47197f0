package graft.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishedTest {
    @Test void figuresByName() {
        Published published = Published.none().train("accuracy", 0.78).test("accuracy", 0.75).test("f1", 0.74)
            .with("validation", "accuracy", 0.725, 0.78);
        assertEquals("{\"train\":{\"accuracy\":0.78},\"test\":{\"accuracy\":0.75,\"f1\":0.74},\"validation\":{\"accuracy\":[0.725,0.78]}}",
            published.toJson().toString());
        assertEquals(Optional.of(new Published.Range(0.75, 0.75)), published.figure("test", "accuracy"));
        assertEquals(Optional.empty(), published.figure("test", "auc"));
        assertEquals("{}", Published.none().toJson().toString());
    }

    @Test void aRangeHasALowerAndAHigherEnd() {
        assertThrows(IllegalArgumentException.class, () -> new Published.Range(0.8, 0.7));
    }
}
