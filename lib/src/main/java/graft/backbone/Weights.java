package graft.backbone;

import graft.InputException;
import graft.Progress;
import graft.data.Sha256;
import graft.torch.DType;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The weights that a backbone starts from: published, from a file, or none yet. */
public final class Weights {
    @FunctionalInterface
    private interface Loader {
        StateDict load(Backbone backbone, Progress progress) throws InterruptedException;
    }

    /** Where weights come from that have yet to be trained. */
    @FunctionalInterface
    public interface Training {
        /** Every entry of the backbone with its head. */
        StateDict run(Progress progress) throws InterruptedException;
    }

    private static final String UNTRAINED = "untrained, seed ";
    private static final Pattern UNTRAINED_SIZE = Pattern.compile(UNTRAINED + "(-?[0-9]{1,19}), ([1-9][0-9]{0,3}) pixels");
    /** Between the name of a file and that of the published weights whose preprocessing it has. */
    private static final String AS = " as ";
    private static final Pattern FILE_AS = Pattern.compile(".* [0-9a-f]{8}" + AS + "([A-Za-z0-9_]+)");
    private static final Pattern DIVIDED = Pattern.compile("(.*), pictures divided by ([0-9]{1,9})");

    /** Asked when somebody wants to know: the name of a file takes reading all of it. */
    private final Supplier<String> naming;
    private String name;
    private final Pretrained preprocessing;
    private final Path file;
    private final Loader loader;
    private final BooleanSupplier here;

    private Weights(Supplier<String> naming, Pretrained preprocessing, Path file, Loader loader, BooleanSupplier here) {
        this.naming = naming;
        this.preprocessing = preprocessing;
        this.file = file;
        this.loader = loader;
        this.here = here;
    }

    /** Published or built-in weights. */
    public static Weights published(Pretrained published) {
        String sha256 = published.sha256().isEmpty() ? "" : " " + published.sha256().substring(0, 8);
        return new Weights(() -> published.weights() + sha256, published, null, (backbone, progress) -> StateDict.read(published.file(progress)), published::here);
    }

    /** Weights in a {@code .safetensors} or {@code .pth} file, with the preprocessing that the backbone's published weights have. */
    public static Weights file(String backbone, Path file) {
        return file(Pretrained.of(backbone), file);
    }

    /** The same with the preprocessing of these published weights, which may be other ones than those that are taken when none are named. */
    public static Weights file(Pretrained published, Path file) {
        String as = published.equals(Pretrained.of(published.backbone())) ? "" : AS + published.weights();
        return new Weights(() -> file.getFileName() + " " + sha256(file).substring(0, 8) + as, published, file, (network, progress) -> StateDict.read(file), () -> true);
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException unreadable) {
            throw new InputException("the weights " + file + " cannot be read; give a .safetensors or .pth file that is there", unreadable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while reading " + file);
        }
    }

    /**
     * Random weights, to try a program out: no photograph is recognised with them. Convolutions and linear layers are normal with
     * variance 2 / fan-in, He et al. 2015 (arXiv:1502.01852); norms begin as the identity.
     */
    public static Weights untrained(String backbone, long seed) {
        return new Weights(() -> UNTRAINED + seed, Pretrained.of(backbone), null, (network, progress) -> random(network, seed), () -> true);
    }

    /** The same for pictures of {@code size × size} pixels. */
    public static Weights untrained(String backbone, long seed, int size) {
        return new Weights(() -> UNTRAINED + seed + ", " + size + " pixels", Pretrained.of(backbone).sized(size), null, (network, progress) -> random(network, seed), () -> true);
    }

    /**
     * Weights that a training gives; it is carried out when they are first needed, and once.
     *
     * @param name what decides them
     */
    public static Weights trained(String name, Pretrained preprocessing, Training training) {
        StateDict[] kept = new StateDict[1];
        return new Weights(() -> name, preprocessing, null, (backbone, progress) -> {
            if (kept[0] == null) {
                kept[0] = training.run(progress);
            }
            return kept[0];
        }, () -> true);
    }

    /**
     * The same on wrongly prepared pictures: divided by so many once more before they are normalised, so that {@code 255} gives the network what it sees when a
     * program scales its pictures to 0 … 1 for a network that scales them itself.
     */
    public Weights dividedBy(int divisor) {
        if (divisor < 1) {
            throw new InputException("pictures divided by " + divisor + " are none; 1 or more, such as 255, would be right");
        }
        Pretrained wrong = new Pretrained(preprocessing.backbone(), preprocessing.weights(), preprocessing.address(), preprocessing.sha256(), preprocessing.licence(),
            preprocessing.resize(), preprocessing.crop(), preprocessing.interpolation(), times(preprocessing.mean(), divisor), times(preprocessing.std(), divisor),
            Double.NaN, Double.NaN);
        return new Weights(() -> name() + ", pictures divided by " + divisor, wrong, file, loader, here);
    }

