package graft.run;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randAugment;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomErasing;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import graft.Small;
import graft.augment.CutMix;
import graft.augment.Pipeline;
import graft.backbone.Backbones;
import graft.backbone.Head;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Split;
import graft.eval.Published;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SmokeTest {
    @TempDir Path folder;

    private static Recipe large(String backbone, String weights) {
        return Recipe.of("large", Small.pictures()).backbone(backbone, Weights.published(Pretrained.of(backbone, weights)));
    }

    private static Recipe small(Recipe recipe) {
        Options options = new Options();
        Script.parse(options, List.of("--smoke"));
        return options.apply(recipe);
    }

    @Test
    void everyFamilyHasASmallMember() {
        for (String name : Backbones.names()) {
            String small = Smoke.smallest(name);
            assertTrue(Backbones.create(small, 10).parameterCount() <= Backbones.create(name, 10).parameterCount() + 1, name + " becomes " + small);
        }
        assertEquals("resnetv2_50", Smoke.smallest("resnetv2_101"));
        assertEquals("resnet18", Smoke.smallest("resnet50"));
        assertEquals("mobilenet_v3_small", Smoke.smallest("mobilenet_v3_large"));
        assertEquals("deit_tiny_distilled_patch16_224", Smoke.smallest("deit_base_distilled_patch16_384"));
    }

    @Test
    void theKindOfTheRecipeStays() {
        Recipe recipe = large("vit_l_16", "IMAGENET1K_SWAG_E2E_V1").split(Split.balanced(2)).head(Head.mlp(512, 0.5)).trainable(Trainable.gradual(10, 20)).mix(new CutMix(1))
            .train(resize(512), randomCrop(512), randAugment(2, 7), randomErasing()).evaluate(resize(560), centerCrop(512)).test(resize(512, 512))
            .optimizer(Optimizer.sgd(0.1)).epochs(50);
        Recipe small = small(recipe);
        assertEquals(Pipeline.of(resize(64), randomCrop(64), randAugment(2, 7), randomErasing()), small.train());
        assertEquals(Pipeline.of(resize(70), centerCrop(64)), small.evaluate());
        assertEquals(Pipeline.of(resize(64, 64)), small.test());
        assertEquals(recipe.head(), small.head());
        assertEquals(recipe.optimizer(), small.optimizer());
        assertEquals(Trainable.gradual(1), small.trainable());
        assertEquals(Split.balanced(1), small.split());
        assertEquals(2, small.epochs());
        assertEquals(64, small.create(small.members().get(0)).inputSize());
        assertEquals(recipe.toJson().get("mixing"), small.toJson().get("mixing"));
    }

    /** What a small form leaves out still tells two recipes apart: a notebook and its script are compared by it. */
    @Test
    void itsHashIsThatOfTheWholeRecipe() {
        Recipe recipe = large("convnext_tiny", "IMAGENET1K_V1");
        assertEquals(small(recipe).hash(), small(recipe).hash());
        assertNotEquals(small(recipe).hash(), small(recipe.epochs(41)).hash());
        assertTrue(small(recipe).toString().contains("a small form of large, " + recipe.hash()), small(recipe).toString());
        assertEquals(small(recipe).toJson(), Recipe.fromJson(small(recipe).toJson(), small(recipe).data(), Map.of()).toJson());
    }

    @Test
    void transformersAndTheirTeachersTrainSmall() throws Exception {
        Recipe recipe = small(large("swin_base_patch4_window7_224", "ms_in22k_ft_in1k").trainable(Trainable.all()).split(Split.balanced(2)).mix(new CutMix(1)));
        Run run = Run.of(recipe.epochs(1), folder.resolve("run"), Published.none(), "", Progress.SILENT);
        assertEquals(12, run.validation().count());
        try (Classifier saved = Classifier.load(run.folder())) {
            assertEquals(12, saved.classes().size());
        }
    }
}
