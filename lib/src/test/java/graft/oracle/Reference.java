package graft.oracle;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.torch.DType;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reference values of one architecture: {@code oracle/models}, from {@code make_models.py} (torchvision 0.29.2, timm 1.0.31, float64). */
public final class Reference {
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
            InputStream resource = Reference.class.getResourceAsStream("/oracle/models/" + source + "." + name + "_" + size + ".json");
            if (resource != null) {
                try (Reader reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
                    return new Reference(JsonParser.parseReader(reader).getAsJsonObject());
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
            }
        }
        throw new AssertionError("oracle/models has no " + name + " at " + size);
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
