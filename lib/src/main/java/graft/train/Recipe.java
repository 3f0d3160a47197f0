package graft.train;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import graft.InputException;
import graft.augment.BatchTransform;
import graft.augment.Interpolation;
import graft.augment.Pipeline;
import graft.augment.Transform;
import graft.augment.Transforms;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Head;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.data.Split;
import graft.torch.Precision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Everything that decides a result: data, split, transforms, backbones and their weights, optimizer, schedule, epochs, seed,
 * precision. Immutable: every method that changes something returns a new recipe. It prints as what it is, reads as JSON, and has a hash; equal
 * recipes give equal figures on the same machine.
 *
 * <p>Unless told otherwise: frozen backbone, linear head, resize 256 and centre crop 224, AdamW 1e-3, cosine over all epochs, 40
 * epochs, batch 32, five folds, seed 0, float32.
 */
public final class Recipe {
    /** A backbone, and the weights that it starts from. */
    public record Member(String backbone, Weights weights) {
        /** A new description of the backbone, for pictures of the size that the weights are made for. */
        public Backbone create(long classes) {
            return Backbones.create(backbone, classes, weights.preprocessing().crop());
        }
    }

    /** Every setting but the pictures and the backbones, in the order of the JSON. */
    private static final List<RecipePart<?>> PARTS = List.of(
        RecipePart.of("join", Ensemble.class, recipe -> recipe.join, (recipe, value) -> recipe.join = value),
        RecipePart.of("split", Split.class, recipe -> recipe.split, (recipe, value) -> recipe.split = value),
        RecipePart.of("train", Pipeline.class, recipe -> recipe.train, (recipe, value) -> recipe.train = value),
        RecipePart.of("evaluate", Pipeline.class, recipe -> recipe.evaluate, (recipe, value) -> recipe.evaluate = value),
        new RecipePart<>("mixing", new TypeToken<List<BatchTransform>>() { }, recipe -> recipe.mixing, (recipe, value) -> recipe.mixing = value),
        RecipePart.of("head", Head.class, recipe -> recipe.head, (recipe, value) -> recipe.head = value),
        RecipePart.of("dropPath", Double.class, recipe -> recipe.dropPath, (recipe, value) -> recipe.dropPath = value),
        RecipePart.of("dropout", Double.class, recipe -> recipe.dropout, (recipe, value) -> recipe.dropout = value),
        RecipePart.of("trainable", Trainable.class, recipe -> recipe.trainable, (recipe, value) -> recipe.trainable = value),
        RecipePart.of("optimizer", Optimizer.class, recipe -> recipe.optimizer, (recipe, value) -> recipe.optimizer = value),
        new RecipePart<>("parameters", new TypeToken<List<ParameterRule>>() { }, recipe -> recipe.rules, (recipe, value) -> recipe.rules = value),
        RecipePart.of("decay", DecayRule.class, recipe -> recipe.decay, (recipe, value) -> recipe.decay = value),
        RecipePart.of("schedule", Schedule.class, recipe -> recipe.schedule, (recipe, value) -> recipe.schedule = value),
        RecipePart.of("loss", Loss.class, recipe -> recipe.loss, (recipe, value) -> recipe.loss = value),
        RecipePart.of("clipping", GradientClipping.class, recipe -> recipe.clipping, (recipe, value) -> recipe.clipping = value),
        RecipePart.of("ema", Ema.class, recipe -> recipe.ema, (recipe, value) -> recipe.ema = value),
        RecipePart.of("epochs", Integer.class, recipe -> recipe.epochs, (recipe, value) -> recipe.epochs = positive("epochs", value)),
        RecipePart.of("patience", Integer.class, recipe -> recipe.patience, (recipe, value) -> recipe.patience = value),
        RecipePart.of("batch", Integer.class, recipe -> recipe.batch, (recipe, value) -> recipe.batch = positive("batch", value)),
        RecipePart.of("accumulate", Integer.class, recipe -> recipe.accumulate, (recipe, value) -> recipe.accumulate = positive("accumulate", value)),
        RecipePart.of("seed", Long.class, recipe -> recipe.seed, (recipe, value) -> recipe.seed = value),
        RecipePart.of("precision", Precision.class, recipe -> recipe.precision, (recipe, value) -> recipe.precision = value));

