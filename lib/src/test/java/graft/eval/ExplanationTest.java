package graft.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.data.Image;
import graft.oracle.Formula;
import graft.oracle.Reference;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against plain PyTorch with torchvision's and timm's networks: {@code explanations.json}, where its origin is told. */
class ExplanationTest {
    static Stream<JsonObject> references() throws IOException {
        try (Reader reader = new InputStreamReader(ExplanationTest.class.getResourceAsStream("/oracle/explanations.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("explanations").asList().stream().map(JsonElement::getAsJsonObject);
        }
    }

    private static Explanation explanation(String name, int size) {
        Reference reference = Reference.of(name, size);
        Backbone backbone = Backbones.create(name, 1000, size);
        return Explanation.of(backbone, reference.weights(backbone), reference.mean(), reference.std());
    }

    private static Image picture(int size) {
        return new Image(size, size, Formula.image(size, size, "image"));
    }

    @ParameterizedTest
    @MethodSource("references")
    void mapsArePyTorchs(JsonObject reference) {
        int size = reference.get("size").getAsInt();
        try (Explanation explanation = explanation(reference.get("model").getAsString(), size)) {
            assertEquals(reference.get("model").getAsString().matches("(deit|vit).*"), explanation instanceof AttentionRollout);
            HeatMap map = explanation.of(picture(size), reference.get("target").getAsInt());
            assertEquals(reference.get("predicted").getAsInt(), map.predicted());
            JsonArray rows = reference.getAsJsonArray("map");
            assertEquals(rows.size(), map.values().length);
            for (int y = 0; y < rows.size(); y++) {
                JsonArray row = rows.get(y).getAsJsonArray();
                assertEquals(row.size(), map.values()[y].length);
                for (int x = 0; x < row.size(); x++) {
                    assertEquals(row.get(x).getAsDouble(), map.values()[y][x], 1e-3, "row " + y + ", column " + x);
                }
            }
        }
    }

    @Test void aClassThatIsNotThereIsRefused() {
        try (Explanation explanation = explanation("resnet18", 160)) {
            assertEquals("there is no class 1000 to explain; 0 to 999 would be right", assertThrows(InputException.class, () -> explanation.of(picture(160), 1000)).getMessage());
            HeatMap map = explanation.of(picture(160), Explanation.PREDICTED);
            assertEquals(map.predicted(), map.target());
        }
    }

    @Test void gridsHaveThePicturesProportions() {
        Image wide = new Image(2, 4, new byte[24]);
        assertEquals(3, HeatMap.rows(18, wide));
        assertEquals(7, HeatMap.rows(49, new Image(2, 2, new byte[12])));
        assertEquals(List.of(0f, 0f), List.of(HeatMap.scaled(new float[2], 1, 0, 0).values()[0][0], HeatMap.scaled(new float[2], 1, 0, 0).values()[0][1]), "nothing speaks for the class");
        assertTrue(HeatMap.scaled(new float[] {1, 4}, 1, 0, 0).values()[0][1] == 1);
    }
}
