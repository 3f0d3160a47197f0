package graft.train;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Small;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.torch.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
    void impossibleNumbersAndNamesAreRefused() {
        Recipe recipe = Small.recipe();
        assertEquals("--epochs is 0; it has to be 1 or more", assertThrows(InputException.class, () -> recipe.epochs(0)).getMessage());
        assertEquals("the batch size is -1; it has to be 1 or more", assertThrows(InputException.class, () -> recipe.batch(-1)).getMessage());
        assertThrows(InputException.class, () -> recipe.backbone("resnet51", recipe.members().get(0).weights()));
    }
}