    /** What the teacher is called among the weights that were taken from files. */
    public static final String TEACHER = "teacher";

    private final String name;
    private ImageFolder data;
    private List<Member> members = List.of();
    private Split split = Split.folds(5);
    private Pipeline train = Pipeline.of(Transforms.resize(256), Transforms.centerCrop(224));
    private Pipeline evaluate = train;
    private Head head = Head.linear();
    private Double dropPath;
    private Double dropout;
    private Trainable trainable = Trainable.head();
    private Optimizer optimizer = Optimizer.adamW(1e-3);
    private List<ParameterRule> rules = List.of();
    private DecayRule decay = DecayRule.ALL;
    private Schedule schedule = Schedule.cosine();
    private Loss loss = Loss.crossEntropy();
    private Member teacher;
    private Ensemble join = Ensemble.LINEAR;
    private List<BatchTransform> mixing = List.of();
    private int accumulate = 1;
    private GradientClipping clipping;
    private Ema ema;
    private int patience;
    private int epochs = 40;
    private int batch = 32;
    private long seed;
    private Precision precision = Precision.FLOAT32;

    private Recipe(String name, ImageFolder data) {
        this.name = name;
        this.data = data;
    }

    /** A recipe with the defaults, still without a backbone. */
    public static Recipe of(String name, ImageFolder data) {
        return new Recipe(name, data);
    }

    private Recipe change(Consumer<Recipe> change) {
        Recipe copy = new Recipe(name, data);
        copy.members = members;
        PARTS.forEach(part -> part.copy(this, copy));
        copy.teacher = teacher;
        change.accept(copy);
        return copy;
    }

    /** Other pictures, everything else as it is. */
    public Recipe data(ImageFolder value) {
        return change(recipe -> recipe.data = value);
    }

    /** Adds a backbone with its published weights. */
    public Recipe backbone(String backbone) {
        return backbone(backbone, Weights.published(Pretrained.of(backbone)));
    }

    /** Adds a backbone with these weights. Two or more are trained one by one, then joined. */
    public Recipe backbone(String backbone, Weights weights) {
        Backbones.create(backbone, 1);
        return change(recipe -> {
            List<Member> more = new ArrayList<>(members);
            more.add(new Member(backbone, weights));
            recipe.members = List.copyOf(more);
        });
    }

    /** How two or more backbones become one answer; a linear layer on all their logits unless told otherwise. */
    public Recipe join(Ensemble value) {
        return change(recipe -> recipe.join = value);
    }

    /** Without any backbone, to choose others. */
    public Recipe withoutBackbones() {
        return change(recipe -> recipe.members = List.of());
    }

    public Recipe split(Split value) {
        return change(recipe -> recipe.split = value);
    }

    /** Training, validation and test pictures are resized and cropped as these weights were published with. */
    public Recipe preparedFor(Pretrained published) {
        Pipeline view = Pipeline.of(Transforms.resize(published.resize(), Interpolation.of(published.interpolation())), Transforms.centerCrop(published.crop()));
        return change(recipe -> {
            recipe.train = view;
            recipe.evaluate = view;
        });
    }

    /** What training pictures go through. If it draws, every epoch has views of its own. */
    public Recipe train(Transform... transforms) {
        return change(recipe -> recipe.train = Pipeline.of(transforms));
    }

    /** What validation and test pictures go through. */
    public Recipe evaluate(Transform... transforms) {
        return change(recipe -> recipe.evaluate = Pipeline.of(transforms));
    }

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

    /** The network that a {@link Distillation} learns from; trained on the same classes before. */
    public Recipe teacher(String backbone, Weights weights) {
        Backbones.create(backbone, 1);
        return change(recipe -> recipe.teacher = new Member(backbone, weights));
    }

    /** Batches are mixed, each by one of these. The backbone then sees mixed pictures, so that no features are kept. */
    public Recipe mix(BatchTransform... values) {
        return change(recipe -> recipe.mixing = List.of(values));
    }

    /** Gradients of so many batches make one step. */
    public Recipe accumulate(int batches) {
        return change(recipe -> recipe.accumulate = positive("accumulate", batches));
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
        return change(recipe -> recipe.epochs = positive("--epochs", value));
    }

    /** Pictures a step. */
    public Recipe batch(int value) {
        return change(recipe -> recipe.batch = positive("the batch size", value));
    }

