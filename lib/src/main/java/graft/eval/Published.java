package graft.eval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import graft.InputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the documented experiment reached, to stand beside what was reproduced.
 *
 * @param sets evaluated set ({@code test}, {@code resnet50 · test}) → metric, as {@code metrics.json} names it → figure
 */
public record Published(Map<String, Map<String, Range>> sets) {
    /** A figure as documented: one value ({@code low == high}) or from … to. */
    public record Range(double low, double high) {
        public Range {
            if (!(low <= high)) {
                throw new IllegalArgumentException(low + " to " + high);
            }
        }
    }

    public Published {
        Map<String, Map<String, Range>> copy = new LinkedHashMap<>();
        sets.forEach((set, figures) -> copy.put(set, Collections.unmodifiableMap(new LinkedHashMap<>(figures))));
        sets = Collections.unmodifiableMap(copy);
    }

    /** Nothing was documented. */
    public static Published none() {
        return new Published(Map.of());
    }

    /** These figures and one more: {@code metric} of {@code set} was {@code low} to {@code high}. */
    public Published with(String set, String metric, double low, double high) {
        Map<String, Map<String, Range>> all = new LinkedHashMap<>(sets);
        Map<String, Range> figures = new LinkedHashMap<>(all.getOrDefault(set, Map.of()));
        figures.put(metric, new Range(low, high));
        all.put(set, figures);
        return new Published(all);
    }

    public Published with(String set, String metric, double value) {
        return with(set, metric, value, value);
    }

    /** Several figures of a set, in the order of their metrics. */
    public Published with(String set, List<String> metrics, double... values) {
        if (metrics.size() != values.length) {
            throw new IllegalArgumentException(metrics.size() + " metrics and " + values.length + " values");
        }
        Published all = this;
        for (int k = 0; k < values.length; k++) {
            all = all.with(set, metrics.get(k), values[k]);
        }
        return all;
    }

    public Published train(String metric, double value) {
        return with("train", metric, value);
    }

    public Published validation(String metric, double value) {
        return with("validation", metric, value);
    }

    public Published test(String metric, double value) {
        return with("test", metric, value);
    }

    /** What was documented of one of several models ({@code resnet50 · test}), as figures of that alone ({@code test}); all of it where nothing was. */
    public Published of(String member) {
        Map<String, Map<String, Range>> own = new LinkedHashMap<>();
        sets.forEach((set, figures) -> {
            if (set.startsWith(member + " · ")) {
                own.put(set.substring(member.length() + 3), figures);
            }
        });
        return own.isEmpty() ? this : new Published(own);
    }

    public Optional<Range> figure(String set, String metric) {
        return Optional.ofNullable(sets.getOrDefault(set, Map.of()).get(metric));
    }

    /** As under {@code published} in {@code metrics.json}: a number, or {@code [low, high]}. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        sets.forEach((set, figures) -> {
            JsonObject inner = new JsonObject();
            figures.forEach((metric, range) -> {
                if (range.low() == range.high()) {
                    inner.add(metric, new JsonPrimitive(range.low()));
                } else {
                    JsonArray ends = new JsonArray();
                    ends.add(range.low());
                    ends.add(range.high());
                    inner.add(metric, ends);
                }
            });
            json.add(set, inner);
        });
        return json;
    }

    /**
     * The inverse of {@link #toJson()}.
     *
     * @throws InputException if it is of another form
     */
    public static Published fromJson(JsonElement json) {
        try {
            Published published = none();
            for (var set : json.getAsJsonObject().entrySet()) {
                for (var figure : set.getValue().getAsJsonObject().entrySet()) {
                    JsonElement value = figure.getValue();
                    published = value.isJsonArray() ? published.with(set.getKey(), figure.getKey(), value.getAsJsonArray().get(0).getAsDouble(), value.getAsJsonArray().get(1).getAsDouble())
                        : published.with(set.getKey(), figure.getKey(), value.getAsDouble());
                }
            }
            return published;
        } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException | IndexOutOfBoundsException wrong) {
            throw new InputException("the published figures " + json + " are of another form; {\"test\": {\"accuracy\": 0.8}} would be right", wrong);
        }
    }
}
