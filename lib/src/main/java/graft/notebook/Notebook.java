package graft.notebook;

import graft.Progress;
import graft.augment.BatchTransform;
import graft.augment.Pipeline;
import graft.backbone.Weights;
import graft.data.Audit;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.eval.Published;
import graft.plot.PictureGrid;
import graft.plot.Plot;
import graft.plot.TerminalProgress;
import graft.run.CellRun;
import graft.run.Options;
import graft.run.Run;
import graft.train.LabelCheck;
import graft.train.Recipe;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/**
 * What a notebook's cells call, through {@code import static graft.notebook.Notebook.*}. In a JVM without a notebook
 * kernel the same calls work in text, so a cell can be pasted into a script.
 */
public final class Notebook {
    private Notebook() { }

    /** Shows each value as output of the cell, as the kernel's own {@code display} does, but leaves no id behind. */
    public static void show(Object... values) {
        for (Object value : values) {
            if (inNotebook()) {
                Kernel.show(value);
            } else {
                System.out.println(value instanceof Plot plot ? plot.describe() : value);
            }
        }
    }

    /** The first training pictures of every class, as a grid. */
    public static PictureGrid sample(ImageFolder pictures, int perClass) {
        return PictureGrid.of(pictures.name() + ", training pictures", pictures.first(perClass).train(), pictures.classes());
    }

    /** A picture as it is, and what training sees of it under a pipeline in the first epochs. */
    public static PictureGrid views(Picture picture, Pipeline pipeline, int epochs) {
        return PictureGrid.views(picture, pipeline, epochs, 0);
    }

    /**
     * The first picture of each of the first classes, before and after MixUp or CutMix.
     *
     * @param pipeline gives all pictures the same size
     */
    public static PictureGrid mixed(ImageFolder pictures, int classes, Pipeline pipeline, BatchTransform transform) {
        return PictureGrid.mixed(pictures.first(1).train().stream().limit(classes).toList(), pictures.classes(), pipeline, transform, 0);
    }

    /** Looks for what may be wrong with a folder of pictures, to be shown: {@code show(audit("mushrooms"))}. */
    public static Audit audit(String data) throws InterruptedException {
        return Audit.of(ImageFolder.asFound(data, progress()), progress());
    }

    /** The same, and for pictures in the wrong class, with a backbone's features; see {@link LabelCheck}. */
    public static Audit audit(String data, String backbone, Weights weights) throws InterruptedException {
        Audit audit = audit(data);
        return audit.with(LabelCheck.of(audit, backbone, weights, progress()));
    }

    /**
     * Carries out a recipe with progress in the cell's output; see {@link Run}. A run of just this recipe that was interrupted, or whose kernel died, is gone on
     * with: it ends with the same figures as one that was never stopped.
     */
    public static Run run(Recipe recipe, Options options, Published published) throws InterruptedException {
        return CellRun.of(recipe, options, published, progress(), Notebook::show);
    }

    /** Progress where the person is looking: in the cell's output, or on standard error. */
    public static Progress progress() {
        return inNotebook() ? new NotebookProgress() : new TerminalProgress();
    }

    /** Whether this JVM is a JJava kernel. */
    public static boolean inNotebook() {
        try {
            return Kernel.present();
        } catch (NoClassDefFoundError e) {
            return false; // scripts have no kernel on their class path
        }
    }

    /** Everything that needs the kernel's classes, loaded only where they are. */
    private static final class Kernel {
        static boolean present() {
            try {
                return BaseKernel.notebookKernel() != null;
            } catch (NullPointerException e) {
                return false; // its way of saying that no kernel runs
            }
        }

        static void show(Object value) {
            BaseKernel kernel = BaseKernel.notebookKernel();
            DisplayData data = kernel.getRenderer().render(value);
            CellOutput.send(() -> kernel.display(data));
        }
    }
}
