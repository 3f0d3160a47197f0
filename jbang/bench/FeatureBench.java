///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0
//SOURCES Machine.java

import com.google.gson.JsonObject;
import graft.Progress;
import graft.augment.Pipeline;
import graft.augment.Transforms;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.MultiplyAdds;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Picture;
import graft.torch.Precision;
import graft.train.Features;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Pictures per second from JPEG files to the features of a frozen backbone, weights loaded before the clock starts; and which part of
 * this machine's arithmetic that is, measured by a matrix product 2560×2560×2560 in the same precision.
 *
 * <p>{@code environment/jbang jbang/bench/FeatureBench.java DIR BACKBONE WEIGHTS float32|bfloat16 [COUNT]}: the first COUNT (1200)
 * .jpg files below DIR. Prints one line of JSON.
 */
class FeatureBench {
    public static void main(String... arguments) throws Exception {
        String name = arguments[1];
        Precision precision = Precision.of(arguments[3]);
        int count = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 1200;
        List<Picture> pictures;
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            pictures = files.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(count).map(file -> new Picture(file, file.toString(), 0)).toList();
        }
        double ceiling = Machine.product(precision);
        Backbone backbone = Backbones.create(name, 1000);
        Pretrained preprocessing = Pretrained.of(name);
        Weights weights = Weights.file(name, Path.of(arguments[2]));
        Pipeline pipeline = Pipeline.of(Transforms.resize(256), Transforms.centerCrop(224));
        double rate;
        try (Features features = new Features(backbone, weights.load(backbone, false, Progress.SILENT), precision, preprocessing.mean(), preprocessing.std())) {
            features.of(pictures.subList(0, Math.min(32, pictures.size())), pipeline, 0, 0, Progress.SILENT);
            List<Picture> rest = pictures.subList(Math.min(32, pictures.size()), pictures.size());
            long start = System.nanoTime();
            features.of(rest, pipeline, 0, 0, Progress.SILENT);
            rate = rest.size() / ((System.nanoTime() - start) / 1e9);
        }
        double operations = 2 * MultiplyAdds.of(name, 224).orElse(Double.NaN);
        JsonObject json = new JsonObject();
        json.addProperty("model", name);
        json.addProperty("precision", precision.toString());
        json.addProperty("pictures", pictures.size());
        json.addProperty("pictures_per_second", Machine.rounded(rate, 2));
        json.addProperty("gigaflops", Math.round(rate * operations));
        json.addProperty("product_gigaflops", Math.round(ceiling));
        json.addProperty("of_product", Machine.rounded(rate * operations / ceiling, 3));
        json.addProperty("peak_mib", Machine.peakMib());
        System.out.println(json);
    }
}
