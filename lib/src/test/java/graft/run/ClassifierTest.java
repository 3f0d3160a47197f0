package graft.run;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.augment.Pipeline;
import graft.augment.Views;
import graft.backbone.Head;
import graft.data.Picture;
import graft.data.Split;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.train.Ensemble;
import graft.train.Recipe;
import graft.train.Trainable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model that is saved as one file says what the run said; a file that is not what it should be ends in a sentence. */
class ClassifierTest {
    private static final List<Path> PICTURES = Small.pictures().test().stream().map(Picture::file).toList();

    @TempDir static Path runs;
    private static Run single;
    private static Run joined;
    @TempDir Path folder;

    @BeforeAll
    static void train() throws InterruptedException {
        single = Run.of(Small.recipe(), runs.resolve("single"), Published.none(), "", Progress.SILENT);
        joined = Run.of(Small.joined(), runs.resolve("joined"), Published.none(), "", Progress.SILENT);
    }

    private static void assertSays(Run run, Path model) throws InterruptedException {
        try (Classifier classifier = Classifier.load(model)) {
            assertEquals(run.recipe().data().classes(), classifier.classes());
            float[][] logits = classifier.logits(run.recipe().data().test().stream().map(Picture::file).toList(), Progress.SILENT);
            assertTrue(logits.length > 0);
            for (int i = 0; i < logits.length; i++) {
                assertArrayEquals(run.result().predictions().get("test").logits(i), logits[i], model + " " + i);
            }
        }
    }

    @Test
    void filesSayWhatTheRunSaidBitByBit() throws Exception {
        for (Run run : List.of(single, joined)) {
            for (String name : List.of("model.pt", "model.safetensors")) {
                Path file = folder.resolve(run.recipe().members().size() + name);
                run.classifier().save(file);
                assertSays(run, file);
                // From a file to the other kind, and from a folder, it is the same.
                Path again = folder.resolve(run.recipe().members().size() + "again-" + name);
                try (Classifier classifier = Classifier.load(run.folder())) {
                    classifier.save(again);
                }
                assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
            }
        }
        assertSays(single, single.folder().resolve("checkpoint/mobilenet_v2.safetensors"));
    }

    /** Whole networks, heads of several layers, and joining by a mean. */
    @Test
    void everyKindOfModelIsSaved() throws Exception {
        List<Recipe> recipes = List.of(
            Small.recipe(Small.pictures().first(2)).trainable(Trainable.all()).epochs(1).split(Split.none()),
            Small.recipe(Small.pictures().first(2)).head(Head.mlp(8, 0.3)).split(Split.none()),
            Small.joined().head(Head.batchNorm(8, 0.2, 1e-3)).join(Ensemble.PROBABILITIES),
            Small.joined().join(Ensemble.LOGITS).precision(Precision.BFLOAT16).split(Split.stratified(0.4)));
        for (int i = 0; i < recipes.size(); i++) {
            Run run = Run.of(recipes.get(i), folder.resolve("run" + i), Published.none(), "", Progress.SILENT);
            assertSays(run, run.folder());
            for (String name : List.of("model.pt", "model.safetensors")) {
                Path file = folder.resolve(i + name);
                run.classifier().save(file);
                assertSays(run, file);
            }
        }
    }

    /** Each backbone of a joined run is complete in its own file. */
    @Test
    void oneBackboneOfSeveralStandsAlone() throws Exception {
        try (Classifier classifier = Classifier.load(joined.folder().resolve("checkpoint/resnet18.safetensors"))) {
            float[][] logits = classifier.logits(PICTURES, Progress.SILENT);
            for (int i = 0; i < logits.length; i++) {
                assertArrayEquals(joined.members().get("resnet18").predictions().get("test").logits(i), logits[i]);
            }
        }
    }

    @Test
    void predictionsAreTheMeanOverViews() throws Exception {
        List<Path> two = PICTURES.subList(0, 2);
        try (Classifier classifier = Classifier.load(single.folder())) {
            Predictions one = classifier.predict(two, Views.ONE, Progress.SILENT);
            assertArrayEquals(classifier.logits(two, Progress.SILENT)[1], one.logits(1));
            assertEquals(two.get(1).toString(), one.ids().get(1));
            for (Views views : List.of(Views.FLIP, Views.TEN_CROP)) {
                Predictions mean = classifier.predict(two, views, Progress.SILENT);
                double[] expected = new double[classifier.classes().size()];
                List<Pipeline> pipelines = views.of(Pipeline.of(resize(64), centerCrop(64)));
                for (Pipeline view : pipelines) {
                    try (Classifier asked = Classifier.load(with(view))) {
                        double[] p = asked.predict(two, Views.ONE, Progress.SILENT).probabilities(0);
                        for (int c = 0; c < p.length; c++) {
                            expected[c] += p[c] / pipelines.size();
                        }
                    }
                }
                assertArrayEquals(expected, mean.probabilities(0), 1e-6, views.toString());
                assertFalse(Arrays.equals(one.logits(0), mean.logits(0)));
            }
        }
    }

    /** The single run's model with other transforms. */
    private Path with(Pipeline transforms) {
        return with(description().replaceFirst("(?s)\"transforms\": .*?\\n  \\]", "\"transforms\": " + transforms.toJson().toString().replace("$", "\\$")));
    }

