package graft.run;

import graft.backbone.Pretrained;
import graft.train.Recipe;
import picocli.CommandLine.Option;

/**
 * Options of an experiment whose published weights are not at hand everywhere: another backbone can stand in for the published one. The recipe is tried that way, and its
 * questions are answered for that backbone; the published figures are not reproduced. {@code --smoke} takes the experiment's own in any case.
 */
public class StandIn extends Options {
    @Option(names = "--backbone", paramLabel = "NAME", description = "a backbone that stands in for the published one: any that environment/jbang models lists")
    private String backbone;

    @Option(names = "--lr", paramLabel = "RATE", description = "learning rate in place of the recipe's; what stands in may need another")
    private Double learningRate;

    private String published;
    /** The recipe's learning rate; 0 where it is not known yet, as with variants, which have several recipes. */
    private double own;

    /** The options as a notebook gives them; see {@link Options#of}. */
    public static StandIn of(String... arguments) {
        return parsed(new StandIn(), arguments);
    }

    /** Whether another backbone was asked for. */
    public boolean standsIn() {
        return backbone != null && !smoke();
    }

    /** What stands in, with the weights that are taken when none are named, or else these published weights. */
    public Pretrained backbone(String name, String weights) {
        published = name;
        return standsIn() ? Pretrained.of(backbone) : Pretrained.of(name, weights);
    }

    @Override
    public Recipe apply(Recipe recipe) {
        own = recipe.optimizer().learningRate();
        return super.apply(learningRate == null || smoke() ? recipe : recipe.optimizer(recipe.optimizer().learningRate(learningRate)));
    }

    @Override
    public String remark() {
        String text = standsIn() ? backbone + " stands in for " + published + ": the published figures are that one's" : "";
        if (learningRate != null && !smoke()) {
            text += (text.isEmpty() ? "the" : "; the") + " learning rate is " + learningRate + " and not the recipe's" + (own > 0 ? " " + own : "");
        }
        return text.isEmpty() ? "" : text + System.lineSeparator();
    }
}
