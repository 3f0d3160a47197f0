package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import graft.data.Mix;
import graft.data.Picture;
import graft.torch.BatchGradients;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A part of a training in which the same parameters train: the network from its cut on, loaded, and all that a step needs. */
final class Phase implements AutoCloseable {
    /** Pictures that pass through a network together on one processor. */
    private static final int MICRO_BATCH = 4;
    private static final int FILES_NAMED = 3;

    private final Recipe recipe;
    private final Trainee trainee;
    private final int first;
    private final int cut;
    /** Closes what was opened, the last first. */
    private final Deque<Runnable> opened = new ArrayDeque<>();
    private final NDManager manager = Libtorch.manager();
    private final Inputs inputs;
    private final Network network;
    private final BatchGradients gradients;
    private final MicroBatch microBatch;
    private final OptimizerState optimizer;
    /** {@code null} where the recipe averages no weights. */
    private final AveragedWeights averaged;
    private String problem;

    /**
     * Loads the network as it stands.
     *
     * @param first the first stage that trains
     * @param note told of what a person should know
     */
    Phase(Recipe recipe, Trainee trainee, int first, List<Picture> pictures, Position at, Consumer<String> note) throws InterruptedException {
        this.recipe = recipe;
        this.trainee = trainee;
        this.first = first;
        opened.push(manager::close);
        try {
            cut = trainee.cut(first);
            inputs = trainee.inputs(pictures, cut);
            opened.push(inputs::close);
            Predicate<String> trains = name -> trainee.stageOf(name) >= first && Updates.trains(recipe, name);
            network = Network.load(trainee.description(cut), at.network.over(trainee.weights()), recipe.precision(), trains);
            opened.push(network::close);
            Map<String, NDArray> parameters = network.parameters();
            gradients = new BatchGradients(network, MICRO_BATCH);
            opened.push(gradients::close);
            optimizer = recipe.optimizer().start(manager, parameters,
                name -> Updates.setting(recipe, trainee, name, parameters.get(name).getShape()));
            opened.push(optimizer::close);
            optimizer.restore(at.optimizer);
            averaged = recipe.ema == null ? null : recipe.ema.start(manager, parameters);
            if (averaged != null && at.averaged.size() > 0) {
                averaged.restore(at.averaged);
            }
            int most = mixesPictures() ? recipe.batch : MICRO_BATCH;
            boolean known = at.microBatch > 0 && at.microBatchFrom == first; // Measured again it might be another, and batch norms would see other pictures.
            microBatch = new MicroBatch(known ? Math.min(at.microBatch, most) : most, mixesPictures(), note);
            if (!known && cut < trainee.stages()) {
                fitMemory(at, trains);
            }
        } catch (InterruptedException | RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /** Whether the network normalises over the batch. */
    boolean mixesPictures() {
        network.train(true);
        return network.mixesPictures();
    }

    /**
     * One step: the gradients of some pictures, and an update. Once it computes it is not interrupted, because running statistics have changed then.
     *
     * @param rows which pictures
     * @return the mean loss of the pictures; if it or a gradient is not finite, NaN: nothing was updated then, and {@link #problem} says more
     */
    double step(int[] rows, Position at, double rate) throws InterruptedException {
        network.train(true);
        try (NDManager step = manager.newSubManager()) {
            List<int[]> parts = Steps.cut(rows, recipe.batch, network.mixesPictures());
            List<Inputs.Batch> batches = new ArrayList<>();
            for (int[] part : parts) {
                batches.add(inputs.batch(step, part, at.epoch, at.step * recipe.accumulate + batches.size()));
            }
            NDArray targets = targets(step, batches);
            NDArray teacher = teacher(step, batches);
            Result result = microBatch.run(size -> {
                BatchLoss loss = recipe.loss.of(targets, teacher, recipe.data().classes().size());
                NDManager attempt = step.newSubManager();
                try {
                    return new Result(loss, gradients(attempt, batches, size, loss, Mix.of(Mix.of(Mix.of(recipe.seed(), "step"), at.epoch), at.step)));
                } catch (InterruptedException | RuntimeException | Error failed) {
                    attempt.close(); // before another one, which needs the memory
                    throw failed;
                }
            });
            List<NDArray> sum = result.gradients();
            BatchLoss loss = result.loss();
            double norm = recipe.clipping == null ? GradientClipping.norm(sum) : recipe.clipping.clip(sum);
            if (!Double.isFinite(loss.loss()) || !Double.isFinite(norm)) {
                problem = problem(rows, at, rate, loss.loss(), sum);
                return Double.NaN;
            }
            optimizer.step(sum, rate);
            if (averaged != null) {
                averaged.update();
            }
            at.add(loss.loss() * rows.length, loss.hits(), rows.length);
            return loss.loss();
        }
    }

    private record Result(BatchLoss loss, List<NDArray> gradients) { }

    /** @param size pictures that pass through the network together */
    private List<NDArray> gradients(NDManager attempt, List<Inputs.Batch> batches, int size, BatchLoss loss, long seed) throws InterruptedException {
        List<NDArray> sum = null;
        int offset = 0;
        for (Inputs.Batch batch : batches) {
            int count = batch.labels().length;
            int together = cut < trainee.stages() && network.mixesPictures() && size < recipe.batch ? size : count;
            for (int begin = 0; begin < count; begin += together) {
                int end = Math.min(begin + together, count);
                int first = offset + begin;
                NDArray inputs = together == count ? batch.inputs() : batch.inputs().get(new NDIndex("{}:{}", begin, end));
                BatchGradients.Loss part = (outputs, at) -> loss.gradient(outputs, first + at);
                List<NDArray> next = gradients.of(attempt, inputs, size, seed + first, part);
                if (sum == null) {
                    sum = next;
                } else {
                    Network.add(sum, next);
                    next.forEach(NDArray::close);
                }
            }
            offset += count;
        }
        return sum;
    }

    /** Chooses how many pictures pass through the network together, from what a step of a few takes. The network that measures is another: batch norms count. */
    private void fitMemory(Position at, Predicate<String> trains) throws InterruptedException {
        int most = Math.min(inputs.pictures().size(), 2 * MicroBatch.MEASURED * Runtime.getRuntime().availableProcessors());
        try (Network probe = Network.load(trainee.description(cut), at.network.over(trainee.weights()), recipe.precision(), trains);
             BatchGradients measured = new BatchGradients(probe, 1); NDManager step = manager.newSubManager()) {
            NDArray some = inputs.batch(step, IntStream.range(0, most).toArray(), at.epoch, 0).inputs();
            microBatch.fit(size -> {
                try (NDManager pass = step.newSubManager()) {
                    long count = Math.min(most, probe.mixesPictures() ? size : (long) size * Runtime.getRuntime().availableProcessors());
                    NDArray part = some.get(new NDIndex("0:{}", count));
                    part.attach(pass);
                    return measured.of(pass, part, size, 0, (outputs, first) -> outputs.zerosLike()).size();
                }
            });
        }
    }

    private NDArray teacher(NDManager step, List<Inputs.Batch> batches) throws InterruptedException {
        if (!recipe.loss.distils()) {
            return null;
        }
        NDList logits = new NDList();
        for (Inputs.Batch batch : batches) {
            logits.add(trainee.teacher(step, batch.inputs()));
        }
        return NDArrays.concat(logits);
    }

    private static NDArray targets(NDManager step, List<Inputs.Batch> batches) {
        if (batches.get(0).targets() == null) {
            return step.create(batches.stream().flatMapToInt(batch -> Arrays.stream(batch.labels())).asLongStream().toArray());
        }
        return step.create(batches.stream().flatMap(batch -> Arrays.stream(batch.targets())).toArray(float[][]::new));
    }

    /** What was wrong with a step that gave no number. */
    String problem() {
        return problem;
    }

    private String problem(int[] rows, Position at, double rate, double loss, List<NDArray> found) {
        List<String> names = List.copyOf(network.parameters().keySet());
        int largest = 0;
        double most = -1;
        for (int i = 0; i < found.size(); i++) {
            double norm = GradientClipping.norm(found.subList(i, i + 1));
            if (!(norm <= most)) {
                largest = i;
                most = norm;
            }
            if (Double.isNaN(norm)) {
                break;
            }
        }
        String files = Arrays.stream(rows).limit(FILES_NAMED).mapToObj(row -> inputs.pictures().get(row).id()).collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "the loss is %s at step %d of epoch %d (%d pictures, %s%s; largest gradient: %s of %s) with the learning rate %.3g; "
            + "a smaller one, clipping of gradients or a warm-up would be right", loss, at.step + 1, at.epoch + 1, rows.length, files, rows.length > FILES_NAMED ? ", …" : "",
            most, names.get(largest), rate);
    }

    /**
     * The loss and the accuracy on pictures as they are evaluated: of the running mean of the weights, where there is one.
     */
    double[] validate(List<Picture> pictures) throws InterruptedException {
        float[][] logits;
        if (averaged == null) {
            logits = trainee.logits(pictures, cut, network);
        } else {
            try (Network mean = Network.load(trainee.description(cut), dict(averaged.weights()).over(network.state()), recipe.precision(), name -> false)) {
                logits = trainee.logits(pictures, cut, mean);
            }
        }
        double loss = 0;
        int hits = 0;
        for (int i = 0; i < logits.length; i++) {
            int label = pictures.get(i).label();
            int best = 0;
            for (int k = 1; k < logits[i].length; k++) {
                best = logits[i][k] > logits[i][best] ? k : best;
            }
            double all = 0;
            for (float logit : logits[i]) {
                all += Math.exp((double) logit - logits[i][best]);
            }
            loss += Math.log(all) + logits[i][best] - logits[i][label];
            hits += best == label ? 1 : 0;
        }
        return new double[] {loss / logits.length, (double) hits / logits.length};
    }

    /** Notes in {@code at} what the network and the optimizer have come to. */
    void keep(Position at) {
        at.microBatch = microBatch.size();
        at.microBatchFrom = first;
        at.network = network.state().over(at.network);
        at.optimizer = dict(optimizer.state()).over(at.optimizer);
        if (averaged != null) {
            at.averaged = dict(averaged.state()).over(at.averaged);
        }
    }

    private static StateDict dict(Map<String, StateTensor> tensors) {
        StateDict state = new StateDict("the training");
        tensors.forEach(state::put);
        return state;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }
}
