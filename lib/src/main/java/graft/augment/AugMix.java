package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * AugMix (Hendrycks et al. 2019, arXiv:1912.02781), as in torchvision: the mean of the picture and of {@code mixtureWidth} versions of it, with weights
 * from a Dirichlet distribution; each version went through one to three operations. (torchvision takes its tensor operations here, even for Pillow's pictures; these
 * are Pillow's, which differ by a few grey levels.)
 *
 * @param severity magnitudes are drawn from the first {@code severity} of ten, 1 to 10
 * @param mixtureWidth how many versions, 1 or more
 * @param chainDepth how many operations each version goes through; 0 or less: one to three, each equally likely
 * @param alpha parameter of the Dirichlet distribution, above 0
 * @param allOps whether brightness, colour, contrast and sharpness take part
 * @param fill what lies outside of the picture
 */
public record AugMix(int severity, int mixtureWidth, int chainDepth, double alpha, boolean allOps, Interpolation interpolation, Fill fill) implements Transform {
    private static final int BINS = 10;
    private static final int DEEPEST = 3;
    private static final int MOST = 100;
    /** The mean is cut off to whole levels; this keeps a level that all versions share from falling below itself. */
    private static final float ROUNDING = 1e-3f;

    public AugMix {
        boolean valid = severity >= 1 && severity <= BINS && mixtureWidth >= 1 && mixtureWidth <= MOST && chainDepth <= MOST && alpha > 0 && alpha < MOST;
        if (!valid) {
            throw new InputException("AugMix with severity " + severity + ", " + mixtureWidth + " versions of depth " + chainDepth + " and alpha " + alpha
                + " is not possible; a severity of 1 to 10, from 1 version on and alpha above 0 would be right");
        }
    }

    /** A version of the picture: its weight and how it is made. */
    record Chain(double weight, List<Operation.Step> steps) { }

    @Override public Image apply(Image image, RandomGenerator random) {
        return mixed(image, draw(image.height(), image.width(), random));
    }

    /** The versions for a picture of this size; what their weights leave of 1 is the weight of the picture itself. */
    List<Chain> draw(int height, int width, RandomGenerator random) {
        AugmentationSpace space = AugmentationSpace.augMix(BINS, height, width, allOps);
        double changed = Dirichlet.draw(alpha, 2, random)[1];
        double[] weights = Dirichlet.draw(alpha, mixtureWidth, random);
        List<Chain> chains = new ArrayList<>();
        for (double weight : weights) {
            int depth = chainDepth > 0 ? chainDepth : 1 + random.nextInt(DEEPEST);
            List<Operation.Step> steps = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                AugmentationSpace.Entry entry = space.draw(random);
                steps.add(entry.step(entry.graded() ? random.nextInt(severity) : 0, random));
            }
            chains.add(new Chain(changed * weight, steps));
        }
        return chains;
    }

    private Image mixed(Image image, List<Chain> chains) {
        float[] sums = new float[image.pixels().length];
        double rest = 1;
        for (Chain chain : chains) {
            add(Operation.apply(image, chain.steps, interpolation, fill).pixels(), (float) chain.weight, sums);
            rest -= chain.weight;
        }
        add(image.pixels(), (float) rest, sums);
        byte[] pixels = new byte[sums.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, (int) (sums[i] + ROUNDING)));
        }
        return new Image(image.height(), image.width(), pixels);
    }

    private static void add(byte[] pixels, float weight, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (pixels[i] & 255) * weight;
        }
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "AugMix";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("severity", severity);
        arguments.put("mixture_width", mixtureWidth);
        arguments.put("chain_depth", chainDepth);
        arguments.put("alpha", alpha);
        arguments.put("all_ops", allOps);
        arguments.put("interpolation", interpolation.toString());
        arguments.put("fill", fill.argument());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
