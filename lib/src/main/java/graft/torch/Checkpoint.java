package graft.torch;

import graft.InputException;
import graft.torch.TensorRef.Storages;
import graft.torch.TensorRef.Unfit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the state dict in what {@code torch.save} was given: the object itself, or, where a training script saved it
 * beside its optimizer, epoch and arguments, its entry {@code model}, {@code state_dict} or {@code model_ema}.
 */
final class Checkpoint {
    private static final List<String> WRAPPED = List.of("model", "state_dict", "model_ema");
    /** What {@code torch.nn.DataParallel} puts before every name. */
    private static final String PARALLEL = "module.";

    private Checkpoint() { }

    /**
     * The state dict's entries in its order.
     *
     * @param root a pickle's content
     * @throws InputException if there is no state dict or one of its entries is no tensor or not in the file
     */
    static Map<String, StateTensor> tensors(Object root, Storages storages, String file) {
        Map<?, ?> entries = stateDict(root, file);
        boolean parallel = !entries.isEmpty() && entries.keySet().stream()
                .allMatch(name -> name instanceof String text && text.startsWith(PARALLEL));
        Map<String, StateTensor> tensors = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            if (!(key instanceof String name) || !(value instanceof TensorRef tensor)) {
                throw new InputException("%s holds no state dict: its entry %s is not a tensor".formatted(file, key));
            }
            try {
                tensors.put(parallel ? name.substring(PARALLEL.length()) : name, tensor.resolve(storages));
            } catch (Unfit unfit) {
                throw new InputException("%s is damaged: %s %s".formatted(file, name, unfit.getMessage()), unfit);
            }
        });
        return tensors;
    }

    private static Map<?, ?> stateDict(Object root, String file) {
        if (!(root instanceof Map<?, ?> map)) {
            throw new InputException("%s holds no state dict, that is, names and their tensors".formatted(file));
        }
        for (String name : WRAPPED) {
            if (map.get(name) instanceof Map<?, ?> wrapped) {
                return wrapped;
            }
        }
        return map;
    }
}
