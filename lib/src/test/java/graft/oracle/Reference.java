package graft.oracle;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.torch.DType;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The reference values of one architecture: {@code oracle/models}, from {@code make_models.py} (torchvision 0.29.2, float64). */
public final class Reference {
    private final JsonObject json;

    private Reference(JsonObject json) {
        this.json = json;
    }

    /** The values of a torchvision model at 224 pixels. */
    public static Reference of(String name) {
        try (Reader reader = new InputStreamReader(Reference.class.getResourceAsStream("/oracle/models/torchvision." + name + "_224.json"), StandardCharsets.UTF_8)) {
            return new Reference(JsonParser.parseReader(reader).getAsJsonObject());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
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
            state.put(name, entry.type() == DType.INT64 ? StateTensor.of(new long[] {0}) : StateTensor.of(Formula.stateTensor(name, shape, variance, gain), shape));
        });
        return state;
    }

    /** The picture that the reference was computed for, normalised: {@code [3, size, size]}. */
    public static float[] picture(int size) {
        double[] mean = {0.485, 0.456, 0.406};
        double[] std = {0.229, 0.224, 0.225};
        byte[] pixels = Formula.image(size, size, "image");
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            int colour = i / (size * size);
            values[i] = (float) (((pixels[i % (size * size) * 3 + colour] & 0xff) / 255.0 - mean[colour]) / std[colour]);
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
