package graft.train;

import graft.InputException;
import graft.Limits;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which stages of a network train in which epoch, and how fast. Stages are counted from the picture on; the head comes after them and always trains.
 */
public sealed interface Trainable {
    /**
     * The first stage that trains.
     *
     * @param epoch counted from 0
     * @param stages how many there are before the head
     * @return 0 to {@code stages}; that is the head
     */
    int firstStage(int epoch, int stages);

    /** The factor on the learning rate of a stage's parameters. @param stage {@code stages} for the head */
    default double learningRate(int stage, int stages) {
        return 1;
    }

    /** The head, on a frozen backbone. */
    static Trainable head() {
        return new HeadOnly();
    }

    /** Everything. */
    static All all() {
        return new All(0, 1);
    }

    /** The head and the last stages. */
    static Trainable last(int count) {
        return new Last(count);
    }

    /** The head at first, and one stage more, from the end on, from each of these epochs on (counted from 0): gradual unfreezing, Howard and Ruder 2018 (arXiv:1801.06146). */
    static Trainable gradual(Integer... epochs) {
        return new Gradual(List.of(epochs));
    }

    /** The head alone. */
    record HeadOnly() implements Trainable {
        @Override
        public int firstStage(int epoch, int stages) {
            return stages;
        }

        @Override
        public String toString() {
            return "head";
        }
    }

    /**
     * Everything, from an epoch on; before it the head alone.
     *
     * @param from the first epoch in which everything trains, counted from 0
     * @param layerDecay each stage learns at so many times the rate of the next, above 0; 1 for all alike, BEiT, Bao et al. 2021 (arXiv:2106.08254)
     */
    record All(int from, double layerDecay) implements Trainable {
        public All {
            Limits.atLeast(0, "the epoch from which everything trains", from);
            Limits.positive("the layer-wise decay of the learning rate", layerDecay);
        }

        /** The same after some epochs in which the head trains alone. */
        public All from(int epoch) {
            return new All(epoch, layerDecay);
        }

        /** The same with a smaller learning rate the nearer a stage is to the picture. */
        public All layerDecay(double factor) {
            return new All(from, factor);
        }

        @Override
        public int firstStage(int epoch, int stages) {
            return epoch < from ? stages : 0;
        }

        @Override
        public double learningRate(int stage, int stages) {
            return Math.pow(layerDecay, stages - stage);
        }

        @Override
        public String toString() {
            return (from == 0 ? "all" : "head, from epoch " + (from + 1) + " on all") + (layerDecay == 1 ? "" : ", layer-wise decay of the learning rate " + layerDecay);
        }
    }

    /** The head and so many stages before it. */
    record Last(int count) implements Trainable {
        public Last {
            Limits.atLeast(1, "the number of last stages that train", count);
        }

        @Override
        public int firstStage(int epoch, int stages) {
            if (count > stages) {
                throw new InputException("the last " + count + " stages cannot train, because the backbone has " + stages + "; --trainable last:" + stages + " or all would be right");
            }
            return stages - count;
        }

        @Override
        public String toString() {
            return "head and last " + (count == 1 ? "stage" : count + " stages");
        }
    }

    /** The head, and one stage more from each of these epochs on. */
    record Gradual(List<Integer> epochs) implements Trainable {
        public Gradual {
            epochs = List.copyOf(epochs);
            for (int i = 0; i < epochs.size(); i++) {
                Limits.atLeast(i == 0 ? 0 : epochs.get(i - 1) + 1, "the epoch from which a further stage trains", epochs.get(i));
            }
        }

        @Override
        public int firstStage(int epoch, int stages) {
            return Math.max(0, stages - (int) epochs.stream().filter(from -> from <= epoch).count());
        }

        @Override
        public String toString() {
            return "head, and one stage more from epochs " + epochs.stream().map(epoch -> Integer.toString(epoch + 1)).collect(Collectors.joining(", ")) + " on";
        }
    }
}
