package graft.torch;

import java.util.List;

/**
 * Multi-head scaled dot-product attention, Vaswani et al. 2017 (arXiv:1706.03762), by libtorch's operator of that name, which
 * never holds the matrix of all pairs in inference.
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
        Value parts = split(qkv, heads, width);
        Value query = parts.select(0, 0);
        return attend(queries == 0 ? query : query.narrow(2, 0, queries), parts.select(0, 1), parts.select(0, 2), null);
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
        Value parts = split(qkv, heads, width);
        Value query = parts.select(0, 0);
        Value all = windows == 1 ? mask : query.trace().write(Trace.REPEAT_FOR, mask, windows, query);
        return attend(query, parts.select(0, 1), parts.select(0, 2), all);
    }

    private static Value split(Value qkv, long heads, long width) {
        return qkv.trace().write("unflatten", qkv, 2L, List.of(3L, heads, width)).permute(2L, 0L, 3L, 1L, 4L);
    }

    private static Value attend(Value query, Value key, Value value, Value mask) {
        return query.trace().write("scaled_dot_product_attention", query, key, value, mask, 0.0, false).permute(0L, 2L, 1L, 3L).flatten(2, 3);
    }
}
