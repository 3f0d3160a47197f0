package graft.data;

import graft.Progress;
import graft.data.Duplicate.How;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds pictures that are in a data set more than once. Of equal files, and of equal pixels in different files, each is paired with the first. The others are
 * looked for by their perceptual hashes, whole or cut, mirrored or not ({@link HashIndex}), and every candidate is read again and laid over the other
 * ({@link Alignment}): hashes propose, pixels decide.
 */
final class Duplicates {
    /** A copy has the details of its original; pictures of 100 pixels lose many when they are compressed. */
    private static final double COPY_DETAIL = 0.8;
    private static final double COPY_DETAIL_OF_THE_SAME = 0.7;
    private static final double THE_SAME = 0.995;
    private static final double SIMILAR_DETAIL = 0.25;
    private static final double SIMILAR = 0.7;
    /** The nearest so many candidates of a picture are looked at: a thousand frames of a film would otherwise make half a million pairs. */
    private static final int MOST_CANDIDATES = 16;
    /** So many pairs are compared together; their grids are in memory, 32 MB. */
    private static final int ROUND = 1024;

    private final List<Picture> pictures;
    private final int training;
    private final Fingerprints prints;
    private final List<Duplicate> found = new ArrayList<>();
    /** For each picture another one that is the same, in the end the first of all. */
    private final int[] same;

    private Duplicates(List<Picture> pictures, int training, Fingerprints prints) {
        this.pictures = pictures;
        this.training = training;
        this.prints = prints;
        same = new int[pictures.size()];
        Arrays.setAll(same, i -> i);
    }

    /**
     * All duplicates: equal ones first, then copies and similar ones, the most alike first.
     *
     * @param training how many of the pictures, from the first on, are for training
     */
    static List<Duplicate> of(List<Picture> pictures, int training, Fingerprints prints, Progress progress) throws InterruptedException {
        Duplicates duplicates = new Duplicates(pictures, training, prints);
        duplicates.equal();
        duplicates.near(progress);
        duplicates.found.sort(Comparator.comparing(Duplicate::how).thenComparing(Comparator.comparingDouble(Duplicate::likeness).reversed()));
        return List.copyOf(duplicates.found);
    }

    private void equal() {
        Map<Long, Integer> firsts = new HashMap<>();
        Map<Long, Integer> firstPixels = new HashMap<>();
        for (int i = 0; i < pictures.size(); i++) {
            if (!prints.readable(i)) {
                continue;
            }
            Integer first = firsts.putIfAbsent(prints.contents[i], i);
            Integer firstOfPixels = firstPixels.putIfAbsent(prints.pixels[i], i);
            if (first != null) {
                add(How.SAME_FILE, first, i, 1, false, 1);
                same[i] = first;
            } else if (firstOfPixels != null) {
                add(How.SAME_PIXELS, firstOfPixels, i, 1, false, 1);
                same[i] = firstOfPixels;
            }
        }
    }

    private void near(Progress progress) throws InterruptedException {
        long[] candidates = candidates(progress);
        try (Progress.Task task = progress.start("comparing", candidates.length, "pairs")) {
            for (int from = 0; from < candidates.length; from += ROUND) {
                int end = Math.min(candidates.length, from + ROUND);
                // Of copies that are known already, not every pair has to be looked at.
                int[][] pairs = Arrays.stream(candidates, from, end).mapToObj(Duplicates::pair).filter(pair -> first(pair[0]) != first(pair[1])).toArray(int[][]::new);
                task.step(end - from - pairs.length);
                compare(pairs, task);
            }
        }
    }

