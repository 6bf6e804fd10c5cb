package io.adjoint.optim.data;

import java.util.BitSet;
import java.util.stream.IntStream;

/** Reads all examples, some at a time. */
final class Survey {
    private static final int AT_A_TIME = 64;

    private Survey() {}

    /** See {@link Examples#representatives}. */
    static int[] of(Examples<?> data) {
        Numbers features = new Numbers();
        Numbers targets = new Numbers();
        BitSet representatives = new BitSet();
        for (int first = 0; first < data.size(); first += AT_A_TIME) {
            int begin = first;
            Batch batch = data.rows(IntStream.range(first, Math.min(first + AT_A_TIME, data.size())).toArray());
            Dataset.requireFinite(batch.features(), (row, i, _) -> data.at(begin + row).at("feature", i));
            Dataset.requireFinite(batch.targets(), (row, i, _) -> data.at(begin + row).at("target", i));
            features.add(batch.features(), representatives, first);
            targets.add(batch.targets(), representatives, first);
        }
        return representatives.stream().toArray();
    }
}
