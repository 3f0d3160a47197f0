package graft.torch;

import graft.InputException;
import graft.torch.TensorRef.Unfit;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * What {@code torch.save} writes since PyTorch 1.6: a ZIP file of {@code NAME/data.pkl}, {@code NAME/data/KEY} for each
 * storage and a few small entries, none compressed. {@code torch.jit.save}'s has {@code NAME/constants.pkl} and code beside them, which is left
 * alone, and {@code NAME/extra/FILE}.
 */
final class ZipCheckpoint {
    private static final long MAX_PICKLE = 64 << 20;
    private static final long MAX_TEXT = 16 << 20;

    private final MappedFile file;
    private final Map<String, ZipArchiveEntry> entries;
    private final String folder;

    private ZipCheckpoint(MappedFile file, Map<String, ZipArchiveEntry> entries) {
        this.file = file;
        this.entries = entries;
        List<String> pickles = entries.keySet().stream().filter(name -> name.matches("[^/]+/data\\.pkl")).toList();
        if (pickles.size() != 1) {
            throw new InputException("%s is a ZIP file, but not one that torch.save wrote: it has %s data.pkl"
                    .formatted(file.name(), pickles.isEmpty() ? "no" : "more than one"));
        }
        folder = pickles.get(0).replace("data.pkl", "");
    }

    /** @param texts where the extra files of an archive are put, by their names, as far as they are texts of at most 16 MiB */
    static Map<String, StateTensor> read(MappedFile file, Map<String, String> texts) {
        ZipCheckpoint checkpoint = new ZipCheckpoint(file, entries(file));
        checkpoint.checkByteOrder();
        ZipArchiveEntry pickle = checkpoint.entries.get(checkpoint.folder + "data.pkl");
        if (pickle.getSize() > MAX_PICKLE) {
            throw new InputException("%s is not a state dict: its data.pkl has %d bytes, and names and shapes need few"
                    .formatted(file.name(), pickle.getSize()));
        }
        long begin = pickle.getDataOffset();
        boolean script = checkpoint.entries.containsKey(checkpoint.folder + "constants.pkl");
        Object root = new TensorUnpickler(file.cursor(begin, begin + pickle.getSize()), file.name(), script).next();
        checkpoint.readTexts(texts);
        return script ? ScriptModule.tensors(root, checkpoint::range, file.name()) : Checkpoint.tensors(root, checkpoint::range, file.name());
    }

    private void readTexts(Map<String, String> texts) {
        String extra = folder + "extra/";
        entries.forEach((name, entry) -> {
            if (name.startsWith(extra) && entry.getSize() <= MAX_TEXT) {
                try {
                    texts.put(name.substring(extra.length()), StandardCharsets.UTF_8.newDecoder().decode(file.range(entry.getDataOffset(), entry.getSize())).toString());
                } catch (CharacterCodingException binary) {
                    // An extra file may be anything; what is no text is not ours.
                }
            }
        });
    }

    private static Map<String, ZipArchiveEntry> entries(MappedFile file) {
        Map<String, ZipArchiveEntry> entries = new HashMap<>();
        List<ZipArchiveEntry> inOrder = new ArrayList<>();
        try (ZipFile zip = ZipFile.builder().setPath(file.path()).get()) {
            zip.getEntries().asIterator().forEachRemaining(inOrder::add);
        } catch (ClosedByInterruptException interrupted) {
            throw MappedFile.unreadable(file.path(), interrupted);
        } catch (IOException | RuntimeException broken) {
            throw new InputException(("%s is damaged or incomplete: it begins as a ZIP file, but its directory at the end "
                    + "is missing or wrong").formatted(file.name()), broken);
        }
        inOrder.sort(Comparator.comparingLong(ZipArchiveEntry::getLocalHeaderOffset));
        long end = 0;
        for (ZipArchiveEntry entry : inOrder) {
            String name = entry.getName();
            long begin = entry.getDataOffset();
            boolean code = name.matches("[^/]+/code/.*"); // which PyTorch compresses; it is never read here
            long size = code ? entry.getCompressedSize() : entry.getSize();
            if (!code && (entry.getMethod() != ZipEntry.STORED || entry.getCompressedSize() != entry.getSize() || entry.getGeneralPurposeBit().usesEncryption())) {
                throw new InputException("%s is not as torch.save writes it: its entry %s is compressed or encrypted"
                        .formatted(file.name(), name));
            }
            if (entry.getLocalHeaderOffset() < end || begin < end
                    || size < 0 || size > file.size() - begin) {
                throw new InputException("%s is damaged: its entry %s overlaps another or lies outside of the file"
                        .formatted(file.name(), name));
            }
            if (entries.put(name, entry) != null) {
                throw new InputException("%s is damaged: it has two entries %s".formatted(file.name(), name));
            }
            end = begin + size;
        }
        return entries;
    }

    private void checkByteOrder() {
        ZipArchiveEntry entry = entries.get(folder + "byteorder");
        if (entry != null && entry.getSize() == 3
                && StandardCharsets.US_ASCII.decode(file.range(entry.getDataOffset(), 3)).toString().equals("big")) {
            throw new InputException("%s was written on a big-endian machine, whose numbers are not read here"
                    .formatted(file.name()));
        }
    }

    private StateTensor.Elements range(TensorRef.StorageRef storage, long first, long count) throws Unfit {
        ZipArchiveEntry entry = entries.get(folder + "data/" + storage.key());
        if (entry == null) {
            throw new Unfit("has no data: the entry data/%s is missing", storage.key());
        }
        int size = storage.dtype().size();
        if (entry.getSize() != Math.multiplyExact(storage.total(), (long) size)) {
            throw new Unfit("should have %d stored elements, and the entry data/%s has %d bytes",
                    storage.total(), storage.key(), entry.getSize());
        }
        return file.elements(entry.getDataOffset() + first * size, count * size);
    }
}
