///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0
//SOURCES Machine.java
//RUNTIME_OPTIONS -XX:+UseSerialGC

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.MultiplyAdds;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.torch.BatchGradients;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.train.Optimizer;
import graft.train.OptimizerState;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pictures per second of one backbone with its head, weights random: inference from bytes to logits, or full training steps (forward,
 * cross-entropy, backward, AdamW on every parameter), or the same with activation checkpointing; and which part of this machine's arithmetic
 * that is.
 *
 * <p>{@code environment/jbang jbang/bench/ThroughputBench.java BACKBONE infer|train|recompute float32|bfloat16 [BATCH (16) [SIZE (224) [SECONDS (8)]]]} prints one
 * line of JSON: the median of the steps' rates, after two to warm up.
 */
class ThroughputBench {
    /** Pictures that one processor takes through the network together. */
    private static final int INFERENCE_BATCH = 8;
    private static final int TRAINING_BATCH = 4;

    public static void main(String... arguments) throws Exception {
        String name = arguments[0];
        boolean train = !arguments[1].equals("infer");
        boolean recompute = arguments[1].equals("recompute");
        Precision precision = Precision.of(arguments[2]);
        int batch = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 16;
        int size = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 224;
        double seconds = arguments.length > 5 ? Double.parseDouble(arguments[5]) : 8;
        Backbone backbone = Backbones.create(name, 1000, size);
        StateDict weights = Weights.untrained(name, 0).load(backbone, true, Progress.SILENT);
        double rate = train ? train(backbone, weights, precision, recompute, batch, size, seconds) : infer(backbone, weights, precision, batch, size, seconds);
        long peak = Machine.peakMib();
        double product = Machine.product(precision);
        OptionalDouble multiplyAdds = MultiplyAdds.of(name, size);
        JsonObject json = new JsonObject();
        json.addProperty("model", name);
        json.addProperty("mode", arguments[1]);
        json.addProperty("precision", precision.toString());
        json.addProperty("batch", batch);
        json.addProperty("size", size);
        json.addProperty("pictures_per_second", Machine.rounded(rate, 2));
        if (multiplyAdds.isPresent()) {
            double operations = 2 * multiplyAdds.getAsDouble() * (train ? 3 : 1);
            json.addProperty("gigaflops", Math.round(rate * operations));
            json.addProperty("of_product", Machine.rounded(rate * operations / product, 3));
        }
        json.addProperty("product_gigaflops", Math.round(product));
        json.addProperty("peak_mib", peak);
        System.out.println(json);
    }

    /** A step that the clock watches. */
    private interface Step {
        void run() throws Exception;
    }

    private static double medianRate(int pictures, double seconds, Step step) throws Exception {
        step.run();
        step.run();
        List<Double> rates = new ArrayList<>();
        for (long begin = System.nanoTime(); rates.size() < 3 || System.nanoTime() - begin < seconds * 1e9;) {
            long start = System.nanoTime();
            step.run();
            rates.add(pictures * 1e9 / (System.nanoTime() - start));
        }
        rates.sort(null);
        return rates.get(rates.size() / 2);
    }

    private static double infer(Backbone backbone, StateDict weights, Precision precision, int batch, int size, double seconds) throws Exception {
        Pretrained preprocessing = Pretrained.of(backbone.backboneName());
        int threads = Runtime.getRuntime().availableProcessors();
        ByteBuffer pixels = ByteBuffer.allocateDirect(batch * size * size * 3);
        SplittableRandom random = new SplittableRandom(0);
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, (byte) random.nextInt(256));
        }
        int micro = Math.min(INFERENCE_BATCH, Math.max(1, batch / threads));
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try (FrozenProgram program = FrozenProgram.compile(backbone::of, weights, precision, preprocessing.mean(), preprocessing.std())) {
            return medianRate(batch, seconds, () -> {
                List<Future<?>> parts = new ArrayList<>();
                for (int first = 0; first < batch; first += micro) {
                    int count = Math.min(micro, batch - first);
                    ByteBuffer part = pixels.slice(first * size * size * 3, count * size * size * 3);
                    parts.add(workers.submit(() -> {
                        Libtorch.oneThreadAnOperator();
                        program.run(part, count, size, size);
                    }));
                }
                for (Future<?> part : parts) {
                    part.get();
                }
            });
        } finally {
            workers.shutdownNow();
        }
    }

    private static double train(Backbone backbone, StateDict weights, Precision precision, boolean recompute, int batch, int size, double seconds)
        throws Exception {
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, weights, precision, name -> true, recompute);
            BatchGradients gradients = new BatchGradients(network, TRAINING_BATCH);
            OptimizerState optimizer = Optimizer.adamW(1e-5).start(manager, network.parameters())) {
            NDArray pictures = manager.randomNormal(new Shape(batch, 3, size, size));
            NDArray labels = manager.arange(batch).mod(10).oneHot(1000);
            long[] step = {0};
            return medianRate(batch, seconds, () -> {
                try (NDManager arrays = manager.newSubManager()) {
                    optimizer.step(gradients.of(arrays, pictures, step[0]++, (logits, first) ->
                        logits.softmax(1).sub(labels.get(new NDIndex("{}:{}", first, first + logits.getShape().get(0)))).div(batch)), 1e-5);
                }
            });
        }
    }
}
