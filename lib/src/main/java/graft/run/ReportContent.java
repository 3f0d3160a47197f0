package graft.run;

import graft.eval.Metrics;
import graft.eval.Mistake;
import graft.eval.Published;
import graft.train.History;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run's report tells, as plain data; maps keep their order. Begin with {@link #of} and add what there is: a part
 * that is empty is left out of the report.
 *
 * @param title the experiment
 * @param subtitle what it is, in a sentence
 * @param commandLine the one line that does it again; may be empty
 * @param recipe everything that decided the result; values are text, numbers, booleans, lists or such maps again
 * @param environment versions, device, times
 * @param data facts about the pictures: classes, counts, what was left out, split
 * @param histories what was trained ({@code resnet50}, {@code fold 1}) → its epochs
 * @param evaluated evaluated set ({@code test}, {@code resnet50 · test}) → its metrics
 * @param headline which of {@code evaluated} is the result; empty: the last whose name ends in {@code test}, else the last
 * @param published what the documented experiment reached, under the names of {@code evaluated}; the validation accuracy
 *     ({@code resnet50 · validation} or {@code validation}) also stands in the curves
 * @param mistakes the worst ones, to be shown
 */
record ReportContent(String title, String subtitle, String commandLine, Map<String, Object> recipe, Map<String, String> environment,
                            Map<String, String> data, Map<String, History> histories, Map<String, Metrics> evaluated, String headline,
                            Published published, List<Mistake> mistakes) {
    ReportContent {
        recipe = ordered(recipe);
        environment = ordered(environment);
        data = ordered(data);
        histories = ordered(histories);
        evaluated = ordered(evaluated);
        mistakes = List.copyOf(mistakes);
        if (!headline.isEmpty() && !evaluated.containsKey(headline)) {
            throw new IllegalArgumentException(headline + " is not among the evaluated sets " + evaluated.keySet());
        }
    }

    static ReportContent of(String title, String subtitle) {
        return new ReportContent(title, subtitle, "", Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), "", Published.none(), List.of());
    }

    ReportContent commandLine(String line) {
        return new ReportContent(title, subtitle, line, recipe, environment, data, histories, evaluated, headline, published, mistakes);
    }

    ReportContent recipe(Map<String, Object> all) {
        return new ReportContent(title, subtitle, commandLine, all, environment, data, histories, evaluated, headline, published, mistakes);
    }

    ReportContent environment(Map<String, String> all) {
        return new ReportContent(title, subtitle, commandLine, recipe, all, data, histories, evaluated, headline, published, mistakes);
    }

    ReportContent data(Map<String, String> facts) {
        return new ReportContent(title, subtitle, commandLine, recipe, environment, facts, histories, evaluated, headline, published, mistakes);
    }

    /** These and one more training. */
    ReportContent history(String name, History history) {
        return new ReportContent(title, subtitle, commandLine, recipe, environment, data, with(histories, name, history), evaluated, headline, published, mistakes);
    }

    /** These and one more evaluated set. */
    ReportContent evaluated(String name, Metrics metrics) {
        return new ReportContent(title, subtitle, commandLine, recipe, environment, data, histories, with(evaluated, name, metrics), headline, published, mistakes);
    }

    /** Names the evaluated set that is the result; it must have been added before. */
    ReportContent headline(String name) {
        return new ReportContent(title, subtitle, commandLine, recipe, environment, data, histories, evaluated, name, published, mistakes);
    }

    ReportContent published(Published figures) {
        return new ReportContent(title, subtitle, commandLine, recipe, environment, data, histories, evaluated, headline, figures, mistakes);
    }

    ReportContent mistakes(List<Mistake> worst) {
        return new ReportContent(title, subtitle, commandLine, recipe, environment, data, histories, evaluated, headline, published, worst);
    }

    /** The name of the evaluated set that is the result; empty if nothing was evaluated. */
    String result() {
        if (!headline.isEmpty() || evaluated.isEmpty()) {
            return headline;
        }
        List<String> names = List.copyOf(evaluated.keySet());
        return names.stream().filter(name -> name.endsWith("test")).reduce((first, second) -> second).orElse(names.get(names.size() - 1));
    }

    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    private static <V> Map<String, V> with(Map<String, V> map, String name, V value) {
        Map<String, V> all = new LinkedHashMap<>(map);
        all.put(name, value);
        return all;
    }
}
