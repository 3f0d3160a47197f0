package graft.run;

import graft.InputException;
import graft.backbone.Backbones;
import picocli.CommandLine.Option;

import java.util.List;

/**
 * Options of an experiment with several backbones whose published weights are not all at hand everywhere: some of them, or others in their place.
 * {@code --smoke} takes the experiment's own in any case.
 */
public class ChosenBackbones extends Options {
    @Option(names = "--backbone", paramLabel = "NAME", description = "instead of the experiment's own backbones, repeatable: any that environment/jbang models lists")
    private List<String> backbones = List.of();

    private List<String> published = List.of();

    /** The options as a notebook gives them; see {@link Options#of}. */
    public static ChosenBackbones of(String... arguments) {
        return parsed(new ChosenBackbones(), arguments);
    }

    /** The backbones that were asked for, or the experiment's own. */
    public List<String> backbones(String... own) {
        published = List.of(own);
        backbones.forEach(name -> Backbones.create(name, 1));
        return backbones.isEmpty() || smoke() ? published : backbones;
    }

    /** The same where each has a part of its own, so that none or all have to be asked for. */
    public List<String> inPlaceOf(String... own) {
        List<String> chosen = backbones(own);
        if (chosen.size() != own.length) {
            throw new InputException("--backbone was given " + chosen.size() + " times; " + own.length + " times, in place of " + String.join(" and ", own)
                + ", or not at all, would be right");
        }
        return chosen;
    }

    @Override
    public String remark() {
        List<String> others = smoke() ? List.of() : backbones.stream().filter(name -> !published.contains(name)).toList();
        return others.isEmpty() ? "" : String.join(" and ", others) + (others.size() == 1 ? " is" : " are") + " not of the documented experiment, whose figures are for "
            + String.join(", ", published) + System.lineSeparator();
    }
}
