package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.data.Split;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

class FitTest {
    private static Fit fit(Recipe recipe) throws InterruptedException {
        return Fit.of(recipe, null, Progress.SILENT);
    }

    private static Set<String> ids(List<Picture> pictures) {
        return pictures.stream().map(Picture::id).collect(Collectors.toSet());
    }

    @Test
    void foldsJudgeEveryPictureOnceAndTheHeadIsTrainedAgainOnAll() throws Exception {
        Recipe recipe = Small.recipe();
        Trained trained = fit(recipe).result();
        assertEquals(List.of("fold 1", "fold 2", "fold 3", "all"), List.copyOf(trained.histories().keySet()));
        assertEquals(ids(recipe.data().train()), trained.validationLogits().keySet());
        assertEquals(36, trained.trainLogits().length);
        assertEquals(36, trained.testLogits().length);
        assertTrue(trained.histories().get("fold 3").epochs().get(1).validated());
        assertTrue(!trained.histories().get("all").epochs().get(1).validated());
        assertArrayEquals(new long[] {12, 1280}, trained.weights().get("classifier.1.weight").shape());
        assertArrayEquals(trained.weights().get("classifier.1.weight").toFloats(), fit(recipe).result().weights().get("classifier.1.weight").toFloats(), "the same again, bit for bit");
    }

    @Test
    void oneSplitJudgesWhatItHoldsOut() throws Exception {
        Fit fit = fit(Small.recipe().split(Split.stratified(0.3)));
        assertEquals(1, fit.folds().size());
        assertEquals(ids(fit.folds().get(0).validation()), fit.result().validationLogits().keySet());
        assertEquals(12, fit.result().validationLogits().size());
        assertEquals(List.of("training"), List.copyOf(fit.result().histories().keySet()));
        assertEquals(36, fit.result().trainLogits().length);
    }

    @Test
    void noSplitJudgesNothing() throws Exception {
        Fit fit = fit(Small.recipe().split(Split.none()));
        assertTrue(fit.result().validationLogits().isEmpty());
        assertSame(fit.members().get("mobilenet_v2"), fit.result());
        assertTrue(fit.members().get("mobilenet_v2").weights().contains("features.0.0.weight"));
    }

    @Test
    void joinedBackbonesLearnFromLogitsOfPicturesNotSeen() throws Exception {
        Fit fit = fit(Small.joined());
        assertEquals(List.of("mobilenet_v2", "resnet18"), List.copyOf(fit.members().keySet()));
        assertArrayEquals(new long[] {12, 24}, fit.result().weights().get("weight").shape());
        assertEquals(36, fit.result().validationLogits().size());
        assertArrayEquals(joined(fit, true), fit.result().testLogits());
        assertArrayEquals(joined(fit, false), fit.result().trainLogits());
    }

    @Test
    void eachEpochSaysWhatIsTrained() throws Exception {
        assertEquals(List.of("fold 1", "fold 2", "fold 3", "all training pictures"), told(Small.recipe()));
        assertEquals(List.of(""), told(Small.recipe().split(Split.none())));
        assertEquals(List.of("mobilenet_v2", "resnet18", "joined"), told(Small.joined().split(Split.none())));
    }

    private static List<String> told(Recipe recipe) throws InterruptedException {
        Set<String> trainings = new LinkedHashSet<>();
        Fit.of(recipe, null, (name, total, unit) -> new Progress.Task() {
            @Override public void step(long count) { }

            @Override public void note(String text) { }

            @Override public void epoch(Progress.Epoch epoch) {
                trainings.add(epoch.training());
            }

            @Override public void close() { }
        });
        return List.copyOf(trainings);
    }

    private static float[][] joined(Fit fit, boolean test) {
        return Trained.join(fit.result().weights(), fit.members().values().stream().map(one -> test ? one.testLogits() : one.trainLogits()).toList());
    }

    @Test
    void joinedWithOneSplitAndWithNone() throws Exception {
        Fit one = fit(Small.joined().split(Split.stratified(0.3)));
        assertEquals(ids(one.folds().get(0).validation()), one.result().validationLogits().keySet());
        assertEquals(List.of("fold 1", "fold 2", "fold 3", "fold 4", "fold 5", "all"), List.copyOf(one.result().histories().keySet()));
        Fit none = fit(Small.joined().split(Split.none()));
        assertTrue(none.result().validationLogits().isEmpty());
        assertEquals(36, none.result().testLogits().length);
    }

    @Test
    void oneBackboneAtLeastAndNoneTwice() {
        ImageFolder pictures = Small.pictures();
        assertTrue(assertThrows(InputException.class, () -> fit(Small.withoutBackbone(pictures))).getMessage().contains("names no backbone"));
        Recipe twice = Small.recipe().backbone("mobilenet_v2", Small.recipe().members().get(0).weights());
        assertTrue(assertThrows(InputException.class, () -> fit(twice)).getMessage().contains("names mobilenet_v2 twice"));
    }

    @Test
    void foldsWithoutPicturesAreRefused() {
        assertTrue(assertThrows(InputException.class, () -> fit(Small.recipe().split(Split.folds(37)))).getMessage().startsWith("37 folds of 36 training pictures"));
    }
}
