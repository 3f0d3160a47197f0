package graft.torch;

import java.util.function.Predicate;

/**
 * Which parameters a network learns. The others keep their numbers and have no gradient; a part that learns nothing computes as in evaluation, in
 * training too: it drops nothing, and its batch norms use the statistics that they have.
 *
 * @param names asked for each parameter's state-dict name
 */
record Learned(Predicate<String> names) {
    static final Learned ALL = new Learned(name -> true);

    boolean parameter(Module.Ref ref) {
        return ref.trains() && names.test(ref.fullName());
    }

    /** Whether the module has parameters and learns none of them. */
    boolean nothingOf(Module module) {
        String prefix = module.path().isEmpty() ? "" : module.path() + ".";
        boolean any = false;
        for (var entry : module.state().entrySet()) {
            if (entry.getValue().trains()) {
                if (names.test(prefix + entry.getKey())) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    /** How many numbers of a network learn. */
    long count(Module root) {
        return root.state().entrySet().stream().filter(entry -> entry.getValue().trains() && names.test(entry.getKey())).mapToLong(entry -> entry.getValue().count()).sum();
    }

    /** Whether a batch norm learns: in training its output then depends on the whole batch. */
    boolean batchNormOf(Module module) {
        return module instanceof Layers.BatchNorm ? !nothingOf(module) : module.children().values().stream().anyMatch(this::batchNormOf);
    }
}
