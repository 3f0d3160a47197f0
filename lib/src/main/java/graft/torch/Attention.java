package graft.torch;

import java.util.List;

/**
 * Multi-head scaled dot-product attention, Vaswani et al. 2017 (arXiv:1706.03762), by libtorch's operator of that name, which
 * never holds the matrix of all pairs, unless a mask is given whose gradient is wanted. Training steps take it in float32 on
 * processors where its bfloat16 form is the slower one.
 */
public final class Attention {
    private static final String ATTENTION = "scaled_dot_product_attention";

    private Attention() { }

    /**
     * What the queries find.
     *
     * @param qkv queries, keys and values beside each other: {@code [batch, tokens, 3·heads·width]}
     * @param queries how many tokens ask, from the first; 0 for all
     * @return {@code [batch, queries, heads·width]}
     */
    public static Value of(Value qkv, long heads, long width, long queries) {
        boolean float32 = qkv.trace().use() == Trace.Use.TRAINING && !Processor.multipliesTiles();
        List<Value> parts = split(float32 ? qkv.float32() : qkv, heads, width).unbind(3);
        Value query = parts.get(0);
        return attend(queries == 0 ? query : query.narrow(2, 0, queries), parts.get(1), parts.get(2), null);
    }

    /**
     * Attention within windows.
     *
     * @param qkv {@code [batch·windows, tokens, 3·heads·width]}
     * @param windows how many different masks there are
     * @param mask added to the scores before softmax: {@code [windows, heads, tokens, tokens]}
     * @return {@code [batch·windows, tokens, heads·width]}
     */
    public static Value inWindows(Value qkv, long heads, long width, long windows, Value mask) {
        if (qkv.trace().use() == Trace.Use.TRAINING) {
            return differentiable(split(qkv, heads, width).contiguous().unbind(3), width, windows, mask);
        }
        List<Value> parts = split(qkv, heads, width).unbind(3);
        Value query = parts.get(0);
        Value all = windows == 1 ? mask : query.trace().write(Trace.REPEAT_FOR, mask, windows, query);
        return attend(query, parts.get(1), parts.get(2), all);
    }

    /** The same in plain operators: libtorch's gives no gradient of a mask without more copies than these. */
    private static Value differentiable(List<Value> qkv, long width, long windows, Value mask) {
        Trace trace = mask.trace();
        Value keys = trace.write("transpose", qkv.get(1), -2L, -1L);
        Value scores = trace.write("matmul", qkv.get(0).times(1 / Math.sqrt(width)), keys);
        Value biased = windows == 1 ? scores.add(mask) : trace.write("unflatten", scores, 0L, List.of(-1L, windows)).add(mask).flatten(0, 1);
        return merge(trace.write("matmul", trace.write(Trace.CAST, trace.write("softmax", biased, -1L)), qkv.get(2)));
    }

    private static Value split(Value qkv, long heads, long width) {
        return qkv.trace().write("unflatten", qkv, 2L, List.of(3L, heads, width)).permute(2, 0, 3, 1, 4);
    }

    /**
     * Where each token looks: the softmax of every attention on the way to a value of a {@link FrozenProgram}, in the order in which they are computed,
     * averaged over heads.
     *
     * @return each {@code [batch, queries, tokens]}; none for attention within windows, which has a mask
     */
    public static List<Value> weights(Value end) {
        return end.trace().values().stream().filter(value -> value.op().equals(ATTENTION) && value.operands().get(3) == null).toList().stream().map(attention -> {
            Value query = (Value) attention.operands().get(0);
            Value keys = end.trace().write("transpose", attention.operands().get(1), -2L, -1L);
            Value scores = end.trace().write("matmul", query, keys).times(1 / Math.sqrt(width(attention)));
            return end.trace().write("softmax", scores.float32(), -1L).mean(1);
        }).toList();
    }

    /** How many numbers a head's query has, as {@link #split} was told. */
    private static long width(Value attention) {
        Value value = attention;
        while (!value.op().equals("unflatten")) {
            value = (Value) value.operands().get(0);
        }
        return (Long) ((List<?>) value.operands().get(2)).get(2);
    }

    private static Value attend(Value query, Value key, Value value, Value mask) {
        return merge(query.trace().write(ATTENTION, query, key, value, mask, 0.0, false));
    }

    private static Value merge(Value heads) {
        return heads.permute(0, 2, 1, 3).flatten(2, 3);
    }
}
