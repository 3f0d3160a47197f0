package graft.train;

import com.google.gson.JsonObject;
import graft.InputException;
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
import graft.data.Split;
import graft.torch.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Everything that decides a result: data, split, transforms, backbones and their weights, optimizer, schedule, epochs, seed,
 * precision. Immutable: every method that changes something returns a new recipe. It prints as what it is, reads as JSON, and has a hash; equal
 * recipes give equal figures on the same machine.
 *
 * <p>Unless told otherwise: frozen backbone, linear head, resize 256 and centre crop 224, AdamW 1e-3, cosine over all epochs, 40
 * epochs, batch 32, five folds, seed 0, float32.
 */
public final class Recipe extends TrainingSettings {
    /** A backbone, and the weights that it starts from. */
    public record Member(String backbone, Weights weights) {
        /** A new description of the backbone, for pictures of the size that the weights are made for. */
        public Backbone create(long classes) {
            return Backbones.create(backbone, classes, weights.preprocessing().crop());
        }
    }

    /** What the teacher is called among the weights that were taken from files. */
    public static final String TEACHER = "teacher";

    final String name;
    ImageFolder data;
    List<Member> members = List.of();
    Split split = Split.folds(5);
    Pipeline train = Pipeline.of(Transforms.resize(256), Transforms.centerCrop(224));
    Pipeline evaluate = train;
    /** Null for that of validation. */
    Pipeline test;
    Member teacher;
    /** How the teacher is trained first; null where its weights are there. */
    Recipe lesson;
    Ensemble join = Ensemble.LINEAR;
    /** Null for a recipe that means what it says. */
    String shrunkFrom;

    private Recipe(String name, ImageFolder data) {
        this.name = name;
        this.data = data;
    }

    /** A recipe with the defaults, still without a backbone. */
    public static Recipe of(String name, ImageFolder data) {
        return new Recipe(name, data);
    }

    @Override
    Recipe change(Consumer<Recipe> change) {
        Recipe copy = new Recipe(name, data);
        copy.members = members;
        RecipePart.ALL.forEach(part -> part.copy(this, copy));
        copy.teacher = teacher;
        copy.lesson = lesson;
        change.accept(copy);
        if (copy.lesson != null && (copy.data != data || copy.seed != seed || !copy.split.equals(split))) {
            copy.teach(copy.lesson);
        }
        return copy;
    }

    /** The teacher's recipe, with the pictures, the split and the seed of this one: it must not learn from what its pupil is judged by. */
    private void teach(Recipe first) {
        Member own = first.members.get(0);
        Recipe same = first.data(data).split(split).seed(seed);
        boolean known = lesson != null && same.hash().equals(lesson.hash()); // It may have been trained already.
        lesson = same;
        teacher = known ? teacher : new Member(own.backbone(), Weights.trained("trained by recipe " + same.hash(), own.weights().preprocessing(),
            progress -> Fit.of(same, null, progress).members().get(own.backbone()).weights()));
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

    /** What test pictures, and those that the trained network is asked about later, go through, where that is something else than for validation. */
    public Recipe test(Transform... transforms) {
        return change(recipe -> recipe.test = Pipeline.of(transforms));
    }

    /** The same recipe for pictures of another size: every size in its transforms becomes so many times as large, rounded. */
    public Recipe scaled(double factor) {
        return change(recipe -> {
            recipe.train = train.scaled(factor);
            recipe.evaluate = evaluate.scaled(factor);
            recipe.test = test == null ? null : test.scaled(factor);
        });
    }

    /** Says of which recipe this is a small form, by that one's hash, which then counts for the hash of this one. */
    public Recipe shrunkFrom(String hash) {
        return change(recipe -> recipe.shrunkFrom = hash);
    }

    /** The network that a {@link Distillation} learns from; trained on the same classes before. */
    public Recipe teacher(String backbone, Weights weights) {
        Backbones.create(backbone, 1);
        return change(recipe -> {
            recipe.lesson = null;
            recipe.teacher = new Member(backbone, weights);
        });
    }

    /**
     * The same, trained first, by a recipe of its own.
     *
     * @param first of one backbone with a linear head; it is given this recipe's pictures, split and seed, now and when they change
     */
    public Recipe teacher(Recipe first) {
        if (first.members.size() != 1 || !(first.head instanceof Head.Linear)) {
            throw new InputException("the teacher's recipe " + first.name + " has " + first.members.size() + " backbones and a " + first.head + "; one with a linear head would be right");
        }
        return change(recipe -> {
            recipe.lesson = null;
            recipe.teach(first);
        });
    }

    /** Without a teacher, to learn from the labels alone. */
    public Recipe withoutTeacher() {
        return change(recipe -> {
            recipe.lesson = null;
            recipe.teacher = null;
        });
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

    /** The names of all backbones that take part, the teacher's last. */
    public List<String> backbones() {
        return Stream.concat(members.stream(), Stream.ofNullable(teacher)).map(Member::backbone).distinct().toList();
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

    /** That of validation unless told otherwise. */
    public Pipeline test() {
        return test == null ? evaluate : test;
    }

    /** The network that is learned from, if there is one. */
    public Optional<Member> teacher() {
        return Optional.ofNullable(teacher);
    }

    /** A new description of a backbone with this recipe's head, for its classes. */
    public Backbone create(Member member) {
        return Backbones.create(member.backbone(), data.classes().size(), member.weights().preprocessing().crop(), head,
            dropPath == null ? Double.NaN : dropPath, dropout == null ? Double.NaN : dropout);
    }

    /** How many parameters of a backbone with this recipe's head train in an epoch, counted from 0. */
    public long trainableParameters(Member member, int epoch) {
        return Updates.count(this, create(member), epoch);
    }

    /** How the layer that joins several backbones is trained: on their logits, by the same optimizer and schedule. */
    Recipe joining() {
        return change(recipe -> {
            recipe.trainable = Trainable.all();
            recipe.rules = List.of();
            recipe.loss = Loss.crossEntropy();
            recipe.lesson = null;
            recipe.teacher = null;
            recipe.mixing = List.of();
            recipe.ema = null;
            recipe.precision = Precision.FLOAT32;
        });
    }

    /** As written to {@code recipe.json}. Pictures count by id, label and size, wherever the folder lies. */
    public JsonObject toJson() {
        return RecipeFile.write(this);
    }

    /** The weights that are in files, by the names that {@link #fromJson} knows them by. */
    public Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        Stream.concat(Stream.ofNullable(lesson).flatMap(first -> first.members.stream()), members.stream())
            .forEach(member -> member.weights().file().ifPresent(file -> files.put(member.backbone(), file)));
        teacher().flatMap(member -> member.weights().file()).ifPresent(file -> files.put(TEACHER, file));
        return files;
    }

    /**
     * The recipe that {@link #toJson()} was written of.
     *
     * @param data where its pictures are now
     * @param files the weights that were taken from files, by backbone; those of a teacher that is not trained first as {@value #TEACHER}
     * @throws InputException if it is of another form, or the pictures or the weights are not those that it was written of
     */
    public static Recipe fromJson(JsonObject json, ImageFolder data, Map<String, Path> files) {
        return RecipeFile.read(json, data, files);
    }

    /** Eight hexadecimal digits of the SHA-256 of the JSON. */
    public String hash() {
        return RecipeFile.hash(this);
    }

    /** A line for each part, and the hash. */
    @Override
    public String toString() {
        return RecipeText.of(this);
    }
}
