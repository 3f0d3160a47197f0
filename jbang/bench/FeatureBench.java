///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import graft.Progress;
import graft.augment.Pipeline;
import graft.augment.Transforms;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Picture;
import graft.torch.Libtorch;
import graft.torch.Precision;
import graft.torch.Program;
import graft.train.Features;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pictures per second from JPEG files to the features of a frozen backbone, weights loaded before the clock starts; and which part of
 * this machine's arithmetic that is, measured by a matrix product 2560×2560×2560 in the same precision.
 *
 * <p>{@code environment/jbang jbang/bench/FeatureBench.java DIR BACKBONE WEIGHTS float32|bfloat16 [COUNT]}: the first COUNT (1200)
 * .jpg files below DIR. Prints one line of JSON.
 */
class FeatureBench {
    /** Multiplications and additions of one 224×224 picture, in billions: twice torchvision's published multiply-adds. */
    private static final Map<String, Double> GIGAFLOPS = Map.of("mobilenet_v2", 0.60, "resnet18", 3.63, "resnet34", 7.33, "resnet50", 8.18, "resnet101", 15.60);

    public static void main(String... arguments) throws Exception {
        String name = arguments[1];
        Precision precision = Precision.of(arguments[3]);
        int count = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 1200;
        List<Picture> pictures;
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            pictures = files.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(count).map(file -> new Picture(file, file.toString(), 0)).toList();
        }
        double ceiling = product(precision);
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
        JsonObject json = new JsonObject();
        json.addProperty("model", name);
        json.addProperty("precision", precision.toString());
        json.addProperty("pictures", pictures.size());
        json.addProperty("pictures_per_second", Math.round(rate * 100) / 100.0);
        json.addProperty("gigaflops", Math.round(rate * GIGAFLOPS.get(name)));
        json.addProperty("product_gigaflops", Math.round(ceiling));
        json.addProperty("of_product", Math.round(rate * GIGAFLOPS.get(name) / ceiling * 1000) / 1000.0);
        json.addProperty("peak_mib", peakMib());
        System.out.println(json);
    }

    /** Billions of operations a second of a matrix product on all processors, the best of seven. */
    private static double product(Precision precision) {
        String type = precision == Precision.FLOAT32 ? "6" : "15";
        String methods = "  def typed(self: __torch__.Program, x: Tensor) -> int:\n    self.x = x.to(" + type + ")\n    return 0\n"
            + "  def product(self: __torch__.Program, w: Tensor) -> Tensor:\n    return torch.sum(torch.matmul(self.x, torch.t(self.x)))\n";
        double best = 0;
        try (Program program = Program.of(methods, List.of("x")); NDManager manager = Libtorch.manager()) {
            NDArray x = manager.randomNormal(new Shape(2560, 2560));
            program.run("typed", Program.array(x));
            for (int i = 0; i < 7; i++) {
                long start = System.nanoTime();
                program.run("product", Program.array(x));
                best = Math.max(best, 2 * Math.pow(2560, 3) / (System.nanoTime() - start));
            }
        }
        return best;
    }

    private static long peakMib() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(-1);
    }
}
