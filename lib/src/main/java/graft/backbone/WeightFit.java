package graft.backbone;

import graft.InputException;
import graft.torch.Module;
import graft.torch.StateDict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Whether a state dict holds what a backbone needs, entry by entry, as {@code load_state_dict(strict=True)} asks. */
public final class WeightFit {
    private WeightFit() { }

    /**
     * Checks names, shapes, and that floating-point numbers are where they are wanted. The head is left out of it where a new one replaces it. {@code num_batches_tracked}, which nothing
     * uses and which files before PyTorch 0.4.1 lack, may be missing.
     *
     * @param withHead whether the head has to fit as well
     * @throws InputException that counts what is missing, unexpected, misshapen or of another type, names the first of it, and says which backbone
     *     the weights do fit
     */
    public static void check(Backbone backbone, StateDict state, boolean withHead) {
        List<String> problems = problems(backbone, state, withHead);
        if (!problems.isEmpty()) {
            String others = Backbones.names().stream().filter(name -> !name.equals(backbone.backboneName()))
                .filter(name -> fits(name, state)).reduce((a, b) -> a + " and " + b)
                .map(name -> "; they fit " + name).orElse("");
            throw new InputException("the weights in " + state.source() + " do not fit " + backbone.backboneName() + ": " + String.join("; ", problems) + others);
        }
    }

    private static boolean fits(String name, StateDict state) {
        Backbone other = Backbones.create(name, 1000);
        return problems(other, other.adapted(state), false).isEmpty();
    }

    private static List<String> problems(Backbone backbone, StateDict state, boolean withHead) {
        Map<String, Module.Entry> wanted = backbone.state();
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        List<String> mistyped = new ArrayList<>();
        wanted.forEach((name, entry) -> {
            if (!withHead && backbone.isHead(name)) {
                return;
            }
            if (!state.contains(name)) {
                if (!name.endsWith(".num_batches_tracked") && entry.value() == null) {
                    missing.add(name);
                }
            } else if (!Arrays.equals(state.get(name).shape(), entry.shape().stream().mapToLong(Long::longValue).toArray())) {
                misshapen.add(name + " is " + shape(state.get(name).shape()) + " where " + entry.shape() + " is wanted");
            } else if (entry.value() == null && state.get(name).dtype().floating() != entry.type().floating()) {
                mistyped.add(name + " is " + state.get(name).dtype() + " where " + entry.type() + " is wanted");
            }
        });
        List<String> unexpected = state.names().stream().filter(name -> !wanted.containsKey(name)).toList();
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add(missing.size() + " of its " + wanted.size() + " entries are missing (the first: " + missing.get(0) + ")");
        }
        if (!misshapen.isEmpty()) {
            problems.add(misshapen.size() + " have another shape (the first: " + misshapen.get(0) + ")");
        }
        if (!mistyped.isEmpty()) {
            problems.add(mistyped.size() + " have another type (the first: " + mistyped.get(0) + ")");
        }
        if (!unexpected.isEmpty()) {
            problems.add(unexpected.size() + " are unexpected (the first: " + unexpected.get(0) + ")");
        }
        return problems;
    }

    private static String shape(long[] shape) {
        return LongStream.of(shape).boxed().toList().toString();
    }
}
