package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.oracle.Formula;
import graft.torch.FrozenProgram;
import graft.torch.Module;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One suite over all backbones, against reference values made by torchvision from formula weights
 * ({@code oracle/models}, from {@code make_models.py}: torchvision 0.29.2, float64).
 */
class BackboneTest {
    private static JsonObject reference(String name) throws Exception {
        try (Reader reader = new InputStreamReader(BackboneTest.class.getResourceAsStream("/oracle/models/torchvision." + name + "_224.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }

    static StateDict formulaWeights(Module module, JsonObject reference) {
        StateDict state = new StateDict("formula");
        module.state().forEach((name, entry) -> {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            state.put(name, entry.type() == graft.torch.DType.INT64 ? StateTensor.of(new long[] {0})
                : StateTensor.of(Formula.stateTensor(name, shape, reference.get("variance").getAsDouble(), reference.get("gain").getAsDouble()), shape));
        });
        return state;
    }

    private static List<Double> doubles(JsonElement array) {
        List<Double> values = new ArrayList<>();
        array.getAsJsonArray().forEach(value -> values.add(value.getAsDouble()));
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "resnet50", "resnet101"})
    void stateDictIsTheReferences(String name) throws Exception {
        JsonObject reference = reference(name);
        Backbone backbone = Backbones.create(name, 1000);
        List<String> expected = new ArrayList<>();
        for (JsonElement entry : reference.getAsJsonArray("state")) {
            JsonArray pair = entry.getAsJsonArray();
            expected.add(pair.get(0).getAsString() + " " + pair.get(1));
        }
        List<String> actual = new ArrayList<>();
        backbone.state().forEach((key, entry) -> actual.add(key + " " + entry.shape().toString().replace(" ", "")));
        assertEquals(expected, actual);
        assertEquals(reference.get("parameters").getAsLong(), backbone.parameterCount());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "resnet50", "resnet101"})
    void frozenLogitsAreTheReferences(String name) throws Exception {
        JsonObject reference = reference(name);
        Backbone backbone = Backbones.create(name, 1000);
        StateDict state = formulaWeights(backbone, reference);
        double[] errors = new double[2];
        for (Precision precision : Precision.values()) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(224 * 224 * 3).put(Formula.image(224, 224, "image")).flip();
            try (FrozenProgram program = FrozenProgram.compile(backbone::of, state, precision, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f))) {
                errors[precision.ordinal()] = relativeError(doubles(reference.get("logits")), program.run(pixels, 1, 224, 224)[0]);
            }
        }
        System.out.printf("%s logits, relative to the largest: float32 %.1e, bfloat16 %.1e%n", name, errors[0], errors[1]);
        assertTrue(errors[0] < 1e-4, "float32 " + errors[0]);
        assertTrue(errors[1] < 3e-2, "bfloat16 " + errors[1]);
    }

    private static double relativeError(List<Double> expected, float[] actual) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
            worst = Math.max(worst, Math.abs(expected.get(i) - actual[i]));
        }
        assertEquals(expected.size(), actual.length);
        return worst / largest;
    }
}
