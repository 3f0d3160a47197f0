package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashIndexTest {
    /** 100,000 hashes, a tenth of them changed copies of others: what a comparison with all finds, each once. */
    @Test
    void findsWhatAComparisonWithAllFinds() {
        SplittableRandom random = new SplittableRandom(3);
        long[] hashes = random.longs(100_000).toArray();
        for (int i = 0; i < 10_000; i++) {
            long changed = hashes[90_000 + i % 5_000];
            for (int k = 0; k < i % 14; k++) {
                changed ^= 1L << random.nextInt(64);
            }
            hashes[i] = changed;
        }
        HashIndex index = new HashIndex(hashes);
        int pairs = 0;
        for (int query = 90_000; query < 90_200; query++) {
            long hash = hashes[query];
            for (int radius : new int[] {0, 5, HashIndex.REACH}) {
                List<Integer> found = new ArrayList<>();
                index.near(hash, radius, found::add);
                found.sort(null);
                assertEquals(IntStream.range(0, hashes.length).filter(i -> Long.bitCount(hashes[i] ^ hash) <= radius).boxed().toList(), found);
                pairs += found.size();
            }
        }
        assertEquals(true, pairs > 1200, pairs + " pairs");
    }

    @Test
    void refusesToMissSome() {
        assertThrows(IllegalArgumentException.class, () -> new HashIndex(new long[1]).near(0, HashIndex.REACH + 1, i -> { }));
    }

    @Test
    void pairsAreKeptOnceTheNearestFirst() {
        PairList pairs = new PairList();
        for (int i = 0; i < 20; i++) {
            pairs.add(PairList.of(9, 70_000_000, 200_000_000), PairList.of(3, 70_000_000, 200_000_000), PairList.of(5, 1, 2 + i % 2));
        }
        long[] sorted = pairs.sorted();
        assertEquals(3, sorted.length);
        assertEquals(70_000_000, PairList.first(sorted[0]));
        assertEquals(200_000_000, PairList.second(sorted[0]));
        assertEquals(PairList.of(5, 1, 3), sorted[2]);
    }
}
