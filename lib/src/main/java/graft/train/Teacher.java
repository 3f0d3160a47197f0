package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;

import java.util.List;

/** A trained network that another one learns from: it sees what its pupil sees, in evaluation mode, and does not change. */
final class Teacher implements AutoCloseable {
    /** Pictures that pass through it together. */
    private static final int TOGETHER = 8;

    private final Network network;
    private final Pretrained own;
    private final Pretrained pupil;

    private Teacher(Network network, Pretrained own, Pretrained pupil) {
        this.network = network;
        this.own = own;
        this.pupil = pupil;
    }

    /**
     * Loads it with its head.
     *
     * @param pupil how the pictures are normalised that it will be given
     * @throws InputException if its classes are not as many as the pupil's
     */
    static Teacher load(Recipe.Member member, int classes, Precision precision, Pretrained pupil, Progress progress) throws InterruptedException {
        long known = member.weights().classes(progress);
        if (known != classes && !member.weights().untrained()) {
            throw new InputException("the teacher " + member.backbone() + " (" + member.weights().name() + ") knows " + known + " classes, and there are " + classes
                + "; train it on these classes first, and give the weights of that run");
        }
        Backbone backbone = Backbones.create(member.backbone(), classes, member.weights().preprocessing().crop());
        Network network = Network.load(backbone, member.weights().load(backbone, true, progress), precision, name -> false);
        network.train(false);
        return new Teacher(network, member.weights().preprocessing(), pupil);
    }

    /**
     * Its logits {@code [batch, classes]}.
     *
     * @param to the manager that owns them
     * @param pictures float32 {@code [batch, 3, height, width]}, normalised as the pupil takes them
     */
    NDArray logits(NDManager to, NDArray pictures) throws InterruptedException {
        Libtorch.allProcessorsAnOperator();
        long batch = pictures.getShape().get(0);
        NDList parts = new NDList();
        for (long first = 0; first < batch; first += TOGETHER) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try (NDManager step = to.newSubManager()) {
                NDArray some = pictures.get(new NDIndex("{}:{}", first, Math.min(first + TOGETHER, batch)));
                some.attach(step);
                parts.add(network.forward(to, normalized(some)));
            }
        }
        return NDArrays.concat(parts);
    }

    private NDArray normalized(NDArray pictures) {
        if (own.mean().equals(pupil.mean()) && own.std().equals(pupil.std())) {
            return pictures;
        }
        return pictures.mul(colours(pictures, pupil.std())).add(colours(pictures, pupil.mean())).sub(colours(pictures, own.mean())).div(colours(pictures, own.std()));
    }

    private static NDArray colours(NDArray beside, List<Float> values) {
        return beside.getManager().create(new float[] {values.get(0), values.get(1), values.get(2)}, new Shape(1, 3, 1, 1));
    }

    @Override
    public void close() {
        network.close();
    }
}
