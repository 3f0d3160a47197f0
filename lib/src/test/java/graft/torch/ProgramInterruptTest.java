package graft.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

import java.util.List;

class ProgramInterruptTest {
    /** Programs are constants of classes: one that an interrupt broke would break its class until the process ends. */
    @Test
    void anInterruptBreaksNoProgram() {
        Thread.currentThread().interrupt();
        try (Program program = Program.of("  def twice(self: __torch__.Program, x: Tensor) -> Tensor:\n    return torch.mul(x, 2)\n", List.of());
             NDManager manager = Libtorch.manager()) {
            assertTrue(Thread.interrupted(), "the interrupt is lost");
            assertEquals(6, program.run(manager, "twice", Program.array(manager.create(3f))).getFloat());
        }
    }
}
