package graft.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
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

    @Test void figuresOfOneOfSeveral() {
        Published published = Published.none().test("accuracy", 0.81).with("resnet50 · test", "f1", 0.7).with("resnet50 · train", "f1", 0.9).with("vgg16 · test", "f1", 0.8);
        assertEquals("{\"test\":{\"f1\":0.7},\"train\":{\"f1\":0.9}}", published.of("resnet50").toJson().toString());
        assertEquals(published.of("resnet50").with("test", "f1", 0.7), Published.none().with("test", List.of("f1"), 0.7).with("train", List.of("f1"), 0.9));
        assertThrows(IllegalArgumentException.class, () -> Published.none().with("test", List.of("f1", "auc"), 0.7));
        Published alone = Published.none().test("accuracy", 0.81);
        assertEquals(alone, alone.of("resnet50"));
    }

    @Test void aRangeHasALowerAndAHigherEnd() {
        assertThrows(IllegalArgumentException.class, () -> new Published.Range(0.8, 0.7));
    }
}
