///usr/bin/env jbang "$0" "$@" ; exit $?
//DEPS graft:graft:0.1.0

import graft.augment.Pipeline;
import graft.data.Image;
import graft.data.Picture;
import graft.data.PictureFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.resize;

/**
 * Pictures per second from JPEG file to the bytes that a network gets: decoding alone, with evaluation transforms (resize 256, centre crop 224) and with
 * training transforms, on one thread.
 *
 * <p>{@code jbang jbang/bench/PipelineBench.java DIR [COUNT]}: the first COUNT (400) .jpg files below DIR, the median of five rounds after two to warm up.
 */
class PipelineBench {
    interface Work {
        void run() throws Exception;
    }

    public static void main(String... args) throws Exception {
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 400;
        List<Picture> pictures;
        try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
            pictures = files.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(count).map(file -> new Picture(file, file.toString(), 0)).toList();
        }
        Pipeline evaluation = Pipeline.of(resize(256), centerCrop(224));
        Pipeline training = Pipeline.of(randomResizedCrop(224), randomHorizontalFlip());
        Image[] decoded = new Image[Math.min(50, pictures.size())];
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = PictureFile.read(pictures.get(i).file());
        }
        rate("decode", pictures.size(), () -> {
            for (Picture picture : pictures) {
                PictureFile.read(picture.file());
            }
        });
        rate("resize 256 + centre crop 224, decoded", 8 * decoded.length, () -> {
            for (int i = 0; i < 8 * decoded.length; i++) {
                evaluation.apply(decoded[i % decoded.length], null);
            }
        });
        rate("eval224", pictures.size(), () -> {
            for (Picture picture : pictures) {
                evaluation.view(picture, 1, 1);
            }
        });
        rate("train224 (random resized crop, flip)", pictures.size(), () -> {
            for (Picture picture : pictures) {
                training.view(picture, 1, 1);
            }
        });
    }

    private static void rate(String name, int pictures, Work work) throws Exception {
        double[] rates = new double[5];
        for (int round = -2; round < rates.length; round++) {
            long start = System.nanoTime();
            work.run();
            if (round >= 0) {
                rates[round] = pictures * 1e9 / (System.nanoTime() - start);
            }
        }
        Arrays.sort(rates);
        System.out.printf(Locale.ROOT, "%-40s %7.0f pictures/s%n", name, rates[rates.length / 2]);
    }
}
