package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import graft.torch.Program;

import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The loss of one batch, part by part. {@link #gradient} may be called on several threads at once; {@link #loss()} and {@link #hits()} then add up in
 * the batch's order, so that they are the same whichever part came first. It lives as long as its targets.
 */
public final class BatchLoss {
    /**
     * With targets {@code q} that add up to {@code Q} and {@code p = softmax(z)}: the loss of a row is {@code −Σ q·log p}, and its gradient {@code Q·p − q}.
     */
    private static final Program PROGRAM = Program.of("""
          def divisor(self: __torch__.Program, targets: Tensor, weights: Tensor) -> Tensor:
            if torch.dim(targets) == 1:
              return torch.sum(torch.index_select(weights, 0, targets))
            return torch.sum(torch.ones_like(torch.select(targets, 1, 0)))
          def rows(self: __torch__.Program, targets: Tensor, first: int, count: int, classes: int) -> Tensor:
            some = torch.narrow(targets, 0, first, count)
            if torch.dim(some) == 1:
              return torch.one_hot(some, classes).to(6)
            return some
          def term(self: __torch__.Program, z: Tensor, q: Tensor) -> Tuple[Tensor, Tensor]:
            l = torch.log_softmax(z, 1)
            return (torch.exp(l) * torch.sum(q, [1], True) - q, torch.neg(torch.sum((q * l).to(7))))
          def labels(self: __torch__.Program, outputs: Tensor, targets: Tensor, weights: Tensor, divisor: Tensor, first: int, classes: int, smoothing: float) -> List[Tensor]:
            t = self.rows(targets, first, torch.size(outputs, 0), classes)
            q = (t * (1 - smoothing) + smoothing / classes) * weights
            wide = torch.size(outputs, 1) > classes
            z = outputs
            if wide:
              z = (torch.narrow(outputs, 1, 0, classes) + torch.narrow(outputs, 1, classes, classes)) / 2
            g, loss = self.term(z, q)
            g = g / divisor
            if wide:
              g = torch.cat([g / 2, g / 2], 1)
            return [g, self.figures(loss / divisor, z, t)]
          def distilled(self: __torch__.Program, outputs: Tensor, targets: Tensor, teacher: Tensor, weights: Tensor, divisor: Tensor, first: int, classes: int, smoothing: float, hard: bool, temperature: float, share: float) -> List[Tensor]:
            n = torch.size(outputs, 0)
            t = self.rows(targets, first, n, classes)
            q = (t * (1 - smoothing) + smoothing / classes) * weights
            wide = torch.size(outputs, 1) > classes
            z1 = torch.narrow(outputs, 1, 0, classes)
            z2 = torch.narrow(outputs, 1, torch.size(outputs, 1) - classes, classes)
            g1, loss1 = self.term(z1, q)
            s = torch.narrow(teacher, 0, first, n)
            batch = torch.size(teacher, 0)
            if hard:
              g2, loss2 = self.term(z2, torch.one_hot(torch.argmax(s, 1), classes).to(6))
            else:
              ls = torch.log_softmax(s / temperature, 1)
              g2, loss2 = self.term(z2 / temperature, torch.exp(ls))
              g2 = g2 * temperature
              loss2 = (loss2 + torch.sum((torch.exp(ls) * ls).to(7))) * temperature * temperature
            g1 = g1 * (1 - share) / divisor
            g2 = g2 * share / batch
            z = z1
            g = g1 + g2
            if wide:
              z = z1 + z2
              g = torch.cat([g1, g2], 1)
            return [g, self.figures(loss1 * (1 - share) / divisor + loss2 * share / batch, z, t)]
          def figures(self: __torch__.Program, loss: Tensor, z: Tensor, t: Tensor) -> Tensor:
            return torch.stack([loss.to(7), torch.sum(torch.argmax(z, 1) == torch.argmax(t, 1)).to(7)])
        """, List.of());

    private record Figures(double loss, int hits) { }

    private final CrossEntropy labels;
    private final Distillation distillation;
    private final NDArray targets;
    private final NDArray teacher;
    private final NDArray weights;
    /** What the sum over the batch is divided by, as a float64 number. */
    private final NDArray divisor;
    private final int classes;
    private final ConcurrentNavigableMap<Integer, Figures> parts = new ConcurrentSkipListMap<>();

    /** @param distillation {@code null} where there is no teacher */
    BatchLoss(CrossEntropy labels, Distillation distillation, NDArray targets, NDArray teacher, int classes) {
        Shape shape = targets.getShape();
        boolean hard = shape.dimension() == 1 && targets.getDataType() == DataType.INT64;
        if (!hard && (targets.getDataType() != DataType.FLOAT32 || !shape.equals(new Shape(shape.get(0), classes)))) {
            throw new IllegalArgumentException("targets are " + targets.getDataType() + " " + shape + " for " + classes + " classes");
        }
        if (teacher != null && !teacher.getShape().equals(new Shape(shape.get(0), classes))) {
            throw new IllegalArgumentException("the teacher gives " + teacher.getShape() + " for targets " + shape + " of " + classes + " classes");
        }
        this.labels = labels;
        this.distillation = distillation;
        this.targets = targets;
        this.teacher = teacher;
        this.classes = classes;
        NDManager manager = targets.getManager();
        weights = manager.create(labels.weights(classes));
        divisor = PROGRAM.run(manager, "divisor", Program.array(targets), Program.array(weights));
    }

    /**
     * The gradient of the batch's loss by some of its outputs.
     *
     * @param outputs of the pictures from {@code first} on, float32
     * @return of the same shape, owned by the manager of {@code outputs}
     */
    public NDArray gradient(NDArray outputs, int first) {
        long width = outputs.getShape().get(1);
        if (width != classes && width != 2L * classes) {
            throw new IllegalArgumentException("outputs are " + outputs.getShape() + " for " + classes + " classes");
        }
        List<NDArray> results = distillation == null
            ? PROGRAM.runAll(outputs.getManager(), "labels", Program.array(outputs), Program.array(targets), Program.array(weights), Program.array(divisor),
                IValue.from((long) first), IValue.from((long) classes), IValue.from(labels.labelSmoothing()))
            : PROGRAM.runAll(outputs.getManager(), "distilled", Program.array(outputs), Program.array(targets), Program.array(teacher), Program.array(weights),
                Program.array(divisor), IValue.from((long) first), IValue.from((long) classes), IValue.from(labels.labelSmoothing()),
                IValue.from(distillation.kind() == Distillation.Kind.HARD), IValue.from(distillation.temperature()), IValue.from(distillation.share()));
        try (NDArray figures = results.get(1)) {
            double[] values = figures.toDoubleArray();
            parts.put(first, new Figures(values[0], (int) values[1]));
        }
        return results.get(0);
    }

    /** The loss of the parts seen so far, each already divided by what the whole batch is divided by: that of the batch once all were seen. */
    public double loss() {
        return parts.values().stream().mapToDouble(Figures::loss).sum();
    }

    /** How many pictures, of the parts seen so far, got the class that their target gives the most: of two heads their mean counts. */
    public int hits() {
        return parts.values().stream().mapToInt(Figures::hits).sum();
    }
}
