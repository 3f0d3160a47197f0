package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class CosineTest {
    /** Also after {@code T_max}, where the rate climbs again. */
    @Test
    void equalsPyTorch() throws Exception {
        for (JsonElement element : TrainingOracle.read().getAsJsonArray("schedules")) {
            JsonObject schedule = element.getAsJsonObject();
            Cosine cosine = new Cosine(schedule.getAsJsonObject("options").get("T_max").getAsInt());
            double[] rates = TrainingOracle.doubles(schedule.getAsJsonArray("lr"));
            assertEquals(13, rates.length);
            for (int epoch = 0; epoch < rates.length; epoch++) {
                assertEquals(rates[epoch], cosine.rate(schedule.get("base_lr").getAsDouble(), epoch), 1e-9, "epoch " + epoch);
            }
        }
    }
}