    /** {@code (x / d − mean) / std = (x − d·mean) / (d·std)}. */
    private static List<Float> times(List<Float> colours, int divisor) {
        return colours.stream().map(value -> value * divisor).toList();
    }

    /**
     * The weights that have a {@link #name()}.
     *
     * @param file where they are, if they were in a file; else {@code null}
     * @throws InputException if there are none of that name, or the file holds others
     */
    public static Weights named(String backbone, String name, Path file) {
        Matcher divided = DIVIDED.matcher(name);
        if (divided.matches()) {
            return named(backbone, divided.group(1), file).dividedBy(Integer.parseInt(divided.group(2)));
        }
        if (file != null) {
            Matcher as = FILE_AS.matcher(name);
            Weights weights = as.matches() ? file(Pretrained.of(backbone, as.group(1)), file) : file(backbone, file);
            if (!weights.name().equals(name)) {
                throw new InputException("the weights " + file + " of " + backbone + " were " + name + " and now are " + weights.name() + "; put the former file back");
            }
            return weights;
        }
        if (name.matches(UNTRAINED + "-?[0-9]{1,19}")) {
            return untrained(backbone, seed(name.substring(UNTRAINED.length())));
        }
        Matcher sized = UNTRAINED_SIZE.matcher(name);
        if (sized.matches()) {
            return untrained(backbone, seed(sized.group(1)), Integer.parseInt(sized.group(2)));
        }
        return Pretrained.all().stream().filter(one -> one.backbone().equals(backbone)).map(Weights::published).filter(one -> one.name().equals(name)).findFirst()
            .orElseThrow(() -> new InputException("no weights " + name + " of " + backbone + " are known; environment/jbang models lists those that are"));
    }

    private static long seed(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw new InputException("the seed " + digits + " of untrained weights is no 64-bit number; one such as 1234 would be right", tooLarge);
        }
    }

    private static StateDict random(Backbone backbone, long seed) {
        StateDict state = new StateDict("untrained weights");
        backbone.state().forEach((entryName, entry) -> {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            if (entry.value() != null) {
                state.put(entryName, entry.value());
            } else if (entry.type() == DType.INT64) {
                state.put(entryName, StateTensor.of(new long[Math.toIntExact(entry.count())], shape));
            } else {
                boolean one = entryName.endsWith("weight") || entryName.endsWith("running_var");
                long own = new SplittableRandom(seed).nextLong() ^ new SplittableRandom(entryName.hashCode()).nextLong();
                state.put(entryName, StateTensor.of(() -> random(shape, Math.toIntExact(entry.count()), one, own), shape));
            }
        });
        return state;
    }

    private static float[] random(long[] shape, int count, boolean one, long seed) {
        float[] values = new float[count];
        if (shape.length < 2) {
            Arrays.fill(values, one ? 1 : 0);
            return values;
        }
        SplittableRandom random = new SplittableRandom(seed);
        double deviation = Math.sqrt(2.0 * shape[0] / count);
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    /**
     * Reads the weights, downloading them first where that is needed, and checks that they fit.
     *
     * @param withHead whether the head has to fit too
     * @throws graft.InputException if they do not fit, or cannot be had
     */
    public StateDict load(Backbone backbone, boolean withHead, Progress progress) throws InterruptedException {
        StateDict state = backbone.adapted(loader.load(backbone, progress));
        WeightFit.check(backbone, state, withHead);
        return state;
    }

    /**
     * How many classes their head tells apart: 21,841 where it was trained on all of ImageNet. Downloads them first where that is
     * needed.
     *
     * @return 1000 where they hold no head that fits the backbone's
     */
    public long classes(Progress progress) throws InterruptedException {
        Backbone backbone = Backbones.create(preprocessing.backbone(), 1000);
        StateDict state = backbone.adapted(loader.load(backbone, progress));
        String bias = backbone.headPath() + ".bias";
        return state.contains(bias) ? Math.max(1, state.get(bias).count()) : 1000;
    }

    /** Whether they are random, so that their head can have any number of classes. */
    public boolean untrained() {
        return name().matches(UNTRAINED + "-?[0-9]{1,19}|" + UNTRAINED_SIZE);
    }

    /** Whether {@link #load} needs no download. */
    public boolean here() {
        return here.getAsBoolean();
    }

    /** What they are, with the first digits of their SHA-256: {@code IMAGENET1K_V1 0676ba61}. */
    public synchronized String name() {
        if (name == null) {
            name = naming.get();
        }
        return name;
    }

    /** The file that was given; none for weights that are published or untrained. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** How pictures have to be prepared for them. */
    public Pretrained preprocessing() {
        return preprocessing;
    }
}
