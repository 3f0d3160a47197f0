package graft.train;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import graft.InputException;
import graft.Small;
import graft.augment.Pipeline;
import graft.backbone.Pretrained;
import graft.data.Picture;
import graft.torch.Libtorch;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class InputsTest {
    private static final List<Picture> PICTURES = Small.pictures().train().subList(0, 1);

    @Test
    void aBatchBeyondTwoGibibytesIsRefused() throws Exception {
        Pipeline pipeline = Pipeline.of(resize(224), centerCrop(224));
        try (PictureInputs inputs = new PictureInputs(PICTURES, pipeline, List.of(), Pretrained.of("resnet18"), 12, 1, 1); NDManager manager = Libtorch.manager()) {
            assertEquals("4000 pictures of 224×224 are more than the 2 GiB that a batch may have; a smaller one, such as --batch 32, would be right",
                assertThrows(InputException.class, () -> inputs.batch(manager, new int[4000], 0, 0)).getMessage());
        }
    }

    @Test
    void viewsThatTheBackboneDoesNotTakeAreRefused() {
        Pipeline pipeline = Pipeline.of(resize(64), centerCrop(64));
        try (PictureInputs inputs = new PictureInputs(PICTURES, pipeline, List.of(), Pretrained.of("deit_base_patch16_384"), 12, 1, 1); NDManager manager = Libtorch.manager()) {
            assertEquals("the training transforms make 64×64 of " + PICTURES.get(0).file() + ", and with these weights deit_base_patch16_384 takes 384×384 alone; end them with a crop to 384",
                assertThrows(InputException.class, () -> inputs.batch(manager, new int[1], 0, 0)).getMessage());
        }
    }

    @Test
    void moreNumbersThanAnArrayHoldsAreRefusedBeforeTheyAreComputed() {
        assertEquals("1048576 training pictures with 2048 numbers each are more than the 2 billion that are in memory at once; fewer pictures, or --trainable all, would be right",
            assertThrows(InputException.class, () -> new RowInputs(Collections.nCopies(1 << 20, PICTURES.get(0)), (pictures, epoch) -> new float[0][], 2048)).getMessage());
    }
}
