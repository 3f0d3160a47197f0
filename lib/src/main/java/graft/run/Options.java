package graft.run;

import graft.InputException;
import graft.Progress;
import graft.backbone.Pretrained;
import graft.backbone.WeightFiles;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.KnownData;
import graft.data.Split;
import graft.plot.TerminalProgress;
import graft.torch.Precision;
import graft.train.Recipe;
import graft.train.Trainable;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options that every experiment takes, in scripts and, as text, in notebooks. */
public class Options {
    @Option(names = "--data", paramLabel = "DIR|NAME", description = "folder of pictures: train/<class>/…, optionally test/<class>/… or unlabelled test/…; or <class>/…; or builtin:groceries12; "
        + "or the name of a published set, which is downloaded once: oxford-flowers-102, oxford-iiit-pet, imagenette, imagenette-320, imagenette-160, grocery-store, eurosat")
    private String data;

    @Option(names = "--weights", paramLabel = "NAME=FILE", description = "weights of a backbone from a .safetensors or .pth file, repeatable; without it they are downloaded once, checked and kept")
    private List<String> weights = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "the run's own folder, new or empty; without it runs/<experiment>/<time>-<hash>")
    private Path out;

    @Option(names = "--epochs", paramLabel = "N", description = "epochs instead of the recipe's")
    private Integer epochs;

    @Option(names = "--seed", paramLabel = "N", description = "seed of the split, the order of pictures, augmentation and new weights")
    private Long seed;

    @Option(names = "--folds", paramLabel = "N", description = "cross-validation with N folds; 1 trains once without validation")
    private Integer folds;

    @Option(names = "--trainable", paramLabel = "head|all|last:N", description = "what trains: the head of a frozen backbone, everything, or the head and the last N stages")
    private String trainable;

    @Option(names = "--device", paramLabel = "cpu", description = "where it runs; in this version the CPU")
    private String device = "cpu";

    @Option(names = "--precision", paramLabel = "float32|bfloat16", description = "what the frozen backbone computes in; bfloat16 is faster where the processor has it")
    private String precision;

    @Option(names = "--skip-unreadable", description = "go on without pictures that cannot be read")
    private boolean skipUnreadable;

    /** Read before all else, by {@link Experiment}. */
    @Option(names = "--resume", paramLabel = "DIR", description = "goes on with the unfinished run in this folder; alone: everything else comes from that run's recipe")
    private Path resume;

    @Option(names = "--variants", description = "run the recipe's variants, which answer what the report leaves open, and compare them; stopped, the same line goes on")
    private boolean variants;

    @Option(names = "--smoke", description = "seconds instead of minutes: few small pictures, small networks, two epochs; tests the way, not the result")
    private boolean smoke;

    @Option(names = "--dry-run", description = "print the recipe and what it will cost, and do nothing")
    private boolean dryRun;

    @Option(names = "--price-per-hour", paramLabel = "PRICE", description = "what an hour of this machine costs, so that --dry-run says what a run will cost")
    private Double pricePerHour;

    /** Backbones whose weights the experiment has asked for. */
    private final Set<String> asked = new LinkedHashSet<>();

    /** The options as a notebook gives them; those in the environment variable {@code GRAFT_OPTIONS} come on top, and win. */
    public static Options of(String... arguments) {
        return parsed(new Options(), arguments);
    }

    /** Fills options of an experiment's own as {@link #of} does. */
    protected static <O extends Options> O parsed(O options, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        String more = System.getenv("GRAFT_OPTIONS");
        if (more != null && !more.isBlank()) {
            all.addAll(Arrays.asList(more.strip().split("\\s+")));
        }
        Script.parse(options, all);
        Path resumed = ((Options) options).resume;
        if (resumed != null) {
            throw new InputException("--resume " + resumed + " is for scripts; here, Run.resume(Path.of(\"" + resumed + "\")) goes on with a run");
        }
        return options;
    }

    /** The pictures that were asked for, or the built-in ones; those are what {@code --smoke} takes in any case. */
    public ImageFolder data() {
        String asked = data == null || smoke ? "builtin:groceries12" : data;
        KnownData.find(asked).filter(known -> !known.here()).ifPresent(known -> {
            if (dryRun) {
                throw new InputException("--dry-run does nothing, and %s is not here yet: without it, %.0f MB would be downloaded once (licence: %s)"
                    .formatted(asked, known.bytes() / 1e6, known.licence()));
            }
            System.err.println(known.announcement());
        });
        try {
            return ImageFolder.of(asked, new TerminalProgress());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while " + asked + " was downloaded");
        }
    }

    /** The pictures that were asked for, for an experiment that has none of its own. */
    public ImageFolder requiredData(String what) {
        if (data == null && !smoke) {
            throw new InputException("--data is missing; give " + what);
        }
        return data();
    }

    /** A backbone's weights: a file that was named (as {@code vit_l_16}, or {@code vit_l_16.IMAGENET1K_V1} where a backbone is used with several), or else these published ones. */
    public Weights weights(Pretrained published) {
        asked.add(published.backbone());
        return weights(published, weights);
    }

    /**
     * The same for a script with few options.
     *
     * @param files texts {@code NAME=FILE}
     */
    public static Weights weights(Pretrained published, List<String> files) {
        Map<String, Path> named = WeightFiles.parse(files);
        Path file = named.getOrDefault(published.backbone() + "." + published.weights(), named.get(published.backbone()));
        return file == null ? Weights.published(published) : Weights.file(published, file);
    }

    /** The folder that was asked for, or {@code null}. */
    public Path out() {
        return out;
    }

    /** Whether the recipe is made small, to try the way. */
    public boolean smoke() {
        return smoke;
    }

    boolean variants() {
        return variants;
    }

    /** Told of the run when it is over; an experiment that has more to do with it does it here. */
    protected void finished(Run run) { }

    /** A line that is said before a run begins, where something is not as the recipe was documented; empty if nothing is. */
    public String remark() {
        return "";
    }

    boolean dryRun() {
        return dryRun;
    }

    /** NaN where none was given. */
    double pricePerHour() {
        if (pricePerHour == null) {
            return Double.NaN;
        }
        if (!dryRun) {
            throw new InputException("--price-per-hour " + pricePerHour + " belongs to --dry-run; give that too, or leave the price out");
        }
        if (!(pricePerHour >= 0 && pricePerHour <= 1e9)) {
            throw new InputException("--price-per-hour " + pricePerHour + " is no price; 0 or more, such as 2.50, would be right");
        }
        return pricePerHour;
    }

    /** The experiment's own recipe with what was asked for instead. */
    public Recipe apply(Recipe recipe) {
        Recipe changed = recipe;
        Set<String> used = new LinkedHashSet<>(recipe.backbones());
        used.addAll(asked); // this recipe may be only one of an experiment's
        for (String name : WeightFiles.parse(weights).keySet()) {
            if (!smoke && !used.contains(name.replaceFirst("\\..*", ""))) {
                throw new InputException("--weights names " + name + ", which is no backbone of this experiment: it uses " + String.join(" and ", used));
            }
        }
        if (trainable != null) {
            changed = changed.trainable(trainable());
        }
        if (!device.equals("cpu")) {
            throw new InputException("--device " + device + " is not possible in this version; cpu is");
        }
        if (epochs != null) {
            changed = changed.epochs(epochs);
        }
        if (seed != null) {
            changed = changed.seed(seed);
        }
        if (folds != null && folds < 1) {
            throw new InputException("--folds is " + folds + "; it has to be 1 or more");
        }
        if (folds != null) {
            changed = changed.split(folds == 1 ? Split.none() : Split.folds(folds));
        }
        if (precision != null) {
            changed = changed.precision(Precision.of(precision));
        }
        return smoke ? Smoke.of(changed).shrunkFrom(recipe.hash()) : changed;
    }

    /** Whether more than the head was asked to train. */
    public boolean trainsBackbone() {
        return trainable != null && !trainable.equals("head");
    }

    private Trainable trainable() {
        Matcher last = Pattern.compile("last:([1-9][0-9]{0,5})").matcher(trainable);
        return switch (trainable) {
            case "head" -> Trainable.head();
            case "all" -> Trainable.all();
            default -> {
                if (!last.matches()) {
                    throw new InputException("--trainable " + trainable + " is not known; head, all or last:N, such as last:2, would be right");
                }
                yield Trainable.last(Integer.parseInt(last.group(1)));
            }
        };
    }

    /** The recipe with its pictures read once, so that all that cannot be read is known before anything trains. */
    public Recipe checked(Recipe recipe, Progress progress) throws InterruptedException {
        return recipe.data(recipe.data().checked(skipUnreadable, progress));
    }
}
