///usr/bin/env jbang "$0" "$@" ; exit $?
//DEPS graft:graft:0.1.0

import com.google.gson.JsonObject;
import graft.Progress;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.DecodedCache;
import graft.data.Image;
import graft.data.Picture;
import graft.data.PictureSource;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Precision;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.resize;

/**
 * The share of a processor's time that goes to data (reading, decoding, transforming), and not to the network. The threads that run a frozen backbone decode its pictures
 * too, and none waits for another: what they spend on data is all that the network waits for.
 *
 * <p>{@code taskset -c 0 environment/jbang jbang/bench/DataShareBench.java DIR BACKBONE WEIGHTS float32|bfloat16 [COUNT]}: the first COUNT (400) .jpg files
 * below DIR, on one thread, eight at a time, as feature extraction does. Prints a line of JSON for the evaluation and for a training pipeline at 224, decoded each time and from a filled cache.
 */
class DataShareBench {
    private static final int MICRO_BATCH = 8;

    public static void main(String... arguments) throws Exception {
        Libtorch.oneThreadAnOperator();
        Precision precision = Precision.of(arguments[3]);
        int count = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 400;
        List<Picture> pictures;
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            pictures = files.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(count).map(file -> new Picture(file, file.toString(), 0)).toList();
        }
        Backbone backbone = Backbones.create(arguments[1], 1000);
        Pretrained preprocessing = Pretrained.of(arguments[1]);
        Path folder = Files.createTempDirectory("data-share-bench");
        try (DecodedCache cache = DecodedCache.of(folder, 4L << 30);
             FrozenProgram network = FrozenProgram.compile(backbone::features, Weights.file(arguments[1], Path.of(arguments[2])).load(backbone, false, Progress.SILENT),
                 precision, preprocessing.mean(), preprocessing.std())) {
            Pipeline evaluation = Pipeline.of(resize(256), centerCrop(224));
            Pipeline training = Pipeline.of(randomResizedCrop(224), randomHorizontalFlip());
            measure("evaluation", "files", evaluation, PictureSource.FILES, network, pictures, precision);
            measure("evaluation", "cache", evaluation, cache, network, pictures, precision);
            measure("training", "files", training, PictureSource.FILES, network, pictures, precision);
            measure("training", "cache", training, cache, network, pictures, precision);
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    /** An epoch that warms up and fills the cache, and one that counts. */
    private static void measure(String name, String from, Pipeline pipeline, PictureSource source, FrozenProgram network, List<Picture> pictures,
                                Precision precision) throws Exception {
        ByteBuffer pixels = ByteBuffer.allocateDirect(MICRO_BATCH * 224 * 224 * 3);
        long data = 0;
        long forward = 0;
        for (int epoch = 0; epoch < 2; epoch++) {
            data = 0;
            forward = 0;
            for (int first = 0; first + MICRO_BATCH <= pictures.size(); first += MICRO_BATCH) {
                long start = System.nanoTime();
                pixels.clear();
                for (Picture picture : pictures.subList(first, first + MICRO_BATCH)) {
                    Image view = pipeline.view(picture, 1, epoch, source);
                    pixels.put(view.pixels());
                }
                long between = System.nanoTime();
                network.run(pixels, MICRO_BATCH, 224, 224);
                data += between - start;
                forward += System.nanoTime() - between;
            }
        }
        int counted = pictures.size() / MICRO_BATCH * MICRO_BATCH;
        JsonObject json = new JsonObject();
        json.addProperty("pipeline", name);
        json.addProperty("source", from);
        json.addProperty("precision", precision.toString());
        json.addProperty("data_ms", Math.round(data / 1e3 / counted) / 1e3);
        json.addProperty("network_ms", Math.round(forward / 1e3 / counted) / 1e3);
        json.addProperty("data_share", Math.round(1000.0 * data / (data + forward)) / 1000.0);
        System.out.println(json);
    }
}
