package graft.train;

import com.google.gson.JsonArray;
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
        try (Reader in = new InputStreamReader(TrainingOracle.class.getResourceAsStream("/oracle/training.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        }
    }

    static double[] doubles(JsonArray values) {
        return values.asList().stream().mapToDouble(value -> value.getAsDouble()).toArray();
    }
}
