import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.torch.Libtorch;
import graft.torch.Precision;
import graft.torch.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the benchmarks compare with: this machine's arithmetic; and what they took of its memory. */
final class Machine {
    private static final int SIDE = 2560;

    private Machine() { }

    /** Billions of operations a second of a matrix product 2560×2560×2560 on all processors, the best of seven. */
    static double product(Precision precision) {
        String type = precision == Precision.FLOAT32 ? "6" : "15";
        String methods = "  def typed(self: __torch__.Program, x: Tensor) -> int:\n    self.x = x.to(" + type + ")\n    return 0\n"
            + "  def product(self: __torch__.Program, w: Tensor) -> Tensor:\n    return torch.sum(torch.matmul(self.x, torch.t(self.x)))\n";
        double best = 0;
        try (Program program = Program.of(methods, List.of("x")); NDManager manager = Libtorch.manager()) {
            NDArray x = manager.randomNormal(new Shape(SIDE, SIDE));
            program.run("typed", Program.array(x));
            for (int i = 0; i < 7; i++) {
                long start = System.nanoTime();
                program.run("product", Program.array(x));
                best = Math.max(best, 2 * Math.pow(SIDE, 3) / (System.nanoTime() - start));
            }
        }
        return best;
    }

    /** The most memory that this process has held at once, in MiB; −1 where the system does not say. */
    static long peakMib() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(-1);
    }

    static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
