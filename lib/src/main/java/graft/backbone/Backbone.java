package graft.backbone;

import graft.InputException;
import graft.data.Image;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.torch.Value;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * A network for image classification: stages, one after the other, that turn pictures into features, and a {@link Head} that turns features into
 * logits. Input {@code [batch, 3, height, width]}, normalised.
 */
public abstract class Backbone extends Module {
    /** @param maps whether it takes {@code [batch, channels, height, width]} */
    private record Stage(String name, List<String> paths, boolean maps, UnaryOperator<Value> forward) { }

    /**
     * Where the last maps are.
     *
     * @param stage the stage that makes them
     * @param maps that stage without the pooling
     * @param rest from the maps to what the stage gives
     */
    private record Pooling(int stage, long channels, UnaryOperator<Value> maps, UnaryOperator<Value> rest) { }

    private final String name;
    private final long width;
    private final Variant variant;
    private final double dropout;
    private final List<String> heads;
    private final List<Stage> stages = new ArrayList<>();
    private Pooling pooling;
    private int first;
    /** Whether this is the rest behind the last maps, see {@link #afterMaps}. */
    private boolean takesLastMaps;

    /**
     * @param name torchvision's or timm's
     * @param width how many features a picture has
     * @param dropout the share of the features that the head does not see in training, unless the variant says otherwise
     * @param heads the path of the head in the state dict: {@code fc}, {@code classifier.1}; of several the logits are averaged, and each sees its part of
     *     the features
     */
    Backbone(String name, long width, Variant variant, double dropout, String... heads) {
        this.name = name;
        this.width = width;
        this.variant = variant;
        this.dropout = variant.dropout(dropout);
        this.heads = List.of(heads);
    }

    /**
     * Adds the next stage; this one takes maps {@code [batch, channels, height, width]}.
     *
     * @param paths where its entries are in the state dict
     */
    final void stage(String stage, List<String> paths, UnaryOperator<Value> forward) {
        stages.add(new Stage(stage, paths, true, forward));
    }

    /** Adds the next stage, which takes tokens, places or features. */
    final void tokenStage(String stage, List<String> paths, UnaryOperator<Value> forward) {
        stages.add(new Stage(stage, paths, false, forward));
    }

    /**
     * Adds the next stage, the one that gives the last maps {@code [batch, channels, height, width]}, in two parts.
     *
     * @param maps gives the maps, of this many channels
     * @param rest makes of them what the stage gives, such as their mean
     */
    final void poolingStage(String stage, List<String> paths, long channels, UnaryOperator<Value> maps, UnaryOperator<Value> rest) {
        pooling = new Pooling(stages.size(), channels, maps, rest);
        boolean takesMaps = stages.isEmpty() || stages.get(stages.size() - 1).maps;
        stages.add(new Stage(stage, paths, takesMaps, x -> rest.apply(maps.apply(x))));
    }

    /** How many channels {@link #maps} has; 0 for networks that have no maps to the end, as Vision Transformers. */
    public final long mapChannels() {
        return pooling == null ? 0 : pooling.channels;
    }

    /** What a picture has become before its places are pooled: {@code [batch, channels, height, width]}. */
    public final Value maps(Value x) {
        return pooling.maps.apply(upTo(x, pooling.stage));
    }

    /** A description of the rest that takes what {@link #maps} gives. */
    public final Backbone afterMaps() {
        Backbone rest = Backbones.create(name, variant);
        rest.first = pooling.stage;
        rest.takesLastMaps = true;
        rest.keep(entry -> rest.stageOf(entry) >= pooling.stage);
        return rest;
    }

    /** What a picture looks like to the head: {@code [batch, width]}, float32. */
    public final Value features(Value x) {
        return upTo(x, stages.size());
    }

    /** What the stages before {@code stage} make of pictures: the input of {@link #suffix}. */
    public final Value upTo(Value x, int stage) {
        Value y = first > 0 && takesMaps() ? x.inPrecision() : x;
        for (int i = first; i < stage; i++) {
            y = takesLastMaps && i == first ? pooling.rest.apply(y) : stages.get(i).forward.apply(y);
        }
        return y;
    }

    /** The head applied to features: {@code [batch, classes]}. */
    protected abstract Value head(Value features);

    @Override
    protected final Value forward(Value x) {
        return head(features(x).dropout(dropout));
    }

    @Override
    protected final boolean takesMaps() {
        return takesLastMaps || first < stages.size() && stages.get(first).maps;
    }

