package graft.torch;

import graft.InputException;

import java.util.Arrays;

/**
 * The number format that a network computes in, decided when its module is compiled. Parameters that train, normalisation
 * statistics, the loss and the head stay float32 in both.
 */
public enum Precision {
    /** IEEE single precision throughout. */
    FLOAT32("float32", 6),
    /** Convolutions, linear layers and attention in bfloat16 (8 bits of exponent, 7 of fraction). */
    BFLOAT16("bfloat16", 15);

    private final String label;
    private final int scalarType;

    Precision(String label, int scalarType) {
        this.label = label;
        this.scalarType = scalarType;
    }

    /**
     * The precision of this name.
     *
     * @throws InputException for any other
     */
    public static Precision of(String label) {
        return Arrays.stream(values()).filter(value -> value.label.equals(label)).findFirst()
            .orElseThrow(() -> new InputException("--precision " + label + " is not known; float32 and bfloat16 are"));
    }

    /** libtorch's number of the type, as TorchScript code names it: {@code x.to(15)}. */
    int scalarType() {
        return scalarType;
    }

    /** PyTorch's name of the type: {@code float32}, {@code bfloat16}. */
    @Override
    public String toString() {
        return label;
    }
}
