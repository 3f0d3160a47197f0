package graft.torch;

/** IEEE 754 half precision (binary16), which Java 17 cannot convert by itself. */
final class HalfFloat {
    private HalfFloat() { }

    /** The number whose 16 bits are given; exact, because every half is a float. */
    static float toFloat(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        int sign = (bits & 0x8000) << 16;
        if (exponent == 0x1f) { // infinity, NaN
            return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
        }
        if (exponent == 0) { // zero and subnormal: fraction · 2⁻²⁴
            float value = fraction * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        return Float.intBitsToFloat(sign | exponent + (127 - 15) << 23 | fraction << 13);
    }
}
