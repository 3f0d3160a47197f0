package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Small;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.KnownData;
import graft.data.Split;
import graft.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class OptionsTest {
    @TempDir Path folder;

    /** Every refusal is status 2 and one sentence (see {@link Console#refused}). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--nope | unknown option: '--nope'; environment/jbang quickstart --help lists the options",
        "--epoch 3 | unknown options: '--epoch', '3'; environment/jbang quickstart --help lists the options",
        "extra | unmatched argument at index 0: 'extra'; environment/jbang quickstart --help lists the options",
        "--epochs | missing required parameter for option '--epochs' (N); environment/jbang quickstart --help lists the options",
        "--epochs x | invalid value for option '--epochs': 'x' is not an int; environment/jbang quickstart --help lists the options",
        "--epochs 1.5 | invalid value for option '--epochs': '1.5' is not an int; environment/jbang quickstart --help lists the options",
        "--epochs 3000000000 | invalid value for option '--epochs': '3000000000' is not an int; environment/jbang quickstart --help lists the options",
        "--epochs 0 | --epochs is 0; it has to be 1 or more",
        "--epochs -1 | --epochs is -1; it has to be 1 or more",
        "--epochs 1 --epochs 2 | option '--epochs' (N) should be specified only once; environment/jbang quickstart --help lists the options",
        "--seed many | invalid value for option '--seed': 'many' is not a long; environment/jbang quickstart --help lists the options",
        "--folds 0 | --folds is 0; it has to be 1 or more",
        "--folds -2 | --folds is -2; it has to be 1 or more",
        "--folds 121 | 121 folds of 120 training pictures are not possible; at most one fold a picture would be right",
        "--precision float16 | --precision float16 is not known; float32 and bfloat16 are",
        "--trainable some | --trainable some is not known; head, all or last:N, such as last:2, would be right",
        "--trainable last:0 | --trainable last:0 is not known; head, all or last:N, such as last:2, would be right",
        "--trainable last:99 | the last 99 stages cannot train, because the backbone has 9; --trainable last:9 or all would be right",
        "--device gpu | --device gpu is not possible in this version; cpu is",
        "--weights resnet50 | --weights resnet50 should be NAME=FILE, such as resnet50=resnet50-0676ba61.pth",
        "--weights =a.pth | --weights =a.pth should be NAME=FILE, such as resnet50=resnet50-0676ba61.pth",
        "--weights mobilenet_v2= | --weights mobilenet_v2= should be NAME=FILE, such as resnet50=resnet50-0676ba61.pth",
        "--weights mobilenet_v2=none.pth | --weights mobilenet_v2=none.pth names a file that does not exist",
        "--weights mobilenet_v2=. | --weights mobilenet_v2=. names a folder; it should be a .safetensors or .pth file",
        "--weights resnet50=pom.xml | --weights names resnet50, which is no backbone of this experiment: it uses mobilenet_v2",
        "--weights mobilenet_v2=pom.xml --weights mobilenet_v2=pom.xml | --weights names two files for mobilenet_v2; one is enough",
        "--data no/where | no/where does not exist; a folder of pictures, DIR/train/<class>/*.jpg or DIR/<class>/*.jpg, would be right",
        "--data flowers | flowers does not exist, and is no known data set; a folder of pictures, DIR/train/<class>/*.jpg or DIR/<class>/*.jpg, or one of builtin:groceries12, "
            + "eurosat, grocery-store, imagenette, imagenette-320, imagenette-160, oxford-flowers-102, oxford-iiit-pet would be right",
        "--data builtin:fruit | there is no built-in data set fruit; builtin:groceries12 would be right",
        "--price-per-hour 2 | --price-per-hour 2.0 belongs to --dry-run; give that too, or leave the price out",
        "--dry-run --price-per-hour -1 | --price-per-hour -1.0 is no price; 0 or more, such as 2.50, would be right",
        "--out pom.xml | --out pom.xml is a file; give a folder that is new or empty",
        "--out src | --out src is not empty; give a folder that is new or empty",
        "--out pom.xml/run | --out pom.xml/run cannot be written (Not a directory); give a folder that you may write to",
    })
    void refused(String line, String sentence) {
        assertEquals(sentence, Console.quickstart(line.split(" ")).refused());
    }

    /** An experiment of two backbones runs each alone, too, as the teacher of the other or to be compared: with the weights that both were given. */
    @Test
    void weightsOfTheOtherBackbonesOfAnExperimentAreNoMistake() {
        Recipe one = Small.recipe();
        Options options = Options.of("--weights", "mobilenet_v2=pom.xml", "--weights", "resnet50=pom.xml");
        options.weights(Pretrained.of("resnet50"));
        assertEquals(one.hash(), options.apply(one).hash());
        Options mistaken = Options.of("--weights", "mobilenet_v2=pom.xml", "--weights", "resnet18=pom.xml");
        mistaken.weights(Pretrained.of("resnet50"));
        assertEquals("--weights names resnet18, which is no backbone of this experiment: it uses mobilenet_v2 and resnet50",
            assertThrows(InputException.class, () -> mistaken.apply(one)).getMessage());
    }

    @Test
    void anEmptyNameIsNoFolder() {
        assertTrue(Console.quickstart("--data", "").refused().startsWith("the name of the data folder is empty"));
        assertEquals("--out is empty; give a folder that is new or empty", Console.quickstart("--out", "").refused());
    }

    /** An out that cannot be used is known before pictures are read, and pictures before anything trains. */
    @Test
    void nothingIsLeftWhereNothingWasDone() {
        Path out = folder.resolve("deep/run");
        Console.quickstart("--out", out.toString(), "--folds", "121").refused();
        assertTrue(Files.notExists(out));
    }

    @Test
    void helpNamesEveryOption() {
        Console help = Console.quickstart("--help");
        assertEquals(0, help.status());
        for (String option : "--data --weights --out --epochs --seed --folds --trainable --device --precision --skip-unreadable --variants --smoke --dry-run --price-per-hour".split(" ")) {
            assertTrue(help.out().contains(option), option);
        }
        for (KnownData data : KnownData.all()) {
            assertTrue(help.out().contains(data.name()), data.name());
        }
    }

    @Test
    void whatIsAskedForChangesTheRecipe() {
        Recipe own = Small.recipe();
        Recipe asked = parsed("--epochs", "7", "--seed", "-5", "--folds", "4", "--precision", "bfloat16").apply(own);
        assertEquals(7, asked.epochs());
        assertEquals(-5, asked.seed());
        assertEquals(Split.folds(4), asked.split());
        assertEquals("bfloat16", asked.precision().toString());
        assertEquals(Split.none(), parsed("--folds", "1").apply(own).split());
        assertEquals(own.hash(), parsed().apply(own).hash());
    }

    @Test
    void smokeIsSmallWhateverTheExperiment() throws IOException {
        Path file = Files.writeString(folder.resolve("w.pth"), "x");
        Recipe large = Small.withoutBackbone(Small.pictures()).epochs(100)
            .backbone("resnet50", Weights.file("resnet50", file)).backbone("resnet101", Weights.file("resnet101", file)).backbone("mobilenet_v2", Weights.published(Pretrained.of("mobilenet_v2")));
        Recipe small = parsed("--smoke").apply(large);
        assertEquals("[resnet18, mobilenet_v2]", small.members().stream().map(Recipe.Member::backbone).toList().toString());
        assertTrue(small.members().stream().allMatch(member -> member.weights().name().matches("untrained.*|BUILTIN.*")), "nothing to download");
        assertEquals(2, small.epochs());
        assertEquals(24, small.data().train().size());
    }

    @Test
    void anExperimentWithoutPicturesOfItsOwnAsksForThem() {
        assertEquals("--data is missing; give your pictures", assertThrows(InputException.class, () -> parsed().requiredData("your pictures")).getMessage());
        assertEquals("groceries12 (built in)", parsed("--smoke").requiredData("your pictures").name());
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void aDryRunDownloadsNothing() {
        String before = System.getProperty("graft.cache");
        System.setProperty("graft.cache", folder.toString());
        String refused;
        try {
            refused = Console.quickstart("--dry-run", "--data", "imagenette-160").refused();
        } finally {
            if (before == null) {
                System.clearProperty("graft.cache");
            } else {
                System.setProperty("graft.cache", before);
            }
        }
        assertEquals("--dry-run does nothing, and imagenette-160 is not here yet: without it, 99 MB would be downloaded once "
            + "(licence: that of ImageNet: for research and teaching, not for commerce)", refused);
    }

    @Test
    void anInterruptIsNoDefect() {
        Console stopped = Console.script(new Options(), () -> {
            throw new InterruptedException();
        });
        assertEquals(new Console(130, "", "graft: stopped\n"), stopped);
        assertEquals(stopped, Console.script(new Options(), () -> {
            throw new CancellationException();
        }));
    }

    @Test
    void aDefectShowsWhereItIs() {
        Console defect = Console.script(new Options(), () -> {
            throw new IllegalStateException("ours");
        });
        assertEquals(1, defect.status());
        assertTrue(defect.err().contains("at graft.run.OptionsTest"), defect.err());
    }

    @Test
    void tooLittleMemoryIsSaid() {
        assertTrue(Console.script(new Options(), () -> {
            throw new OutOfMemoryError("Java heap space");
        }).refused().contains("not enough memory"));
    }

    @Test
    void wordsAreQuotedForAShell() {
        assertEquals("--data", Experiment.quoted("--data"));
        assertEquals("'my folder'", Experiment.quoted("my folder"));
        assertEquals("'it'\\''s'", Experiment.quoted("it's"));
        assertEquals("''", Experiment.quoted(""));
        assertEquals("'$HOME'", Experiment.quoted("$HOME"));
    }

    private static Options parsed(String... arguments) {
        Options options = new Options();
        Script.parse(options, java.util.List.of(arguments));
        return options;
    }
}
