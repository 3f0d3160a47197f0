package graft.train;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.backbone.Backbones;
import graft.backbone.Head;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

class RecipeTest {
    private static final List<UnaryOperator<Recipe>> CHANGES = List.of(
        recipe -> recipe.data(ImageFolder.of("builtin:groceries12").first(2)),
        recipe -> recipe.backbone("resnet18", Weights.untrained("resnet18", 0)),
        recipe -> recipe.withoutBackbones().backbone("mobilenet_v2", Weights.untrained("mobilenet_v2", 0)),
        recipe -> recipe.withoutBackbones().backbone("mobilenet_v2", Weights.untrained("mobilenet_v2", 1)),
        recipe -> recipe.split(Split.none()),
        recipe -> recipe.split(Split.stratified(0.25)),
        recipe -> recipe.train(resize(64), centerCrop(60)),
        recipe -> recipe.evaluate(resize(64), centerCrop(60)),
        recipe -> recipe.optimizer(Optimizer.adamW(1e-4)),
        recipe -> recipe.optimizer(Optimizer.adamW(1e-3).weightDecay(0)),
        recipe -> recipe.optimizer(new AdamW(1e-3, 0.8, 0.999, 1e-8, 0.01, false)),
        recipe -> recipe.optimizer(new AdamW(1e-3, 0.9, 0.99, 1e-8, 0.01, false)),
        recipe -> recipe.optimizer(new AdamW(1e-3, 0.9, 0.999, 1e-6, 0.01, false)),
        recipe -> recipe.schedule(Schedule.cosine(6)),
        recipe -> recipe.epochs(3),
        recipe -> recipe.batch(9),
        recipe -> recipe.seed(1),
        recipe -> recipe.precision(Precision.BFLOAT16));

    @Test
    void whateverChangesTheHashDoes() {
        Recipe recipe = Small.recipe();
        String text = recipe.toString();
        Set<String> hashes = new HashSet<>(Set.of(recipe.hash()));
        for (int i = 0; i < CHANGES.size(); i++) {
            assertTrue(hashes.add(CHANGES.get(i).apply(recipe).hash()), "change " + i);
        }
        assertEquals(text, recipe.toString(), "the recipe itself is as it was");
        assertTrue(recipe.hash().matches("[0-9a-f]{8}"));
        assertTrue(text.lines().findFirst().orElseThrow().endsWith(", " + recipe.hash()), text);
    }

    @Test
    void nothingCanBeAddedFromOutside() {
        Recipe.Member member = Small.recipe().members().get(0);
        for (Recipe recipe : List.of(Small.recipe(), Small.joined(), Small.withoutBackbone(Small.pictures()))) {
            assertThrows(UnsupportedOperationException.class, () -> recipe.members().add(member));
        }
    }

    @Test
    void itsJsonIsTheSameEveryTime() {
        assertEquals(Small.joined().toJson(), Small.joined().toJson());
        assertEquals(Small.joined().hash(), Small.joined().hash());
    }

    @Test
    void theHashKnowsThePicturesAndNotWhereTheyLie(@TempDir Path folder) throws IOException {
        Path here = copy(folder.resolve("here/set"));
        Path there = copy(folder.resolve("there/deeper/set"));
        String hash = Small.recipe(ImageFolder.of(here)).hash();
        assertEquals(hash, Small.recipe(ImageFolder.of(there)).hash());
        assertEquals(hash, Small.recipe(ImageFolder.of(there.resolve("kiwi/.."))).hash());
        Files.move(there.resolve("kiwi/0.jpg"), there.resolve("lemon/9.jpg"));
        assertNotEquals(hash, Small.recipe(ImageFolder.of(there)).hash());
        Files.write(here.resolve("kiwi/0.jpg"), new byte[77]);
        assertNotEquals(hash, Small.recipe(ImageFolder.of(here)).hash());
        ImageFolder listed = ImageFolder.of(here);
        Files.delete(here.resolve("kiwi/0.jpg"));
        assertTrue(assertThrows(InputException.class, () -> Small.recipe(listed).hash()).getMessage().contains("0.jpg is gone"));
    }

    private static Path copy(Path to) throws IOException {
        for (String name : List.of("kiwi", "lemon")) {
            Files.createDirectories(to.resolve(name));
            for (int i = 0; i < 2; i++) {
                Files.copy(ImageFolder.of("builtin:groceries12").root().resolve("train").resolve(name).resolve(i + ".jpg"), to.resolve(name).resolve(i + ".jpg"));
            }
        }
        return to;
    }

    @Test
    void everyRecipeComesBackFromItsJson() {
        Recipe recipe = Small.recipe();
        List<Recipe> recipes = new ArrayList<>(CHANGES.stream().map(change -> change.apply(recipe)).toList());
        recipes.add(Small.joined());
        for (Recipe one : recipes) {
            JsonObject written = JsonParser.parseString(new GsonBuilder().setPrettyPrinting().create().toJson(one.toJson())).getAsJsonObject();
            Recipe read = Recipe.fromJson(written, one.data(), Map.of());
            assertEquals(one.toString(), read.toString());
            assertEquals(one.hash(), read.hash());
        }
    }

