package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import graft.InputException;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.IntStream;

class TrainableTest {
    private static List<Integer> firstStages(Trainable trainable) {
        return IntStream.range(0, 5).map(epoch -> trainable.firstStage(epoch, 4)).boxed().toList();
    }

    @Test
    void moreTrainsFromEpochToEpoch() {
        assertEquals(List.of(4, 4, 4, 4, 4), firstStages(Trainable.head()));
        assertEquals(List.of(0, 0, 0, 0, 0), firstStages(Trainable.all()));
        assertEquals(List.of(4, 4, 0, 0, 0), firstStages(Trainable.all().from(2)));
        assertEquals(List.of(3, 3, 3, 3, 3), firstStages(Trainable.last(1)));
        assertEquals(List.of(4, 3, 3, 2, 1), firstStages(Trainable.gradual(1, 3, 4)));
        assertThrows(InputException.class, () -> Trainable.last(5).firstStage(0, 4));
    }

    /** timm 1.0.31, {@code param_groups_layer_decay(deit_tiny_patch16_224, layer_decay=0.75)}. */
    @ParameterizedTest
    @CsvSource({"cls_token, 0.023757264018058777", "pos_embed, 0.023757264018058777", "patch_embed.proj.weight, 0.023757264018058777",
        "blocks.0.attn.qkv.weight, 0.03167635202407837", "blocks.5.mlp.fc1.bias, 0.13348388671875", "blocks.11.norm1.weight, 0.75", "norm.weight, 0.75", "head.weight, 1",
        "head.bias, 1"})
    void layerDecayIsTimms(String entry, double expected) {
        Backbone backbone = Backbones.create("deit_tiny_patch16_224", 6);
        assertEquals(expected, Trainable.all().layerDecay(0.75).learningRate(backbone.stageOf(entry), backbone.stages().size()), 1e-15);
    }

    /** torchvision's resnet50 with {@code num_classes=6}: {@code fc}, {@code fc} and {@code layer4}, everything. */
    @Test
    void numbersThatTrain() {
        assertEquals(12_294, count(Trainable.head()));
        assertEquals(14_977_030, count(Trainable.last(1)));
        assertEquals(23_520_326, count(Trainable.all()));
    }

    private static long count(Trainable trainable) {
        Backbone backbone = Backbones.create("resnet50", 6);
        int first = trainable.firstStage(0, backbone.stages().size());
        return backbone.state().entrySet().stream().filter(entry -> entry.getValue().trains() && backbone.stageOf(entry.getKey()) >= first)
            .mapToLong(entry -> entry.getValue().count()).sum();
    }
}
