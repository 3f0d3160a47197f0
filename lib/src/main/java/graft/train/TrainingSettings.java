package graft.train;

import graft.InputException;
import graft.Limits;
import graft.augment.BatchTransform;
import graft.backbone.Head;
import graft.torch.Precision;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a recipe trains: what trains, by which optimizer, how long, on what machine precision. Each method gives a new recipe.
 */
abstract class TrainingSettings {
    Head head = Head.linear();
    Double dropPath;
    Double dropout;
    Trainable trainable = Trainable.head();
    Optimizer optimizer = Optimizer.adamW(1e-3);
    List<ParameterRule> rules = List.of();
    DecayRule decay = DecayRule.ALL;
    Schedule schedule = Schedule.cosine();
    Loss loss = Loss.crossEntropy();
    List<BatchTransform> mixing = List.of();
    int accumulate = 1;
    GradientClipping clipping;
    Ema ema;
    int patience;
    int epochs = 40;
    int batch = 32;
    long seed;
    Precision precision = Precision.FLOAT32;

    /** A copy of the recipe with something changed. */
    abstract Recipe change(Consumer<Recipe> change);

    /** The new head on the backbone; a linear one unless told otherwise. */
    public Recipe head(Head value) {
        return change(recipe -> recipe.head = value);
    }

    /**
     * How often whole residual branches are dropped for a picture in training: the rate of the last block, the others' rise to it in a straight line, Huang et al.
     * 2016 (arXiv:1603.09382).
     *
     * @param rate 0 to 1; unless it is given, the backbone's own
     */
    public Recipe dropPath(double rate) {
        Limits.share("the drop path rate", rate);
        return change(recipe -> recipe.dropPath = rate);
    }

    /** The share of the features that the head does not see in a training step, 0 to 1; unless it is given, the backbone's own. */
    public Recipe dropout(double share) {
        Limits.share("the dropout", share);
        return change(recipe -> recipe.dropout = share);
    }

    /** What trains; the head alone unless told otherwise. */
    public Recipe trainable(Trainable value) {
        return change(recipe -> recipe.trainable = value);
    }

    public Recipe optimizer(Optimizer value) {
        return change(recipe -> recipe.optimizer = value);
    }

    /** How some parameters differ from the others. The first rule whose pattern is found in a name counts. */
    public Recipe parameters(ParameterRule... values) {
        return change(recipe -> recipe.rules = List.of(values));
    }

    /** Which parameters the optimizer's weight decay is for, unless a rule says so; all unless told otherwise. */
    public Recipe decay(DecayRule value) {
        return change(recipe -> recipe.decay = value);
    }

    public Recipe schedule(Schedule value) {
        return change(recipe -> recipe.schedule = value);
    }

    /** What training makes small; cross-entropy unless told otherwise. */
    public Recipe loss(Loss value) {
        return change(recipe -> recipe.loss = value);
    }

    /** Batches are mixed, each by one of these. The backbone then sees mixed pictures, so that no features are kept. */
    public Recipe mix(BatchTransform... values) {
        return change(recipe -> recipe.mixing = List.of(values));
    }

    /** Gradients of so many batches make one step. */
    public Recipe accumulate(int batches) {
        return change(recipe -> recipe.accumulate = Limits.atLeast(1, "accumulate", batches));
    }

    /** Gradients that are together longer than this norm are made shorter. */
    public Recipe clip(double maxNorm) {
        return change(recipe -> recipe.clipping = new GradientClipping(maxNorm));
    }

    /** A running mean of the weights is what is validated and kept. */
    public Recipe ema(Ema value) {
        return change(recipe -> recipe.ema = value);
    }

    /** Training ends when the validation has not improved for so many epochs; 0 for never. Only where the validation may choose: not in a cross-validation. */
    public Recipe patience(int epochs) {
        if (epochs < 0) {
            throw new InputException("the patience is " + epochs + " epochs; it has to be 0 (never ends early) or more");
        }
        return change(recipe -> recipe.patience = epochs);
    }

    public Recipe epochs(int value) {
        return change(recipe -> recipe.epochs = Limits.atLeast(1, "--epochs", value));
    }

    /** Pictures a step. */
    public Recipe batch(int value) {
        return change(recipe -> recipe.batch = Limits.atLeast(1, "the batch size", value));
    }

    public Recipe seed(long value) {
        return change(recipe -> recipe.seed = value);
    }

    public Recipe precision(Precision value) {
        return change(recipe -> recipe.precision = value);
    }

    public int epochs() {
        return epochs;
    }

    public long seed() {
        return seed;
    }

    public Precision precision() {
        return precision;
    }

    public Head head() {
        return head;
    }

    public Trainable trainable() {
        return trainable;
    }

    public Optimizer optimizer() {
        return optimizer;
    }
}
