package graft.train;

import graft.data.Cache;
import graft.torch.Precision;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What frozen backbones make of pictures, for several trainings: recipes that differ in head, loss, learning rate, schedule or folds, but see the same views of the same pictures
 * through the same backbone, compute them once. Rows that do not fit into a quarter of Java's heap, all backbones together, lie on disk.
 */
public final class SharedFeatures implements AutoCloseable {
    private record Source(Path data, String backbone, String weights, Precision precision) { }

    private final FeatureStore store = new FeatureStore(Cache.folder().resolve("features"));
    private final Map<Source, Features> known = new HashMap<>();

    /** Features of a recipe's frozen backbone. @param make computes them, and keeps them in the store that it is given */
    Features of(Recipe recipe, Recipe.Member member, Function<FeatureStore, Features> make) {
        return known.computeIfAbsent(new Source(recipe.data().root(), member.backbone(), member.weights().name(), recipe.precision()), source -> make.apply(store));
    }

    @Override
    public void close() {
        known.values().forEach(Features::close);
        store.close();
    }
}
