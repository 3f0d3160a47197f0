package graft.torch;

import java.util.Arrays;
import java.util.List;

/** The layers that networks are made of, under PyTorch's names ({@code torch.nn}), with its defaults. */
public final class Layers {
    private Layers() { }

    /** {@code nn.Conv2d} without bias: stride 1, no padding, one group, unless said otherwise. */
    public static Conv2d conv2d(long in, long out, long kernel) {
        return new Conv2d(in, out, kernel, 1, 0, 1);
    }

    /** {@code nn.BatchNorm2d}: epsilon 1e-5, momentum 0.1. */
    public static BatchNorm2d batchNorm2d(long channels) {
        return new BatchNorm2d(channels);
    }

    /** {@code nn.Linear} with bias. */
    public static Linear linear(long in, long out) {
        return new Linear(in, out, false);
    }

    /** Applies the modules one after the other; they are named 0, 1, 2, … as in {@code nn.Sequential}. */
    public static Sequential sequential(Module... modules) {
        return new Sequential(Arrays.asList(modules));
    }

    /**
     * Two-dimensional convolution without bias. Input {@code [batch, in, height, width]}, output
     * {@code [batch, out, ⌊(height + 2·padding − kernel) / stride⌋ + 1, …]}.
     */
    public static final class Conv2d extends Module {
        private final long in;
        private final long out;
        private final long kernel;
        private final long stride;
        private final long padding;
        private final long groups;

        private Conv2d(long in, long out, long kernel, long stride, long padding, long groups) {
            this.in = in;
            this.out = out;
            this.kernel = kernel;
            this.stride = stride;
            this.padding = padding;
            this.groups = groups;
            parameter("weight", out, in / groups, kernel, kernel);
        }

        public Conv2d stride(long value) {
            return new Conv2d(in, out, kernel, value, padding, groups);
        }

        public Conv2d padding(long value) {
            return new Conv2d(in, out, kernel, stride, value, groups);
        }

        /** Each group of input channels is seen by its own group of output channels only. */
        public Conv2d groups(long value) {
            return new Conv2d(in, out, kernel, stride, padding, value);
        }

        @Override
        protected Value forward(Value x) {
            return x.trace().write("conv2d", x, ref("weight"), null, List.of(stride, stride), List.of(padding, padding), List.of(1L, 1L), groups);
        }
    }

    /**
     * Batch normalisation, Ioffe and Szegedy 2015 (arXiv:1502.03167): in training with the batch's statistics, which it also
     * averages into its buffers; in evaluation with the buffers'.
     */
    public static final class BatchNorm2d extends Module {
        static final double EPSILON = 1e-5;
        private static final double MOMENTUM = 0.1;

        private BatchNorm2d(long channels) {
            parameter("weight", channels);
            parameter("bias", channels);
            buffer("running_mean", DType.FLOAT32, channels);
            buffer("running_var", DType.FLOAT32, channels);
            buffer("num_batches_tracked", DType.INT64);
        }

        @Override
        protected Value forward(Value x) {
            x.trace().count(ref("num_batches_tracked"));
            return x.trace().write("batch_norm", x, ref("weight"), ref("bias"), ref("running_mean"), ref("running_var"), Trace.TRAINING, MOMENTUM, EPSILON, true);
        }
    }

    /** {@code x·weightᵀ + bias}. Input {@code [batch, in]}, output {@code [batch, out]}. */
    public static final class Linear extends Module {
        private final long in;
        private final long out;
        private final boolean float32;

        private Linear(long in, long out, boolean float32) {
            this.in = in;
            this.out = out;
            this.float32 = float32;
            parameter("weight", out, in);
            parameter("bias", out);
        }

        /** The same layer, computed in float32 whatever the network computes in: what a head wants. */
        public Linear float32() {
            return new Linear(in, out, true);
        }

        @Override
        protected Value forward(Value x) {
            return x.trace().write(float32 ? Trace.LINEAR_FLOAT32 : "linear", x, ref("weight"), ref("bias"));
        }
    }

    /** Modules one after the other. */
    public static final class Sequential extends Module {
        private final List<Module> modules;

        private Sequential(List<Module> modules) {
            this.modules = modules;
            for (int i = 0; i < modules.size(); i++) {
                child(Integer.toString(i), modules.get(i));
            }
        }

        @Override
        protected Value forward(Value x) {
            Value y = x;
            for (Module module : modules) {
                y = module.of(y);
            }
            return y;
        }
    }
}
