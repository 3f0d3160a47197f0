package graft.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Magnitudes and policies of the automatic augmentations: torchvision's, from the reference values' {@code policies.json}. */
class PoliciesTest {
    @Test
    void magnitudesAreTorchvisions() throws IOException {
        Map<String, AugmentationSpace> spaces = Map.of(
            "RandAugment, 31 bins, 224x224", AugmentationSpace.randAugment(31, 224, 224),
            "RandAugment, 31 bins, 512x512", AugmentationSpace.randAugment(31, 512, 512),
            "TrivialAugmentWide, 31 bins", AugmentationSpace.trivialAugmentWide(31),
            "AugMix, 10 bins, 224x224", AugmentationSpace.augMix(10, 224, 224, true),
            "AutoAugment magnitudes, 10 bins, 224x224", AugmentationSpace.autoAugment(10, 224, 224));
        JsonObject json = Oracle.json("policies.json");
        for (Map.Entry<String, AugmentationSpace> space : spaces.entrySet()) {
            JsonObject expected = json.getAsJsonObject(space.getKey());
            assertEquals(List.copyOf(expected.keySet()), space.getValue().entries().stream().map(entry -> entry.operation().toString()).toList(), space.getKey());
            for (AugmentationSpace.Entry entry : space.getValue().entries()) {
                JsonArray pair = expected.getAsJsonArray(entry.operation().toString());
                assertEquals(pair.get(1).getAsBoolean(), entry.signed());
                JsonArray magnitudes = pair.get(0).getAsJsonArray();
                assertEquals(entry.graded() ? magnitudes.size() : 0, entry.magnitudes().length);
                for (int i = 0; i < entry.magnitudes().length; i++) {
                    assertEquals(magnitudes.get(i).getAsDouble(), entry.magnitudes()[i], 1e-9 + Math.ulp(entry.magnitudes()[i]),
                        space.getKey() + " " + entry.operation() + " " + i);
                }
            }
        }
    }

    @Test
    void policiesAreTorchvisions() throws IOException {
        for (AutoAugmentPolicy policy : AutoAugmentPolicy.values()) {
            JsonArray pairs = Oracle.json("policies.json").getAsJsonArray("AutoAugment " + policy);
            assertEquals(pairs.size(), policy.pairs().size());
            for (int i = 0; i < pairs.size(); i++) {
                assertEquals(pairs.get(i).getAsJsonArray().asList().stream().map(PoliciesTest::choice).toList(), policy.pairs().get(i));
            }
        }
    }

    private static AutoAugmentPolicy.Choice choice(JsonElement element) {
        JsonArray three = element.getAsJsonArray();
        Operation operation = List.of(Operation.values()).stream().filter(one -> one.toString().equals(three.get(0).getAsString())).findFirst().orElseThrow();
        return new AutoAugmentPolicy.Choice(operation, three.get(1).getAsDouble(), three.get(2).isJsonNull() ? 0 : three.get(2).getAsInt());
    }
}
