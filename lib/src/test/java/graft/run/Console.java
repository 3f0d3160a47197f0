package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Small;
import graft.backbone.Pretrained;
import graft.eval.Published;
import graft.train.Recipe;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A script as the shell sees it: its status, what it prints as its result, and what it prints beside. Use it under {@code Resources.SYSTEM_ERR}. */
record Console(int status, String out, String err) {
    /** The quickstart's own options, with small views of few epochs so that a whole run takes seconds. */
    static Console quickstart(String... arguments) {
        Options options = new Options();
        return script(options, () -> Experiment.run("quickstart", options, Console::recipe, Published.none(), arguments), arguments);
    }

    private static Recipe recipe(Options options) {
        return Small.withoutBackbone(options.data()).split(graft.data.Split.folds(2)).backbone("mobilenet_v2", options.weights(Pretrained.builtin("mobilenet_v2")));
    }

    static Console script(Object options, java.util.concurrent.Callable<Integer> script, String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        ByteArrayOutputStream beside = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(result, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(beside, true, StandardCharsets.UTF_8));
            int status = Script.run(script, options, "quickstart", "Tests.", arguments);
            return new Console(status, result.toString(StandardCharsets.UTF_8), beside.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** The one sentence that it was refused with: status 2, nothing on standard output, no stack trace. */
    String refused() {
        assertEquals(2, status, err);
        assertEquals("", out);
        List<String> sentences = err.lines().filter(line -> !line.matches("(checking|features|training) .*")).toList();
        assertFalse(sentences.isEmpty());
        String sentence = sentences.get(sentences.size() - 1);
        assertTrue(sentence.startsWith("graft: "), err);
        assertEquals(1, sentences.stream().filter(line -> line.startsWith("graft: ")).count(), err);
        assertFalse(err.contains("\tat ") || err.contains("Exception"), err);
        return sentence.substring("graft: ".length());
    }
}
