package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Gaussian blur whose width is drawn evenly.
 *
 * @param kernelHeight rows of the kernel, odd
 * @param kernelWidth columns of the kernel, odd
 * @param sigma standard deviations in pixels, above 0
 */
public record GaussianBlur(int kernelHeight, int kernelWidth, Range sigma) implements Transform {
    private static final int LARGEST = 1001;

    public GaussianBlur {
        boolean odd = kernelHeight % 2 == 1 && kernelWidth % 2 == 1 && Math.min(kernelHeight, kernelWidth) > 0 && Math.max(kernelHeight, kernelWidth) <= LARGEST;
        if (!odd || !(sigma.low() > 0 && sigma.within(0, Float.MAX_VALUE))) {
            throw new InputException("GaussianBlur with a kernel of " + kernelHeight + "×" + kernelWidth + " and sigma " + sigma.low() + "–" + sigma.high()
                + " is not possible; odd sizes of 1 to " + LARGEST + " and sigma above 0, the lower first, would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return Blur.gaussian(image, kernelHeight, kernelWidth, sigma.draw(random));
    }

    @Override public boolean random() {
        return sigma.low() < sigma.high();
    }

    @Override public String name() {
        return "GaussianBlur";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("kernel_size", Call.size(kernelHeight, kernelWidth));
        arguments.put("sigma", sigma.pair());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
