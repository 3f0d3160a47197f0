package graft.train;

import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import graft.Small;
import org.junit.jupiter.api.Test;

/** What is counted; that the time is right is measured by hand, because it takes a machine that does nothing else. */
class EstimateTest {
    private static Estimate of(Recipe recipe) throws InterruptedException {
        Estimate estimate = Estimate.of(recipe, recipe.members().get(0), Progress.SILENT);
        System.out.println(estimate);
        assertTrue(estimate.seconds() > estimate.steps() * estimate.stepSeconds() + estimate.views() * estimate.viewSeconds());
        assertTrue(estimate.peak() > 50e6, "peak: " + estimate.peak());
        return estimate;
    }

    /** Three folds of 24 pictures and all 36, in batches of 8, two epochs; training and test pictures evaluated, and views of each epoch. */
    @Test
    void headsOnViewsThatDraw() throws Exception {
        Estimate estimate = of(Small.recipe().train(resize(72), randomCrop(64)));
        assertEquals(2_239_244, estimate.parameters());
        assertEquals(15_372, estimate.trainable());
        assertEquals(36 + 36 + 2 * 36, estimate.views());
        assertEquals(2 * (3 * 3 + 5), estimate.steps());
        assertEquals(estimate.views() * 1280 * 4, estimate.features());
    }

    @Test
    void viewsThatDrawNothingAreSharedWithEvaluation() throws Exception {
        assertEquals(36 + 36, of(Small.recipe()).views());
    }

    @Test
    void everythingTrains() throws Exception {
        Estimate estimate = of(Small.recipe().trainable(Trainable.all()));
        assertEquals(2_239_244, estimate.parameters());
        assertEquals(estimate.parameters(), estimate.trainable());
        assertEquals(0, estimate.views());
        assertEquals(2 * (3 * 3 + 5), estimate.steps());
    }

    @Test
    void theHeadFirstThenEverything() throws Exception {
        Estimate estimate = of(Small.recipe().trainable(Trainable.all().from(1)));
        assertEquals(36 + 36, estimate.views());
        assertEquals(2 * (3 * 3 + 5), estimate.steps());
    }
}
