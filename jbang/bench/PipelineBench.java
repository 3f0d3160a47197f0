///usr/bin/env jbang "$0" "$@" ; exit $?
//DEPS graft:graft:0.1.0

import com.google.gson.JsonObject;
import graft.augment.Batch;
import graft.augment.Pipeline;
import graft.data.DecodedCache;
import graft.data.Picture;
import graft.data.PictureFile;
import graft.data.PictureSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import static graft.augment.Keyword.translate;
import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.colorJitter;
import static graft.augment.Transforms.randAugment;
import static graft.augment.Transforms.randomAffine;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomErasing;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.randomRotation;
import static graft.augment.Transforms.resize;

/**
 * Pictures per second, on one thread, from JPEG file to the float tensor of a network ({@code [3, height, width]}, normalised), for three experiments' pipelines: decoded
 * each time, and from a decoded cache that an earlier epoch filled. Decoding alone is measured too.
 *
 * <p>{@code taskset -c 0 environment/jbang jbang/bench/PipelineBench.java DIR [COUNT] [PIPELINE…]}: the first COUNT (400) .jpg files below DIR; eval224, swin224
 * and vit512 where no name is given. Prints a line of JSON for each: the median of three rounds, after two or more that warm up for five seconds.
 */
class PipelineBench {
    private static final List<Float> MEAN = List.of(0.485f, 0.456f, 0.406f);
    private static final List<Float> STD = List.of(0.229f, 0.224f, 0.225f);
    private static final Map<String, Pipeline> PIPELINES = new TreeMap<>(Map.of(
        "eval224", Pipeline.of(resize(256), centerCrop(224)),
        "vit512", Pipeline.of(resize(512), randomCrop(512, true), randomHorizontalFlip(0.4), randAugment(2, 7), randomRotation(10), colorJitter(0.2, 0.2, 0.5, 0.2),
            randomAffine(15, translate(0.1, 0.1))),
        "swin224", Pipeline.of(randomResizedCrop(224), randomHorizontalFlip(), randomRotation(15), randomErasing(0.25))));

    private static final long WARM_UP_NANOS = 5_000_000_000L;

    interface Work {
        void run(Picture picture, int epoch) throws Exception;
    }

    public static void main(String... args) throws Exception {
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 400;
        List<Picture> pictures;
        try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
            pictures = files.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(count).map(file -> new Picture(file, file.toString(), 0)).toList();
        }
        measure("decode", "files", pictures, (picture, epoch) -> PictureFile.read(picture.file()));
        for (String name : args.length > 2 ? List.of(args).subList(2, args.length) : PIPELINES.keySet()) {
            Pipeline pipeline = PIPELINES.get(name);
            measure(name, "files", pictures, (picture, epoch) -> tensor(pipeline, picture, epoch, PictureSource.FILES));
            Path folder = Files.createTempDirectory("pipeline-bench");
            try (DecodedCache cache = DecodedCache.of(folder, 4L << 30)) {
                measure(name, "cache", pictures, (picture, epoch) -> tensor(pipeline, picture, epoch, cache));
            } finally {
                try (Stream<Path> all = Files.walk(folder)) {
                    for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(one);
                    }
                }
            }
        }
    }

    private static float tensor(Pipeline pipeline, Picture picture, int epoch, PictureSource source) throws Exception {
        return Batch.of(List.of(pipeline.view(picture, 1, epoch, source)), List.of(0), 1, MEAN, STD).pixels()[0];
    }

    private static void measure(String pipeline, String source, List<Picture> pictures, Work work) throws Exception {
        int epoch = 0;
        for (long begin = System.nanoTime(); epoch < 2 || System.nanoTime() - begin < WARM_UP_NANOS; epoch++) {
            round(pictures, work, epoch);
        }
        double[] rates = new double[3];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = round(pictures, work, epoch + i);
        }
        Arrays.sort(rates);
        JsonObject json = new JsonObject();
        json.addProperty("pipeline", pipeline);
        json.addProperty("source", source);
        json.addProperty("pictures", pictures.size());
        json.addProperty("pictures_per_second_per_core", Math.round(rates[1] * 10) / 10.0);
        json.addProperty("java", System.getProperty("java.runtime.version"));
        System.out.println(json);
    }

    /** All pictures once; how many a second. */
    private static double round(List<Picture> pictures, Work work, int epoch) throws Exception {
        long start = System.nanoTime();
        for (Picture picture : pictures) {
            work.run(picture, epoch);
        }
        return pictures.size() * 1e9 / (System.nanoTime() - start);
    }
}