    /**
     * The stages in order, from the pictures to the features, each by the path of its main part in the state dict. Each block of a transformer is one,
     * with the patches before the first; a convolutional network has one for its stem and one for each row of its paper's table.
     */
    public final List<String> stages() {
        return stages.stream().map(Stage::name).toList();
    }

    /** The stage that an entry of the state dict belongs to, counted from 0; the head's is {@code stages().size()}. */
    public final int stageOf(String entry) {
        if (isHead(entry)) {
            return stages.size();
        }
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).paths.stream().anyMatch(path -> entry.equals(path) || entry.startsWith(path + "."))) {
                return i;
            }
        }
        throw new IllegalArgumentException(name + " has no entry " + entry);
    }

    /**
     * A description of the rest: stages from {@code firstStage} on, and the head. It takes what {@link #upTo} gives (pictures for 0, features for
     * {@code stages().size()}), and its state dict has no entry of the stages before; its stages keep their numbers.
     */
    public final Backbone suffix(int firstStage) {
        if (firstStage < first || firstStage > stages.size()) {
            throw new IllegalArgumentException(name + " has stages " + first + " to " + (stages.size() - 1) + ", so nothing begins at " + firstStage);
        }
        Backbone rest = Backbones.create(name, variant);
        rest.first = firstStage;
        rest.keep(entry -> rest.stageOf(entry) >= firstStage);
        return rest;
    }

    public final String backboneName() {
        return name;
    }

    /** How many features a picture has. */
    public final long width() {
        return width;
    }

    /** The path of the head in the state dict; of the first where there are two. */
    public final String headPath() {
        return heads.get(0);
    }

    /** How many heads there are. Of two, a training step gives both logits beside each other, {@code [batch, 2·classes]}; evaluation gives their mean. */
    public final int heads() {
        return heads.size();
    }

    /** The numbers that a new head begins with, by their names in the state dict: those of PyTorch's layers; a pure function of the seed. */
    public final Map<String, StateTensor> newHead(long seed) {
        Map<String, Entry> entries = new LinkedHashMap<>(state());
        entries.keySet().removeIf(entry -> !isHead(entry));
        return NewHead.of(entries, seed);
    }

    /** The weight decay of an entry, where that is the head's own and not the optimizer's. */
    public final OptionalDouble weightDecay(String entry) {
        return heads.stream().filter(head -> entry.startsWith(head + ".")).findFirst()
            .map(head -> variant.head().weightDecay(entry.substring(head.length() + 1))).orElse(OptionalDouble.empty());
    }

    /** Whether an entry of the state dict belongs to a head. */
    public final boolean isHead(String entry) {
        return heads.stream().anyMatch(head -> entry.startsWith(head + "."));
    }

    /** The height and width of the patches that are its tokens, in pixels; 0 if it is no Vision Transformer. */
    public long patchSize() {
        return 0;
    }

    /** The height and width of the pictures that it is described for, or 0 if it takes any. */
    public long inputSize() {
        return 0;
    }

    /**
     * Checks that it takes pictures of this size.
     *
     * @param transforms what made it: {@code the training transforms}
     * @param file of the picture
     * @throws InputException if it does not
     */
    public final void checkSize(String transforms, Image view, Path file) {
        long size = inputSize();
        if (size > 0 && (view.height() != size || view.width() != size)) {
            throw new InputException(transforms + " make " + view.width() + "×" + view.height() + " of " + file + ", and with these weights " + backboneName() + " takes " + size + "×" + size
                + " alone; end them with a crop to " + size);
        }
    }

    /**
     * Published weights under the names of this description: older names are replaced, what follows from the description is left
     * out, position embeddings are interpolated for its input size. Whether they fit is {@link WeightFit}'s question.
     */
    public StateDict adapted(StateDict state) {
        return state;
    }

    /** The layers of a head. @param features that it sees */
    static Module head(long features, Variant variant) {
        return variant.head().layers(features, variant.classes(), false);
    }

    /** Blocks one after the other. */
    static Value inTurn(List<Module> blocks, Value x) {
        Value y = x;
        for (Module block : blocks) {
            y = block.of(y);
        }
        return y;
    }

    /** How many parameters the body has, without the head. */
    public final long bodyParameterCount() {
        return state().entrySet().stream().filter(e -> e.getValue().trains() && !isHead(e.getKey())).mapToLong(e -> e.getValue().count()).sum();
    }
}
