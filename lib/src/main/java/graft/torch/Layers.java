package graft.torch;

import java.util.Arrays;
import java.util.List;

/** The layers that networks are made of, under PyTorch's names ({@code torch.nn}), with its defaults. */
public final class Layers {
    private Layers() { }

    /** {@code nn.Conv2d} without bias: stride 1, no padding, one group, unless said otherwise. */
    public static Conv2d conv2d(long in, long out, long kernel) {
        return new Conv2d(in, out, kernel, 1, 0, 1, false);
    }

    /** {@code nn.BatchNorm2d}: epsilon 1e-5, momentum 0.1. */
    public static BatchNorm batchNorm2d(long channels) {
        return new BatchNorm(channels, 1e-5, 0.1);
    }

    /** {@code nn.BatchNorm1d}: the same for {@code [batch, features]}. */
    public static BatchNorm batchNorm1d(long features) {
        return batchNorm2d(features);
    }

    /** {@code nn.Linear} with bias. */
    public static Linear linear(long in, long out) {
        return new Linear(in, out, false, false, true);
    }

    /** Applies the modules one after the other; they are named 0, 1, 2, … as in {@code nn.Sequential}. */
    public static Sequential sequential(Module... modules) {
        return new Sequential(Arrays.asList(modules));
    }

    /**
     * Two-dimensional convolution, without bias unless said otherwise. Input {@code [batch, in, height, width]}, output
     * {@code [batch, out, ⌊(height + 2·padding − kernel) / stride⌋ + 1, …]}.
     */
    public static final class Conv2d extends Module {
        private final long in;
        private final long out;
        private final long kernel;
        private final long stride;
        private final long padding;
        private final long groups;
        private final boolean bias;

        private Conv2d(long in, long out, long kernel, long stride, long padding, long groups, boolean bias) {
            this.in = in;
            this.out = out;
            this.kernel = kernel;
            this.stride = stride;
            this.padding = padding;
            this.groups = groups;
            this.bias = bias;
            parameter("weight", out, in / groups, kernel, kernel);
            if (bias) {
                parameter("bias", out);
            }
        }

        public Conv2d stride(long value) {
            return new Conv2d(in, out, kernel, value, padding, groups, bias);
        }

        public Conv2d padding(long value) {
            return new Conv2d(in, out, kernel, stride, value, groups, bias);
        }

        /** Each group of input channels is seen by its own group of output channels only. */
        public Conv2d groups(long value) {
            return new Conv2d(in, out, kernel, stride, padding, value, bias);
        }

        /** The same with a bias for each output channel. */
        public Conv2d bias() {
            return new Conv2d(in, out, kernel, stride, padding, groups, true);
        }

        @Override
        protected Value forward(Value x) {
            if (x.trace().use() == Trace.Use.TRAINING && groups == in && groups == out && (stride > 1 || kernel > DepthwiseTraining.BLOCK)) {
                return DepthwiseTraining.of(x, ref("weight"), bias ? ref("bias") : null, kernel, stride, padding, groups);
            }
            return x.trace().write("conv2d", x, ref("weight"), bias ? ref("bias") : null, List.of(stride, stride), List.of(padding, padding), List.of(1L, 1L), groups);
        }
    }

    /**
     * Batch normalisation, Ioffe and Szegedy 2015 (arXiv:1502.03167): in training with the batch's statistics, which it also
     * averages into its buffers; in evaluation, and where its own weights do not train, with the buffers'.
     */
    public static final class BatchNorm extends Module {
        private final long channels;
        private final double epsilon;
        private final double momentum;

        private BatchNorm(long channels, double epsilon, double momentum) {
            this.channels = channels;
            this.epsilon = epsilon;
            this.momentum = momentum;
            parameter("weight", channels);
            parameter("bias", channels);
            buffer("running_mean", DType.FLOAT32, channels);
            buffer("running_var", DType.FLOAT32, channels);
            buffer("num_batches_tracked", DType.INT64);
        }

        /** What is added to the variance. */
        public BatchNorm epsilon(double value) {
            return new BatchNorm(channels, value, momentum);
        }

        /** The share of a batch's statistics in the new running ones, 0 to 1. */
        public BatchNorm momentum(double value) {
            return new BatchNorm(channels, epsilon, value);
        }

        @Override
        protected Value forward(Value x) {
            boolean frozen = x.trace().frozen(this);
            if (!frozen) {
                x.trace().count(ref("num_batches_tracked"));
            }
            return x.trace().write("batch_norm", x, ref("weight"), ref("bias"), ref("running_mean"), ref("running_var"), frozen ? false : Trace.TRAINING, momentum, epsilon, true);
        }
    }

    /** {@code x·weightᵀ + bias}. Input {@code [..., in]}, output {@code [..., out]}. */
    public static final class Linear extends Module {
        private final long in;
        private final long out;
        private final boolean float32;
        private final boolean convolution;
        private final boolean bias;

        private Linear(long in, long out, boolean float32, boolean convolution, boolean bias) {
            this.in = in;
            this.out = out;
            this.float32 = float32;
            this.convolution = convolution;
            this.bias = bias;
            if (convolution) {
                parameter("weight", out, in, 1, 1);
            } else {
                parameter("weight", out, in);
            }
            if (bias) {
                parameter("bias", out);
            }
        }

        /** The same layer, computed in float32 whatever the network computes in: what a head wants. */
        public Linear float32() {
            return new Linear(in, out, true, convolution, bias);
        }

        /** The same layer without a bias. */
        public Linear withoutBias() {
            return new Linear(in, out, float32, convolution, false);
        }

        /** The same layer, whose weight the state dict holds as that of a 1×1 convolution: {@code [out, in, 1, 1]}. */
        public Linear asConvolution() {
            return new Linear(in, out, float32, true, bias);
        }

        @Override
        protected boolean takesMaps() {
            return false;
        }

        @Override
        protected Value forward(Value x) {
            Object weight = convolution ? x.trace().write("flatten", ref("weight"), 1L, -1L) : ref("weight");
            return x.trace().write(float32 ? Trace.LINEAR_FLOAT32 : "linear", x, weight, bias ? ref("bias") : null);
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
