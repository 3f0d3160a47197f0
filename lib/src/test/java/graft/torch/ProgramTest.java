package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;

import java.util.List;

class ProgramTest {
    private static final String METHODS = """
          def twice(self: __torch__.Program, x: Tensor) -> Tensor:
            return torch.add(x, x)
          def parts(self: __torch__.Program, xs: List[Tensor]) -> List[Tensor]:
            return [torch.neg(xs[0]), xs[1]]
          def keep(self: __torch__.Program, x: Tensor) -> int:
            self.kept = torch.clone(x)
            return 0
          def get(self: __torch__.Program) -> Tensor:
            return self.kept
          def slope(self: __torch__.Program, x: Tensor) -> Tuple[Tensor, Tensor]:
            z = torch.requires_grad_(torch.detach(x), True)
            y = torch.sum(torch.mul(z, z))
            g = torch.grad([y], [z])
            return (torch.detach(y), unchecked_cast(Tensor, g[0]))
          def product(self: __torch__.Program, x: Tensor) -> Tensor:
            return torch.matmul(x, torch.reshape(x, [1, 1, -1]))
        """;

    @Test
    void methodsRun() {
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(METHODS, List.of("kept"))) {
            NDArray x = manager.create(new float[] {1, 2, 3});
            assertArrayEquals(new float[] {2, 4, 6}, program.run(manager, "twice", Program.array(x)).toFloatArray());
            List<NDArray> parts = program.runAll(manager, "parts", Program.arrays(List.of(x, x)));
            assertArrayEquals(new float[] {-1, -2, -3}, parts.get(0).toFloatArray());
            assertArrayEquals(new float[] {1, 2, 3}, parts.get(1).toFloatArray());
            program.run("keep", Program.array(x));
            x.muli(10);
            assertArrayEquals(new float[] {1, 2, 3}, program.run(manager, "get").toFloatArray());
        }
    }

    @Test
    void gradientsAreOnOnlyWhileDifferentiating() {
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(METHODS, List.of("kept"))) {
            List<NDArray> results = program.differentiate(manager, "slope", List.of(manager.create(new float[] {1, 2, 3})));
            assertEquals(14, results.get(0).getFloat());
            assertArrayEquals(new float[] {2, 4, 6}, results.get(1).toFloatArray());
            assertEquals(false, JniUtils.isGradMode());
            assertThrows(EngineException.class, () -> program.run("slope", Program.array(manager.create(1f))));
        }
    }

    @Test
    void anErrorInAMethodIsAnException() {
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(METHODS, List.of("kept"))) {
            NDArray x = manager.create(new float[] {1, 2, 3});
            String message = assertThrows(EngineException.class, () -> program.run(manager, "product", Program.array(x))).getMessage();
            assertTrue(message.contains("product") && message.contains("torch.matmul"), message);
            assertThrows(EngineException.class, () -> program.run(manager, "absent", Program.array(x)));
            assertThrows(EngineException.class, () -> program.differentiate(manager, "product", List.of(x)));
            assertEquals(false, JniUtils.isGradMode());
            assertArrayEquals(new float[] {2, 4, 6}, program.run(manager, "twice", Program.array(x)).toFloatArray());
        }
        assertThrows(EngineException.class, () -> Program.of("  def broken(self: __torch__.Program) -> int:\n    return torch.nonsense(1)\n", List.of()));
    }

    @Test
    void argumentsAreClosed() {
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(METHODS, List.of("kept"))) {
            IValue good = Program.array(manager.create(1f));
            program.run(manager, "twice", good);
            assertTrue(good.isReleased());
            IValue bad = Program.array(manager.create(1f));
            assertThrows(EngineException.class, () -> program.run(manager, "absent", bad));
            assertTrue(bad.isReleased());
        }
    }

    @Test
    void nothingIsKeptAfterARun() {
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(METHODS, List.of("kept"))) {
            NDArray x = manager.create(new float[] {1, 2, 3});
            for (int i = 0; i < 20; i++) {
                try (NDManager pass = manager.newSubManager()) {
                    program.run(pass, "twice", Program.array(x));
                    program.differentiate(pass, "slope", List.of(x));
                    assertEquals(3, pass.getManagedArrays().size());
                }
                assertEquals(1, manager.getManagedArrays().size());
            }
        }
    }
}
