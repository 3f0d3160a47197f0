package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static History of(double... accuracyAndLoss) {
        History history = new History();
        for (int i = 0; i < accuracyAndLoss.length; i += 2) {
            history.add(new History.Epoch(i / 2 + 1, 1e-3, 0.5, 0.9, accuracyAndLoss[i + 1], accuracyAndLoss[i]));
        }
        return history;
    }

    @Test void best() {
        assertEquals(-1, of().best());
        assertEquals(1, of(0.5, 1, 0.7, 1, 0.6, 0.1).best(), "the highest accuracy");
        assertEquals(2, of(0.7, 1, 0.6, 0, 0.7, 0.9).best(), "of equal ones the lower loss");
        assertEquals(0, of(0.7, 1, 0.7, 1).best(), "then the earlier");
        assertEquals(2, of(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN).best(), "without validation the last");
        assertEquals(0, of(0.1, 1, Double.NaN, Double.NaN).best(), "an epoch without validation is not the best of those with");
    }

    @Test void meanOfFolds() {
        History.Epoch mean = History.mean(List.of(of(0.5, 1), of(0.7, 2))).epochs().get(0);
        assertEquals(0.6, mean.validationAccuracy(), 1e-12);
        assertEquals(1.5, mean.validationLoss(), 1e-12);
    }

    @Test void csv(@TempDir Path folder) throws Exception {
        History history = of(0.7, 1.25);
        history.add(new History.Epoch(2, 5e-4, 0.25, 0.95, Double.NaN, Double.NaN));
        History.writeCsv(folder.resolve("history.csv"), Map.of("resnet50, fold 1", history));
        assertEquals("""
            training,epoch,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy
            "resnet50, fold 1",1,0.001,0.5,0.9,1.25,0.7
            "resnet50, fold 1",2,5.0E-4,0.25,0.95,,
            """, Files.readString(folder.resolve("history.csv")));
    }
}
