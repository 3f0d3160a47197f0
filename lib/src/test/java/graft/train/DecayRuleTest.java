package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Weights;
import graft.torch.StateDict;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

import java.util.List;

class DecayRuleTest {
    /** What does not decay in timm 1.0's groups of these models: parameters of one dimension, biases, and the names of {@code no_weight_decay()}. */
    @Test
    void weightsDecayAndNothingElse() throws InterruptedException {
        for (String name : List.of("deit_tiny_distilled_patch16_224", "swin_tiny_patch4_window7_224", "mobilenet_v2")) {
            Backbone backbone = Backbones.create(name, 10);
            StateDict state = Weights.untrained(name, 0).load(backbone, true, Progress.SILENT);
            for (String entry : state.names()) {
                Shape shape = new Shape(state.get(entry).shape());
                boolean kept = shape.dimension() < 2 || List.of("cls_token", "dist_token", "pos_embed").contains(entry) || entry.endsWith("relative_position_bias_table");
                assertEquals(!kept, DecayRule.WEIGHTS.decays(entry, shape), name + " " + entry);
                assertEquals(true, DecayRule.ALL.decays(entry, shape));
            }
        }
    }
}
