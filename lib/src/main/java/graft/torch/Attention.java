package graft.torch;

import java.util.List;

/**
 * Multi-head scaled dot-product attention, Vaswani et al. 2017 (arXiv:1706.03762), by libtorch's operator of that name, which
 * never holds the matrix of all pairs, unless a mask is given whose gradient is wanted. Training steps take it in float32 on
 * processors where its bfloat16 form is the slower one.
 */
public final class Attention {
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

    private static Value attend(Value query, Value key, Value value, Value mask) {
        return merge(query.trace().write("scaled_dot_product_attention", query, key, value, mask, 0.0, false));
    }

    private static Value merge(Value heads) {
        return heads.permute(0, 2, 1, 3).flatten(2, 3);
    }
}
