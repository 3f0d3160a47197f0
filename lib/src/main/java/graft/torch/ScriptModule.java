package graft.torch;

import graft.InputException;
import graft.torch.TensorRef.Storages;
import graft.torch.TensorRef.Unfit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The state dict of a TorchScript archive: every tensor among the attributes of its module and of the module's parts, by its path. Numbers that
 * follow from the module's shape and are no part of a state dict are among them; the archive's code, which would tell, is never looked at.
 */
final class ScriptModule {
    /** No network has as many; a pickle can say with few bytes that a part has parts that have parts, without end. */
    private static final int MOST_ATTRIBUTES = 100_000;
    private static final int LONGEST_PATH = 1000;

    /** An instance of a TorchScript class, of which only the attributes matter. */
    static final class Instance {
        private Map<?, ?> attributes = Map.of();

        void attributes(Map<?, ?> values) {
            attributes = Objects.requireNonNull(values);
        }
    }

    private final Storages storages;
    private final String file;
    private final Map<String, StateTensor> tensors = new LinkedHashMap<>();
    private int seen;

    private ScriptModule(Storages storages, String file) {
        this.storages = storages;
        this.file = file;
    }

    /** @throws InputException if there is no module, or one of its tensors is not in the file */
    static Map<String, StateTensor> tensors(Object root, Storages storages, String file) {
        if (!(root instanceof Instance module)) {
            throw new InputException("%s is a TorchScript archive, but holds no module".formatted(file));
        }
        ScriptModule all = new ScriptModule(storages, file);
        all.collect("", module);
        return all.tensors;
    }

    private void collect(String prefix, Instance module) {
        module.attributes.forEach((key, value) -> {
            String path = prefix + key;
            if (++seen > MOST_ATTRIBUTES || path.length() > LONGEST_PATH) {
                throw new InputException("%s is no network: it has more parts, or longer names, than any".formatted(file));
            }
            if (value instanceof Instance part) {
                collect(path + ".", part);
            } else if (value instanceof TensorRef tensor) {
                try {
                    tensors.put(path, tensor.resolve(storages));
                } catch (Unfit unfit) {
                    throw new InputException("%s is damaged: %s %s".formatted(file, path, unfit.getMessage()), unfit);
                }
            }
        });
    }
}