    /** Pairs of pictures with near hashes, packed as distance, first, second, and so sorted by distance. */
    private long[] candidates(Progress progress) throws InterruptedException {
        int[] distinct = IntStream.range(0, prints.count()).filter(i -> prints.readable(i) && same[i] == i && !prints.blank[i]).toArray();
        long[] hashes = Arrays.stream(distinct).mapToLong(i -> prints.hashes[0][i]).toArray();
        HashIndex index = new HashIndex(hashes);
        PairList pairs = new PairList();
        try (Progress.Task task = progress.start("searching", distinct.length, "pictures")) {
            Parallel.forEach(distinct.length, i -> pairs.add(nearest(i, distinct, index)), task);
        }
        return pairs.sorted();
    }

    private long[] nearest(int query, int[] distinct, HashIndex index) {
        int picture = distinct[query];
        PairList near = new PairList();
        for (int part = 0; part < PerceptualHash.PARTS; part++) {
            long straight = prints.hashes[part][picture];
            for (long hash : new long[] {straight, PerceptualHash.mirrored(straight)}) {
                index.near(hash, PerceptualHash.RADIUS, other -> {
                    if (other != query) {
                        int distance = PerceptualHash.distance(hash, prints.hashes[0][distinct[other]]);
                        near.add(PairList.of(distance, Math.min(picture, distinct[other]), Math.max(picture, distinct[other])));
                    }
                });
            }
        }
        long[] sorted = near.sorted();
        return sorted.length <= MOST_CANDIDATES ? sorted : Arrays.copyOf(sorted, MOST_CANDIDATES);
    }

    private static int[] pair(long packed) {
        return new int[] {PairList.first(packed), PairList.second(packed)};
    }

    private void compare(int[][] pairs, Progress.Task task) throws InterruptedException {
        int[] needed = Arrays.stream(pairs).flatMapToInt(Arrays::stream).distinct().sorted().toArray();
        float[][] grids = new float[needed.length][];
        Parallel.forEach(needed.length, i -> grids[i] = grid(pictures.get(needed[i])), Progress.SILENT.start("", 0, ""));
        Alignment[] alignments = new Alignment[pairs.length];
        Parallel.forEach(pairs.length, i -> {
            float[] first = grids[Arrays.binarySearch(needed, pairs[i][0])];
            float[] second = grids[Arrays.binarySearch(needed, pairs[i][1])];
            alignments[i] = first == null || second == null ? null : Alignment.of(first, second, Math.min(shorterSide(pairs[i][0]), shorterSide(pairs[i][1])));
        }, task);
        for (int i = 0; i < pairs.length; i++) {
            Alignment alignment = alignments[i];
            if (alignment != null && copy(alignment)) {
                add(How.COPY, pairs[i][0], pairs[i][1], alignment.likeness(), alignment.mirrored(), alignment.part());
                same[Math.max(first(pairs[i][0]), first(pairs[i][1]))] = Math.min(first(pairs[i][0]), first(pairs[i][1]));
            } else if (alignment != null && alignment.detail() >= SIMILAR_DETAIL && alignment.likeness() >= SIMILAR) {
                add(How.SIMILAR, pairs[i][0], pairs[i][1], alignment.likeness(), alignment.mirrored(), alignment.part());
            }
        }
    }

    private int shorterSide(int picture) {
        return Math.min(prints.widths[picture], prints.heights[picture]);
    }

    private static boolean copy(Alignment alignment) {
        return alignment.detail() >= COPY_DETAIL || alignment.likeness() >= THE_SAME && alignment.detail() >= COPY_DETAIL_OF_THE_SAME;
    }

    /** {@code null} for a picture that is gone since it was read first. */
    private static float[] grid(Picture picture) {
        try {
            return PictureFile.read(picture.file(), GreyGrid::of);
        } catch (UnreadablePictureException gone) {
            return null;
        }
    }

    /** The first of the pictures that are the same as this one. */
    private int first(int picture) {
        int first = picture;
        while (same[first] != first) {
            first = same[first];
        }
        return first;
    }

    private void add(How how, int first, int second, double likeness, boolean mirrored, double part) {
        found.add(new Duplicate(how, pictures.get(first), pictures.get(second), likeness, mirrored, part, first < training && second >= training));
    }
}
