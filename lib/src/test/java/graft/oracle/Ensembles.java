package graft.oracle;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** Reference values of ensembles, weight averages, paired comparisons and views ({@code oracle/ensembles.json} names their origin). */
public final class Ensembles {
    private Ensembles() { }

    public static JsonObject json() throws IOException {
        try (Reader reader = new InputStreamReader(Ensembles.class.getResourceAsStream("/oracle/ensembles.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }

    /** The logits of the model of this number: {@code [5][4]}. */
    public static float[][] logits(int model) {
        float[] u = Formula.uniform("model " + model, 20);
        float[][] logits = new float[5][4];
        for (int i = 0; i < 20; i++) {
            logits[i / 4][i % 4] = (float) (6.0 * u[i]);
        }
        return logits;
    }
}
