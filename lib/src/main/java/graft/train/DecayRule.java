package graft.train;

import ai.djl.ndarray.types.Shape;

import java.util.List;

/** Which parameters the optimizer's weight decay is for. */
public enum DecayRule {
    /** All: {@code torch.optim} as it is. */
    ALL("all parameters decay") {
        @Override
        public boolean decays(String name, Shape shape) {
            return true;
        }
    },
    /**
     * Only what pictures are multiplied with: not biases, norms, tokens and tables of positions. As timm's {@code param_groups_weight_decay}, and the models'
     * own lists of exceptions.
     */
    WEIGHTS("weights decay, biases and norms do not") {
        @Override
        public boolean decays(String name, Shape shape) {
            return shape.dimension() > 1 && !name.endsWith(".bias") && EXCEPTIONS.stream().noneMatch(name::contains);
        }
    };

    /** As timm and torchvision name them. */
    private static final List<String> EXCEPTIONS = List.of("cls_token", "class_token", "dist_token", "pos_embed", "relative_position_bias_table");

    private final String text;

    DecayRule(String text) {
        this.text = text;
    }

    /** @param name of a parameter, as in the state dict */
    public abstract boolean decays(String name, Shape shape);

    /** As a recipe says it. */
    public String text() {
        return text;
    }
}
