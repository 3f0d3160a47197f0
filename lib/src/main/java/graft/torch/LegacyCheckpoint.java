package graft.torch;

import graft.InputException;
import graft.torch.TensorRef.StorageRef;
import graft.torch.TensorRef.Unfit;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code torch.save} wrote before PyTorch 1.6 and still writes on request: pickles of a magic number, a protocol
 * version, the machine's byte order, the object and the list of storage keys, then for each key the number of elements
 * (int64) and the elements. After {@code torch/serialization.py}, {@code _legacy_save}.
 */
final class LegacyCheckpoint {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int PROTOCOL = 1001;
    private static final long MAX_PICKLES = 64 << 20;

    private final MappedFile file;
    /** Where each storage's number of elements lies. */
    private final Map<String, Long> places = new HashMap<>();

    private LegacyCheckpoint(MappedFile file) {
        this.file = file;
    }

    static Map<String, StateTensor> read(MappedFile file) {
        MappedFile.Cursor cursor = file.cursor(0, Math.min(file.size(), MAX_PICKLES));
        TensorUnpickler pickles = new TensorUnpickler(cursor, file.name(), false);
        if (!MAGIC.equals(pickles.next()) || !Integer.valueOf(PROTOCOL).equals(pickles.next())) {
            throw new InputException("%s is a pickle, but not one that torch.save wrote".formatted(file.name()));
        }
        if (!(pickles.next() instanceof Map<?, ?> system) || !Boolean.TRUE.equals(system.get("little_endian"))) {
            throw new InputException("%s was written on a big-endian machine, whose numbers are not read here"
                    .formatted(file.name()));
        }
        Object root = pickles.next();
        LegacyCheckpoint checkpoint = new LegacyCheckpoint(file);
        checkpoint.locate(pickles.next(), pickles.storages(), cursor.position());
        return Checkpoint.tensors(root, checkpoint::range, file.name());
    }

    private void locate(Object keys, Map<String, StorageRef> storages, long begin) {
        long position = begin;
        if (!(keys instanceof List<?> list)) {
            throw damaged("its list of storages is none");
        }
        for (Object key : list) {
            StorageRef storage = storages.get(key);
            if (storage == null || places.put(storage.key(), position) != null) {
                throw damaged("it lists a storage that no tensor has, or lists one twice");
            }
            if (position > file.size() - 8) {
                throw damaged("it ends before its storage " + key);
            }
            long count = file.range(position, 8).getLong();
            position += 8;
            int size = storage.dtype().size();
            if (count != storage.total() || count < 0 || count > (file.size() - position) / size) {
                throw damaged("its storage %s should have %d elements, and has %d in a file of %d bytes"
                        .formatted(key, storage.total(), count, file.size()));
            }
            position += count * size;
        }
    }

    private InputException damaged(String reason) {
        return new InputException("%s is damaged or incomplete: %s".formatted(file.name(), reason));
    }

    private StateTensor.Elements range(StorageRef storage, long first, long count) throws Unfit {
        Long place = places.get(storage.key());
        if (place == null) {
            throw new Unfit("has no data: storage %s is missing", storage.key());
        }
        int size = storage.dtype().size();
        return file.elements(place + 8 + first * size, count * size);
    }
}