    private static String description() {
        return StateDict.read(single.folder().resolve("checkpoint/mobilenet_v2.safetensors")).metadata().get("graft.json");
    }

    private Path with(String description) {
        Path file = folder.resolve("other.safetensors");
        StateDict.read(single.folder().resolve("checkpoint/mobilenet_v2.safetensors")).writeSafetensors(file, Map.of("graft.json", description));
        return file;
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeEndInASentence() throws Exception {
        assertRefused(folder.resolve("nothing.pt"), "does not exist");
        Path note = Files.writeString(folder.resolve("note.pt"), "a text that is no model");
        assertRefused(note, "note.pt");
        Path bare = folder.resolve("bare.safetensors");
        new StateDict("bare").writeSafetensors(bare, Map.of());
        assertRefused(bare, "not what their classes are");
        String good = description();
        List<String> bad = new ArrayList<>(List.of("", "[]", "{}", "[".repeat(100_000), good.substring(0, good.length() / 2), good.replace("\"version\": 1", "\"version\": 2"),
            good.replace("float32", "float8"), good.replace("mobilenet_v2", "resnet18"), good.replace("mobilenet_v2", "vit_h_14"), good.replace("\"size\": 224", "\"size\": 1000000000"),
            good.replace("\"size\": 224", "\"size\": -1"), good.replace("\"size\": 64", "\"size\": 2000000000"), good.replace("\"size\": 64", "\"size\": [64, 9999]"),
            good.replace("0.485", "\"x\""), good.replace("0.485", "1e99"), good.replaceFirst("0.485[0-9]*,", ""), good.replace("0.229", "0"), good.replace("\"banana\",", ""),
            good.replace("Linear", "Cubic"), good.replace("Resize", "Resise"), good.replaceAll("(?s)\"backbones\": \\[.*\\]", "\"backbones\": []"),
            good.replaceAll("(?s)\"backbones\": \\[(.*)\\](.*)", "\"backbones\": [$1,$1], \"joined\": \"logits\" $2")));
        for (String description : bad) {
            assertFalse(good.equals(description), description);
            assertRefused(with(description), "");
        }
    }

    /** Any byte that is changed leaves a model, or a sentence. */
    @Test
    void noByteChangedBringsAnythingButASentence() throws Exception {
        for (String name : List.of("a.pt", "a.safetensors")) {
            Path file = folder.resolve(name);
            single.classifier().save(file);
            byte[] good = Files.readAllBytes(file);
            String text = new String(good, StandardCharsets.ISO_8859_1);
            int begin = name.endsWith(".pt") ? text.indexOf("\u0080\u0002c__torch__") : 0;
            for (int k = 0; k < 45; k++) {
                byte[] changed = good.clone();
                int at = k % 3 == 0 ? text.indexOf("classes") + 7 * k : k % 3 == 1 ? begin + 31 * k : good.length - 1 - 37 * k;
                changed[at] ^= (byte) (1 << k % 8);
                Files.write(file, changed);
                try {
                    Classifier.load(file).close();
                } catch (InputException sentence) {
                    assertFalse(sentence.getMessage().contains("\n"), sentence.getMessage());
                }
            }
        }
    }

    /** ViT takes pictures of its own size only; a description that gives it others is found out at the first picture. */
    @Test
    void transformsThatDoNotFitTheNetwork() throws Exception {
        Recipe recipe = Small.withoutBackbone(Small.pictures().first(1)).backbone("deit_tiny_patch16_224", graft.backbone.Weights.untrained("deit_tiny_patch16_224", 1))
            .evaluate(resize(224), centerCrop(224)).train(resize(224), centerCrop(224)).split(Split.none());
        Path file = folder.resolve("deit.safetensors");
        Run.of(recipe, folder.resolve("run"), Published.none(), "", Progress.SILENT).classifier().save(file);
        StateDict state = StateDict.read(file);
        state.writeSafetensors(file.resolveSibling("other.safetensors"), Map.of("graft.json", state.metadata().get("graft.json").replace("\"size\": 224\n    }\n  ]", "\"size\": 96\n    }\n  ]")));
        try (Classifier classifier = Classifier.load(file.resolveSibling("other.safetensors"))) {
            String refused = assertThrows(InputException.class, () -> classifier.logits(PICTURES.subList(0, 1), Progress.SILENT)).getMessage();
            assertTrue(refused.contains("make 96×96 of ") && refused.contains("takes 224×224 alone"), refused);
        }
    }

    @Test
    void onlyTwoKindsOfFilesAreWritten() {
        assertTrue(assertThrows(InputException.class, () -> single.classifier().save(folder.resolve("model.onnx"))).getMessage().contains(".safetensors"));
        assertFalse(Files.exists(folder.resolve("model.onnx")));
        assertEquals(List.of("mean of the probabilities", "mean of the logits", "linear layer on all logits"), Arrays.stream(Ensemble.values()).map(Ensemble::toString).toList());
    }

    private static void assertRefused(Path model, String part) {
        InputException refused = assertThrows(InputException.class, () -> {
            try (Classifier classifier = Classifier.load(model)) {
                classifier.logits(PICTURES.subList(0, 1), Progress.SILENT);
            }
        });
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }
}
