package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PartsTest {
    /** Row i holds i; its label is given. */
    private static Dataset labelled(List<Integer> labels) {
        float[][] rows = IntStream.range(0, labels.size()).mapToObj(i -> new float[] {i}).toArray(float[][]::new);
        return Dataset.of(rows, labels.stream().mapToLong(x -> x).toArray(), 4);
    }

    private static int[] rows(Dataset data) {
        float[] values = data.features().toFloats();
        return IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
    }

    private static long count(Dataset data, int label) {
        return Arrays.stream(data.labels()).filter(x -> x == label).count();
    }

    private static void assertPartition(int size, Split<Dataset> split) {
        int[] all = IntStream.concat(IntStream.of(rows(split.training())), IntStream.of(rows(split.heldBack())))
                .sorted().toArray();
        assertArrayEquals(IntStream.range(0, size).toArray(), all);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void foldsPartitionTheRows(@ForAll @Size(min = 2, max = 60) List<@IntRange(max = 3) Integer> labels,
            @ForAll @IntRange(min = 2, max = 7) int folds, @ForAll long seed) {
        int k = Math.min(folds, labels.size());
        Dataset data = labelled(labels);
        for (List<Split<Dataset>> splits : List.of(data.folds(k, Rng.seed(seed)),
                data.stratifiedFolds(k, Rng.seed(seed)))) {
            assertEquals(k, splits.size());
            splits.forEach(split -> assertPartition(labels.size(), split));
            int[] held = splits.stream().flatMapToInt(split -> IntStream.of(rows(split.heldBack()))).sorted().toArray();
            assertArrayEquals(IntStream.range(0, labels.size()).toArray(), held, "each row is held back once");
            for (Split<Dataset> split : splits) {
                int size = split.heldBack().size();
                assertTrue(size == labels.size() / k || size == Math.ceilDiv(labels.size(), k), "size " + size);
            }
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void stratifiedFoldsHaveEachClassAlike(@ForAll @Size(min = 2, max = 60) List<@IntRange(max = 3) Integer> labels,
            @ForAll @IntRange(min = 2, max = 7) int folds, @ForAll long seed) {
        int k = Math.min(folds, labels.size());
        Dataset data = labelled(labels);
        for (Split<Dataset> split : data.stratifiedFolds(k, Rng.seed(seed))) {
            for (int label = 0; label < 4; label++) {
                double even = (double) count(data, label) / k;
                assertTrue(Math.abs(count(split.heldBack(), label) - even) < 1, "class " + label);
            }
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aStratifiedSplitKeepsProportionsWithinOneRow(
            @ForAll @Size(min = 4, max = 60) List<@IntRange(max = 3) Integer> labels,
            @ForAll @DoubleRange(min = 0.2, max = 0.8) double share, @ForAll long seed) {
        Dataset data = labelled(labels);
        Split<Dataset> split = data.stratified(share, Rng.seed(seed));
        assertPartition(labels.size(), split);
        assertEquals(Math.round(labels.size() * share), split.heldBack().size());
        for (int label = 0; label < 4; label++) {
            assertTrue(Math.abs(count(split.heldBack(), label) - share * count(data, label)) < 1, "class " + label);
        }
        assertArrayEquals(rows(split.heldBack()), rows(data.stratified(share, Rng.seed(seed)).heldBack()));
    }

    @Test
    void anotherSeedDrawsOtherRows() {
        Dataset data = labelled(IntStream.range(0, 40).mapToObj(i -> i % 4).toList());
        assertFalse(Arrays.equals(rows(data.stratified(0.5, Rng.seed(1)).heldBack()),
                rows(data.stratified(0.5, Rng.seed(2)).heldBack())));
        assertFalse(Arrays.equals(rows(data.folds(4, Rng.seed(1)).getFirst().heldBack()),
                rows(data.folds(4, Rng.seed(2)).getFirst().heldBack())));
    }

    @Test
    void emptyPartsAreRefused() {
        Dataset data = labelled(List.of(0, 1, 2));
        assertEquals("dataset: found an empty part: 4 folds of 3 rows; expected as many rows as folds, or more",
                assertThrows(DataException.class, () -> data.folds(4, Rng.seed(1))).getMessage());
        assertThrows(DataException.class, () -> data.stratified(0.01, Rng.seed(1)));
        assertThrows(ShapeException.class, () -> data.folds(1, Rng.seed(1)));
        assertThrows(ShapeException.class,
                () -> new Dataset(Tensor.ones(3, 1), Tensor.ones(3, 1)).stratified(0.5, Rng.seed(1)));
    }
}