    public Recipe seed(long value) {
        return change(recipe -> recipe.seed = value);
    }

    public Recipe precision(Precision value) {
        return change(recipe -> recipe.precision = value);
    }

    private static int positive(String what, int value) {
        if (value < 1) {
            throw new InputException(what + " is " + value + "; it has to be 1 or more");
        }
        return value;
    }

    public String name() {
        return name;
    }

    public ImageFolder data() {
        return data;
    }

    public List<Member> members() {
        return members;
    }

    public Ensemble join() {
        return join;
    }

    public Split split() {
        return split;
    }

    public Pipeline train() {
        return train;
    }

    public Pipeline evaluate() {
        return evaluate;
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

    public int batch() {
        return batch;
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

    public Schedule schedule() {
        return schedule;
    }

    public Loss loss() {
        return loss;
    }

    /** {@code null} for none. */
    public Member teacher() {
        return teacher;
    }

    public List<BatchTransform> mixing() {
        return mixing;
    }

    public int accumulate() {
        return accumulate;
    }

    /** {@code null} for none. */
    public GradientClipping clipping() {
        return clipping;
    }

    /** {@code null} for none. */
    public Ema ema() {
        return ema;
    }

    /** 0 for no early end. */
    public int patience() {
        return patience;
    }

    /** A new description of a backbone with this recipe's head, for its classes. */
    public Backbone create(Member member) {
        return Backbones.create(member.backbone(), data.classes().size(), member.weights().preprocessing().crop(), head,
            dropPath == null ? Double.NaN : dropPath, dropout == null ? Double.NaN : dropout);
    }

    /** How many parameters of a backbone with this recipe's head train in an epoch, counted from 0. */
    public long trainableParameters(Member member, int epoch) {
        Backbone backbone = create(member);
        int first = trainable.firstStage(epoch, backbone.stages().size());
        return backbone.state().entrySet().stream().filter(entry -> entry.getValue().trains() && backbone.stageOf(entry.getKey()) >= first && trains(entry.getKey()))
            .mapToLong(entry -> entry.getValue().count()).sum();
    }

    /** Whether no rule freezes a parameter. */
    boolean trains(String parameter) {
        return rule(parameter).map(rule -> !rule.frozen()).orElse(true);
    }

    private Optional<ParameterRule> rule(String parameter) {
        return rules.stream().filter(rule -> rule.matches(parameter)).findFirst();
    }

    /** How one parameter is updated. */
    ParameterSetting setting(String parameter, Shape shape, Trainee trainee) {
        double rate = trainable.learningRate(trainee.stageOf(parameter), trainee.stages()) * rule(parameter).map(ParameterRule::learningRate).orElse(1.0);
        double usual = trainee.weightDecay(parameter).orElse(decay.decays(parameter, shape) ? optimizer.weightDecay() : 0);
        return new ParameterSetting(rate, rule(parameter).map(ParameterRule::weightDecay).orElse(usual));
    }

    /** How the layer that joins several backbones is trained: on their logits, by the same optimizer and schedule. */
    Recipe joining() {
        return change(recipe -> {
            recipe.trainable = Trainable.all();
            recipe.rules = List.of();
            recipe.loss = Loss.crossEntropy();
            recipe.teacher = null;
            recipe.mixing = List.of();
            recipe.ema = null;
            recipe.precision = Precision.FLOAT32;
        });
    }

    /** As written to {@code recipe.json}. Pictures count by id, label and size, wherever the folder lies. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("experiment", name);
        JsonObject pictures = new JsonObject();
        pictures.addProperty("name", data.name());
        pictures.addProperty("classes", data.classes().size());
        pictures.addProperty("train", data.train().size());
        pictures.addProperty("test", data.test().size());
        pictures.addProperty("sha256", fingerprint(data));
        json.add("data", pictures);
        JsonArray backbones = new JsonArray();
        for (Member member : members) {
            JsonObject backbone = new JsonObject();
            backbone.addProperty("name", member.backbone());
            backbone.addProperty("weights", member.weights().name());
            backbones.add(backbone);
        }
        json.add("backbones", backbones);
        if (teacher != null) {
            JsonObject from = new JsonObject();
            from.addProperty("name", teacher.backbone());
            from.addProperty("weights", teacher.weights().name());
            json.add("teacher", from);
        }
        PARTS.forEach(part -> part.write(this, json));
        return json;
    }

    /**
     * The recipe that {@link #toJson()} was written of.
     *
     * @param data where its pictures are now
     * @param files the weights that were taken from files, by backbone
     * @throws InputException if it is of another form, or the pictures or the weights are not those that it was written of
     */
    public static Recipe fromJson(JsonObject json, ImageFolder data, Map<String, Path> files) {
        try {
            Recipe recipe = new Recipe(json.get("experiment").getAsString(), data);
            String pictures = json.getAsJsonObject("data").get("sha256").getAsString();
            if (!pictures.equals(fingerprint(data))) {
                throw new InputException("the pictures in " + data.root() + " are not those of the recipe (" + data + "; the recipe's are "
                    + json.get("data") + "); put them back as they were, or begin a new run");
            }
            for (JsonElement element : json.getAsJsonArray("backbones")) {
                String backbone = element.getAsJsonObject().get("name").getAsString();
                recipe = recipe.backbone(backbone, Weights.named(backbone, element.getAsJsonObject().get("weights").getAsString(), files.get(backbone)));
            }
            if (json.has("teacher")) {
                String backbone = json.getAsJsonObject("teacher").get("name").getAsString();
                recipe = recipe.teacher(backbone, Weights.named(backbone, json.getAsJsonObject("teacher").get("weights").getAsString(), files.get(TEACHER)));
            }
            for (RecipePart<?> part : PARTS) {
                part.read(json, recipe);
            }
            if (!recipe.toJson().toString().equals(json.toString())) {
                throw new InputException("it is not as this version of Graft writes it; go on with the version that did");
            }
            return recipe;
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException | ClassCastException foreign) { // what JSON of another form leads to
            throw new InputException("it is no recipe of this version of Graft; give a recipe.json as a run wrote it", foreign);
        }
    }

    private static String fingerprint(ImageFolder data) {
        StringBuilder text = new StringBuilder();
        List<Picture> all = new ArrayList<>(data.train());
        all.addAll(data.test());
        for (Picture picture : all) {
            try {
                text.append(picture.id()).append('\t').append(picture.label()).append('\t').append(Files.size(picture.file())).append('\n');
            } catch (IOException gone) {
                throw new InputException(picture.file() + " is gone since the folder was listed; leave the pictures as they are while they are used", gone);
            }
        }
        return sha256(text.toString()).substring(0, 16);
    }

    /** Eight hexadecimal digits of the SHA-256 of the JSON. */
    public String hash() {
        return sha256(toJson().toString()).substring(0, 8);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A line for each part, and the hash. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "recipe", name + ", " + hash());
        line(text, "data", data.toString());
        line(text, "split", split.toString());
        line(text, "train", steps(train));
        line(text, "evaluate", steps(evaluate));
        members.forEach(member -> line(text, "backbone", member.backbone() + ", " + member.weights().name()));
        if (members.size() > 1) {
            line(text, "joined", join.toString());
        }
        line(text, "head", head.toString());
        line(text, "trainable", trainable.toString());
        line(text, "optimizer", optimizer + (decay == DecayRule.ALL ? "" : "; " + decay));
        rules.forEach(rule -> line(text, "parameters", rule.toString()));
        line(text, "schedule", schedule.toString());
        line(text, "loss", loss.toString());
        if (teacher != null) {
            line(text, "teacher", teacher.backbone() + ", " + teacher.weights().name());
        }
        if (!mixing.isEmpty()) {
            line(text, "mixing", mixing.stream().map(Object::toString).collect(Collectors.joining(" or ")));
        }
        if (clipping != null) {
            line(text, "clipping", clipping.toString());
        }
        if (dropPath != null) {
            line(text, "drop path", dropPath.toString());
        }
        if (dropout != null) {
            line(text, "dropout", dropout.toString());
        }
        if (ema != null) {
            line(text, "ema", ema.toString());
        }
        if (patience > 0) {
            line(text, "patience", patience + " epochs");
        }
        line(text, "epochs", epochs + ", batch " + batch + (accumulate > 1 ? " × " + accumulate : ""));
        line(text, "seed", Long.toString(seed));
        line(text, "precision", precision.toString());
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(String.format("%-12s%s%n", what, value));
    }

    private static String steps(Pipeline pipeline) {
        return pipeline.transforms().stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
