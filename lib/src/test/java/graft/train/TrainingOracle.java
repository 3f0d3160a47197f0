package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** What PyTorch 2.15 gives: copied from the reference values' {@code oracle/training.json} (made by its {@code make_training.py}). */
final class TrainingOracle {
    private TrainingOracle() { }

    static JsonObject read() throws IOException {
        return read("training.json");
    }

    static JsonObject read(String file) throws IOException {
        try (Reader in = new InputStreamReader(TrainingOracle.class.getResourceAsStream("/oracle/" + file), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        }
    }

    static double[] doubles(JsonElement values) {
        return values.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
    }

    /** Equal within 1e-6 of each number; of 0.1 for smaller ones, which are what is left of numbers near 1. */
    static void assertClose(JsonElement expected, NDArray actual, String what) {
        double[] numbers = doubles(expected);
        float[] values = actual.toFloatArray();
        assertEquals(numbers.length, values.length, what);
        for (int i = 0; i < values.length; i++) {
            assertEquals(numbers[i], values[i], 1e-6 * Math.max(0.1, Math.abs(numbers[i])), what + ", number " + i);
        }
    }
}