    @Test
    void weightsFromAFileComeBackFromIt(@TempDir Path folder) {
        Path file = folder.resolve("some.safetensors");
        new StateDict("some").put("a", StateTensor.of(new float[2], 2)).writeSafetensors(file, Map.of());
        Recipe recipe = Small.recipe().withoutBackbones().backbone("resnet18", Weights.file("resnet18", file));
        assertEquals(Map.of("resnet18", file), recipe.files());
        assertEquals(recipe.hash(), Recipe.fromJson(recipe.toJson(), recipe.data(), recipe.files()).hash());
        for (Recipe taught : List.of(Small.recipe().teacher("resnet18", Weights.file("resnet18", file)), Small.recipe().teacher(recipe))) {
            assertEquals(taught.hash(), Recipe.fromJson(taught.toJson(), taught.data(), taught.files()).hash());
        }
        assertRefused("no weights some.safetensors", recipe.toJson(), recipe.data(), Map.of());
        String hash = recipe.hash();
        new StateDict("some").put("a", StateTensor.of(new float[3], 3)).writeSafetensors(file, Map.of());
        assertRefused("put the former file back", recipe.toJson(), recipe.data(), Map.of("resnet18", file));
        assertEquals(hash, recipe.hash());
    }

    /** A teacher must not learn from what its pupil is judged by, and what is trained for one recipe is not trained again for the next. */
    @Test
    void aTeachersRecipeHasItsPupilsPicturesSplitAndSeed() throws Exception {
        Recipe teacher = Small.withoutBackbone(Small.pictures()).backbone("resnet18", Weights.untrained("resnet18", 1)).epochs(1);
        Recipe pupil = Small.recipe().loss(Loss.hardDistillation()).teacher(teacher);
        Recipe other = pupil.split(Split.stratified(0.3)).seed(7).data(ImageFolder.of("builtin:groceries12").first(4));
        assertEquals(teacher.split(other.split()).seed(7).data(other.data()).hash(), other.lesson.hash());
        assertTrue(other.toString().contains("trained by recipe " + other.lesson.hash()), other.toString());
        assertNotEquals(pupil.hash(), pupil.teacher(teacher.epochs(2)).hash());
        assertEquals(other.hash(), Recipe.fromJson(other.toJson(), other.data(), Map.of()).hash());
        assertEquals(List.of("mobilenet_v2", "resnet18"), other.backbones());
        assertEquals(Small.recipe().hash(), pupil.withoutTeacher().loss(Loss.crossEntropy()).hash());
        assertSame(pupil.teacher, pupil.epochs(5).data(Small.pictures()).split(pupil.split()).teacher);
        StateTensor weights = trained(pupil.teacher);
        assertSame(weights, trained(pupil.teacher));
        assertEquals(12, pupil.teacher.weights().classes(Progress.SILENT));
        assertTrue(assertThrows(InputException.class, () -> pupil.teacher(teacher.head(Head.mlp(8, 0)))).getMessage().contains("one with a linear head"));
    }

    private static StateTensor trained(Recipe.Member teacher) throws InterruptedException {
        return teacher.weights().load(Backbones.create(teacher.backbone(), 12), true, Progress.SILENT).get("fc.weight");
    }

    private static void assertRefused(String words, JsonObject json, ImageFolder data, Map<String, Path> files) {
        String sentence = assertThrows(InputException.class, () -> Recipe.fromJson(json, data, files), json.toString()).getMessage();
        assertTrue(sentence.contains(words) && !sentence.contains("\n"), sentence);
    }

    @Test
    void jsonThatIsNoRecipeIsRefused() {
        Recipe recipe = Small.recipe();
        JsonObject good = recipe.toJson();
        assertRefused("it is no recipe", new JsonObject(), recipe.data(), Map.of());
        assertRefused("are not those of the recipe", good, ImageFolder.of("builtin:groceries12").first(2), Map.of());
        for (String key : good.keySet()) {
            JsonObject bad = good.deepCopy();
            bad.remove(key);
            assertRefused("", bad, recipe.data(), Map.of());
            bad.add(key, JsonNull.INSTANCE);
            assertRefused("", bad, recipe.data(), Map.of());
            bad.addProperty(key, "nonsense");
            if (!key.equals("experiment")) {
                assertRefused("", bad, recipe.data(), Map.of());
            }
        }
        for (String[] change : new String[][] {
            {"\"epochs\":2", "\"epochs\":0", "epochs is 0; it has to be 1 or more"},
            {"\"epochs\":2", "\"epochs\":1.5", "its epochs: it cannot be 1.5; a whole number would be right"},
            {"\"precision\":\"float32\"", "\"precision\":\"float8\"", "its precision: there is no Precision called float8; float32, bfloat16 would be right"},
            {"\"weightDecay\":0.01", "\"decay\":0.01", "its optimizer: AdamW has no argument decay"},
            {"\"weightDecay\":0.01", "\"weightDecay\":\"much\"", "its optimizer: weightDecay of AdamW cannot be \"much\"; a number would be right"},
            {"BUILTIN", "OTHER", "no weights OTHER a00c9c3d of mobilenet_v2 are known"},
            {"\"seed\":0", "\"seed\":0,\"colour\":1", "it is not as this version of Graft writes it"}}) {
            String text = good.toString().replace(change[0], change[1]);
            assertNotEquals(good.toString(), text, change[0]);
            assertRefused(change[2], JsonParser.parseString(text).getAsJsonObject(), recipe.data(), Map.of());
        }
    }

    @Test
    void impossibleNumbersAndNamesAreRefused() {
        Recipe recipe = Small.recipe();
        assertEquals("--epochs is 0; it has to be 1 or more", assertThrows(InputException.class, () -> recipe.epochs(0)).getMessage());
        assertEquals("the batch size is -1; it has to be 1 or more", assertThrows(InputException.class, () -> recipe.batch(-1)).getMessage());
        assertThrows(InputException.class, () -> recipe.backbone("resnet51", recipe.members().get(0).weights()));
    }
}
