package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.Gson;
import graft.oracle.Ensembles;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleTest {
    private static final List<float[][]> MODELS = List.of(Ensembles.logits(0), Ensembles.logits(1), Ensembles.logits(2));

    @Test
    void equalsPyTorch() throws Exception {
        for (Ensemble how : List.of(Ensemble.PROBABILITIES, Ensemble.LOGITS)) {
            double[][] expected = new Gson().fromJson(Ensembles.json().get(how == Ensemble.LOGITS ? "logits" : "probabilities"), double[][].class);
            float[][] joined = how.mean(MODELS);
            assertEquals(5, joined.length);
            for (int i = 0; i < 5; i++) {
                for (int c = 0; c < 4; c++) {
                    assertEquals(expected[i][c], joined[i][c], 1e-6 * Math.max(1, Math.abs(expected[i][c])), how + " " + i + " " + c);
                }
            }
        }
    }

    @Test
    void aModelThatIsSureOutvotesNobodyByProbabilities() {
        List<float[][]> three = List.of(new float[][] {{1000, 0}}, new float[][] {{0, 1}}, new float[][] {{0, 1}});
        float[] vote = Ensemble.PROBABILITIES.mean(three)[0];
        assertEquals((1 + 2 / (1 + Math.E)) / 3, Math.exp(vote[0]), 1e-6);
        float[] product = Ensemble.LOGITS.mean(three)[0];
        assertArrayEquals(new float[] {1000f / 3, 2f / 3}, product, 1e-4f);
        float[] far = Ensemble.PROBABILITIES.mean(List.<float[][]>of(new float[][] {{3e4f, -3e4f}}))[0];
        assertArrayEquals(new float[] {0, -6e4f}, far, 1e-6f);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Ensemble.LINEAR.mean(MODELS));
        assertThrows(IllegalArgumentException.class, () -> Ensemble.LOGITS.mean(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Ensemble.LOGITS.mean(List.of(new float[][] {{1, 2}}, new float[][] {{1}})));
        assertThrows(IllegalArgumentException.class, () -> Ensemble.LOGITS.mean(List.of(new float[][] {{1}}, new float[][] {{1}, {2}})));
    }
}
