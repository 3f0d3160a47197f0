package graft.oracle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.torch.DType;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The reference values of one architecture: {@code oracle/models}, from {@code make_models.py} (torchvision 0.29.2, timm 1.0.31, float64). For
 * efficientnet_b0 at 192 pixels and for b1 to b4 its grid of variances was made finer (0.75 to 0.28): with the coarse one their logits
 * are noise in float32 already.
 */
public final class Reference {
    /** A part's output: its shape, the mean of its numbers, the mean of their absolute values, and the first of them. */
    public record Stage(List<Long> shape, double mean, double meanAbsolute, double first) { }

    private final JsonObject json;

    private Reference(JsonObject json) {
        this.json = json;
    }

    /** The values of a torchvision or timm model at 224 pixels. */
    public static Reference of(String name) {
        return of(name, 224);
    }

    /** The values of a torchvision or timm model at another size. */
    public static Reference of(String name, int size) {
        for (String source : List.of("torchvision", "timm")) {
            Path file = folder().resolve(source + "." + name + "_" + size + ".json");
            if (Files.exists(file)) {
                return read(file);
            }
        }
        throw new AssertionError("oracle/models has no " + name + " at " + size);
    }

    /** All that there are: copied here, and those of {@code ../shared/oracle/models} beside them where that is to be had. */
    public static List<Reference> all() throws IOException {
        Map<String, Path> files = new TreeMap<>();
        for (Path folder : Shared.file("oracle/models").map(shared -> List.of(shared, folder())).orElse(List.of(folder()))) {
            try (Stream<Path> found = Files.list(folder)) {
                found.filter(file -> file.toString().endsWith(".json")).forEach(file -> files.put(file.getFileName().toString(), file));
            }
        }
        return files.values().stream().map(Reference::read).toList();
    }

    private static Path folder() {
        try {
            return Path.of(Reference.class.getResource("/oracle/models").toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Reference read(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return new Reference(JsonParser.parseReader(reader).getAsJsonObject());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** torchvision's or timm's name. */
    public String name() {
        return json.get("name").getAsString();
    }

    /** What the reference's parts give, by their paths. */
    public Map<String, Stage> stages() {
        Map<String, Stage> stages = new LinkedHashMap<>();
        for (JsonElement element : json.getAsJsonArray("stages")) {
            JsonArray row = element.getAsJsonArray();
            List<Long> shape = row.get(1).getAsJsonArray().asList().stream().map(JsonElement::getAsLong).toList();
            stages.put(row.get(0).getAsString(), new Stage(shape, row.get(2).getAsDouble(), row.get(3).getAsDouble(), row.get(4).getAsDouble()));
        }
        return stages;
    }

    /** Reads as {@code resnet50 at 224}. */
    @Override
    public String toString() {
        return name() + " at " + size();
    }

    /** The weights that the reference was computed with. */
    public StateDict weights(Module module) {
        return weights(module, json.get("variance").getAsDouble(), json.get("gain").getAsDouble());
    }

    /** Weights by the formula for any module. */
    public static StateDict weights(Module module, double variance, double gain) {
        StateDict state = new StateDict("formula");
        module.state().forEach((name, entry) -> {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            state.put(name, entry.value() != null ? entry.value() : entry.type() == DType.INT64 ? StateTensor.of(new long[] {0})
                : StateTensor.of(Formula.stateTensor(name, shape, variance, gain), shape));
        });
        return state;
    }

    /** Height and width of its picture. */
    public int size() {
        return json.getAsJsonArray("input").get(3).getAsInt();
    }

    public List<Float> mean() {
        return json.getAsJsonArray("mean").asList().stream().map(JsonElement::getAsFloat).toList();
    }

    public List<Float> std() {
        return json.getAsJsonArray("std").asList().stream().map(JsonElement::getAsFloat).toList();
    }

    /** How far the reference itself is off under bfloat16 autocast, relative to its largest logit. */
    public double bfloat16Error() {
        return json.get("bfloat16_error").getAsDouble();
    }

    /**
     * How far bfloat16 logits may be off. Where the reference itself is off by more than 5 % there is no telling: efficientnet_b0 with
     * these weights at 224 pixels changes by 19 % when nothing but its picture is rounded.
     */
    public double bfloat16Tolerance() {
        return bfloat16Error() > 5e-2 ? Double.POSITIVE_INFINITY : Math.max(3e-2, 2 * bfloat16Error());
    }

    /** The names and shapes of the state dict, in order: {@code conv1.weight [64,3,7,7]}. */
    public List<String> state() {
        return json.getAsJsonArray("state").asList().stream().map(JsonElement::getAsJsonArray).map(pair -> pair.get(0).getAsString() + " " + pair.get(1)).toList();
    }

    public long parameterCount() {
        return json.get("parameters").getAsLong();
    }

    /** The picture that the reference was computed for: unsigned bytes {@code [size, size, 3]}. */
    public ByteBuffer pixels() {
        byte[] pixels = Formula.image(size(), size(), "image");
        return ByteBuffer.allocateDirect(pixels.length).put(pixels).flip();
    }

    /** The same, normalised: {@code [3, size, size]}. */
    public float[] picture() {
        byte[] pixels = Formula.image(size(), size(), "image");
        int area = size() * size();
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            int colour = i / area;
            values[i] = (float) (((pixels[i % area * 3 + colour] & 0xff) / 255.0 - json.getAsJsonArray("mean").get(colour).getAsDouble())
                / json.getAsJsonArray("std").get(colour).getAsDouble());
        }
        return values;
    }

    public double[] logits() {
        return json.getAsJsonArray("logits").asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
    }

    /** The L2 norm of each parameter's gradient of cross-entropy with label 7, in evaluation mode. */
    public Map<String, Double> gradientNorms() {
        Map<String, Double> norms = new LinkedHashMap<>();
        json.getAsJsonObject("gradient_norms").entrySet().forEach(entry -> norms.put(entry.getKey(), entry.getValue().getAsDouble()));
        return norms;
    }

    /** The largest difference, relative to the largest reference logit. */
    public static double relativeError(double[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new AssertionError(actual.length + " logits where " + expected.length + " are expected");
        }
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        }
        return worst / largest;
    }
}
