///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0
//RUNTIME_OPTIONS -XX:+UseSerialGC

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Weights;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.train.AdamW;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class ThroughputBench {
    public static void main(String... arguments) throws Exception {
        String name = arguments[0];
        boolean train = arguments[1].equals("train");
        Precision precision = Precision.of(arguments[2]);
        int batch = Integer.parseInt(arguments[3]);
        int size = Integer.parseInt(arguments[4]);
        double seconds = Double.parseDouble(arguments[5]);
        Backbone backbone = Backbones.create(name, 1000, size);
        var state = Weights.untrained(name, 0).load(backbone, true, Progress.SILENT);
        float[] pixels = new float[batch * 3 * size * size];
        java.util.Random random = new java.util.Random(0);
        for (int i = 0; i < pixels.length; i++) pixels[i] = (float) random.nextGaussian();
        List<Double> rates = new ArrayList<>();
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, state, precision)) {
            NDArray x = manager.create(pixels, new Shape(batch, 3, size, size));
            NDArray y = manager.create(new float[batch * 1000], new Shape(batch, 1000));
            for (int i = 0; i < batch; i++) y.set(new ai.djl.ndarray.index.NDIndex(i, i % 10), 1f);
            List<NDArray> parameters = new ArrayList<>(network.parameters().values());
            AdamW.State optimizer = AdamW.adamw(1e-5).new State(manager, parameters);
            network.train(true);
            graft.torch.BatchGradients batches = new graft.torch.BatchGradients(network, Integer.getInteger("micro", 4));
            long begin = 0;
            for (int i = 0; i < 5 || System.nanoTime() - begin < seconds * 1e9; i++) {
                if (i == 2) begin = System.nanoTime();
                long start = System.nanoTime();
                long a, b, c;
                if (i == 4 && Boolean.getBoolean("profile")) ai.djl.pytorch.jni.JniUtils.startProfile(false, true, false);
                try (NDManager step = manager.newSubManager()) {
                    a = System.nanoTime();
                    List<NDArray> gradients = batches.of(step, x, i, (logits, first) -> logits.softmax(1).sub(y.get(new ai.djl.ndarray.index.NDIndex("{}:{}", first, first + logits.getShape().get(0)))).div(batch));
                    b = System.nanoTime();
                    optimizer.step(gradients, 1e-5);
                    c = System.nanoTime();
                }
                if (i == 4 && Boolean.getBoolean("profile")) ai.djl.pytorch.jni.JniUtils.stopProfile("/work/aux/profile.json");
                double t = (System.nanoTime() - start) / 1e9;
                if (i >= 2) rates.add(batch / t);
                if (Boolean.getBoolean("verbose")) System.err.printf("%d: forward %.0f backward %.0f update %.0f close %.0f ms%n", i, (a - start) / 1e6, (b - a) / 1e6, (c - b) / 1e6, (System.nanoTime() - c) / 1e6);
            }
        }
        double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        long peak = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024).findFirst().orElse(-1);
        System.out.printf("%s %s %s batch %d: %.2f pictures/s, peak %d MiB%n", name, arguments[1], precision, batch, sorted[sorted.length / 2], peak); System.out.printf("best %.2f%n", sorted[sorted.length - 1]);
    }
}
