package graft.run;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import graft.data.ImageFolder;
import graft.eval.Mistake;
import graft.train.Recipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what of a run goes into its report. */
final class RunReport {
    private static final int MISTAKES = 12;

    private RunReport() { }

    static void write(Path file, Run run, Environment environment) {
        Recipe recipe = run.recipe();
        ImageFolder data = recipe.data();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("data set", data.name());
        facts.put("classes", data.classes().size() + ": " + String.join(", ", data.classes()));
        facts.put("training pictures", Integer.toString(data.train().size()));
        facts.put("test pictures", data.test().size() + (data.testLabelled() ? "" : ", without labels"));
        facts.put("unreadable, left out", Integer.toString(data.unreadable().size()));
        facts.put("split", recipe.split().toString());
        ReportContent content = ReportContent.of(recipe.name(), String.join(" and ", run.members().keySet()) + " on " + data.name() + ", recipe " + recipe.hash())
            .commandLine(environment.command())
            .recipe(new Gson().fromJson(recipe.toJson(), new TypeToken<LinkedHashMap<String, Object>>() { }.getType()))
            .environment(environment.facts())
            .data(facts)
            .published(run.published());
        for (var history : run.curveHistories().entrySet()) {
            content = content.history(history.getKey(), history.getValue());
        }
        if (run.members().size() > 1) {
            for (var member : run.members().entrySet()) {
                for (var set : member.getValue().metrics().entrySet()) {
                    content = content.evaluated(member.getKey() + " · " + set.getKey(), set.getValue());
                }
            }
        }
        for (var set : run.result().metrics().entrySet()) {
            content = content.evaluated(set.getKey(), set.getValue());
        }
        List<Mistake> mistakes = run.worst(MISTAKES);
        Report.write(file, content.headline(run.result().best()).mistakes(mistakes));
    }
}
