package graft.run;

import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import graft.Small;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Picture;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class StandInTest {
    private static final Pretrained SWAG = Pretrained.of("vit_l_16", "IMAGENET1K_SWAG_E2E_V1");

    @TempDir Path folder;

    private static Recipe recipe(StandIn options) {
        Pretrained published = options.backbone("vit_l_16", "IMAGENET1K_SWAG_E2E_V1");
        return Small.withoutBackbone(Small.pictures()).backbone(published.backbone(), options.weights(published));
    }

    @Test
    void anotherBackboneTakesThePlaceOfThePublishedOne() {
        StandIn options = StandIn.of("--backbone", "resnet18", "--lr", "0.5");
        Recipe recipe = options.apply(recipe(options));
        assertEquals("resnet18", recipe.members().get(0).backbone());
        assertEquals(0.5, recipe.optimizer().learningRate());
        assertEquals("resnet18 stands in for vit_l_16: the published figures are that one's; the learning rate is 0.5 and not the recipe's 0.001", options.remark().strip());
        StandIn own = StandIn.of();
        assertEquals(512, own.apply(recipe(own)).members().get(0).weights().preprocessing().crop());
        assertEquals("", own.remark());
        assertEquals("the learning rate is 0.5 and not the recipe's", StandIn.of("--lr", "0.5").remark().strip());
    }

    /** A notebook with a stand-in and its script without one have the same small form. */
    @Test
    void aSmokeRunTakesTheExperimentsOwn() {
        StandIn options = StandIn.of("--backbone", "resnet18", "--lr", "0.5", "--epochs", "7", "--smoke");
        assertFalse(options.standsIn());
        assertEquals("", options.remark());
        StandIn own = StandIn.of("--smoke");
        assertEquals(own.apply(recipe(own)).hash(), options.apply(recipe(options)).hash());
    }

    @Test
    void aFileKeepsThePreprocessingOfItsWeights() throws Exception {
        Path file = Files.writeString(folder.resolve("a as b.pth"), "x");
        StandIn one = StandIn.of("--weights", "vit_l_16=" + file);
        Weights weights = one.weights(SWAG);
        assertEquals(512, weights.preprocessing().crop());
        assertEquals("a as b.pth 2d711642 as IMAGENET1K_SWAG_E2E_V1", weights.name());
        assertEquals(SWAG, Weights.named("vit_l_16", weights.name(), file).preprocessing());
        Weights standard = one.weights(Pretrained.of("vit_l_16"));
        assertEquals("a as b.pth 2d711642", standard.name());
        assertEquals(224, Weights.named("vit_l_16", standard.name(), file).preprocessing().crop());
        Path other = Files.writeString(folder.resolve("other.pth"), "y");
        StandIn two = StandIn.of("--weights", "vit_l_16=" + file, "--weights", "vit_l_16.IMAGENET1K_V1=" + other);
        assertTrue(two.weights(SWAG).name().startsWith("a as b.pth"));
        assertTrue(two.weights(Pretrained.of("vit_l_16")).name().startsWith("other.pth"));
        Weights untrained = Weights.untrained("vit_l_16", -3, 64);
        assertEquals(64, Weights.named("vit_l_16", untrained.name(), null).preprocessing().crop());
    }

    /** Test pictures can be seen otherwise than those of validation, and so does the model that is saved. */
    @Test
    void testPicturesHaveAViewOfTheirOwn() throws Exception {
        Run plain = Run.of(Small.recipe(), folder.resolve("plain"), Published.none(), "", Progress.SILENT);
        Recipe squeezed = Small.recipe().test(resize(64, 64));
        Run run = Run.of(squeezed, folder.resolve("squeezed"), Published.none(), "", Progress.SILENT);
        Predictions before = plain.result().predictions().get("validation");
        Predictions after = run.result().predictions().get("validation");
        assertArrayEquals(before.probabilities(), after.probabilities());
        Predictions test = run.result().predictions().get("test");
        assertFalse(java.util.Arrays.deepEquals(plain.result().predictions().get("test").probabilities(), test.probabilities()));
        List<Path> files = squeezed.data().test().stream().map(Picture::file).toList();
        try (Classifier saved = Classifier.load(run.folder())) {
            float[][] logits = saved.logits(files, Progress.SILENT);
            for (int i = 0; i < logits.length; i++) {
                assertArrayEquals(test.logits(i), logits[i], test.ids().get(i));
            }
        }
    }
}
