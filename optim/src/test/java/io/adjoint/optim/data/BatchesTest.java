package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {
    /** Row i holds i and -i, and its target is i. */
    private static Dataset numbered(int rows) {
        float[][] features = new float[rows][];
        for (int i = 0; i < rows; i++) {
            features[i] = new float[] {i, -i};
        }
        return Dataset.of(features, LongStream.range(0, rows).toArray(), rows);
    }

    private static List<Long> targets(Batch batch) {
        return LongStream.of(batch.targets().toLongs()).boxed().toList();
    }

    private static List<Long> epoch(Batches batches, long number) {
        List<Long> all = new ArrayList<>();
        batches.epoch(number).forEach(batch -> all.addAll(targets(batch)));
        return all;
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyRowComesOnceWithItsTarget(@ForAll @IntRange(min = 1, max = 60) int rows,
            @ForAll @IntRange(min = 1, max = 70) int size, @ForAll long seed, @ForAll @IntRange(max = 5) int number) {
        Batches batches = numbered(rows).batches(size, Rng.seed(seed));
        List<Batch> epoch = batches.epoch(number);
        assertEquals((rows + size - 1) / size, epoch.size());
        assertEquals(epoch.size(), batches.count());
        List<Long> met = new ArrayList<>();
        for (int i = 0; i < epoch.size(); i++) {
            List<Long> targets = targets(epoch.get(i));
            assertEquals(i + 1 < epoch.size() ? size : rows - size * i, targets.size());
            float[] features = epoch.get(i).features().toFloats();
            for (int j = 0; j < targets.size(); j++) {
                assertEquals(targets.get(j), (long) features[2 * j]);
                assertEquals(-targets.get(j), (long) features[2 * j + 1]);
            }
            met.addAll(targets);
        }
        assertEquals(LongStream.range(0, rows).boxed().toList(), met.stream().sorted().toList());
    }

    @Property(tries = 50)
    void theOrderIsAFunctionOfSeedAndEpoch(@ForAll long seed, @ForAll @IntRange(max = 1000) int number) {
        Batches batches = numbered(40).batches(7, Rng.seed(seed));
        List<Long> order = epoch(batches, number);
        assertEquals(order, epoch(numbered(40).batches(7, Rng.seed(seed)), number));
        assertFalse(order.equals(epoch(batches, number + 1L)), "another epoch, another order");
        assertFalse(order.equals(epoch(numbered(40).batches(7, Rng.seed(seed + 1)), number)), "another seed");
    }

    @Test
    void anEpochGoesOnInItsMiddle() {
        Batches batches = numbered(10).batches(3, Rng.seed(1));
        List<Batch> rest = batches.epoch(4).subList(2, batches.count());
        List<Long> order = epoch(batches, 4);
        assertEquals(order.subList(6, 9), targets(rest.getFirst()));
        assertEquals(order.subList(9, 10), targets(rest.getLast()));
    }

    @Test
    void withoutAKeyTheRowsKeepTheirOrder() {
        assertEquals(LongStream.range(0, 10).boxed().toList(), epoch(numbered(10).batches(4), 3));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aSplitPartsTheRows(@ForAll @IntRange(min = 2, max = 80) int rows,
            @ForAll @DoubleRange(min = 0.3, max = 0.7) double share, @ForAll long seed) {
        Split<Dataset> split = numbered(rows).split(share, Rng.seed(seed));
        assertEquals(Math.round(rows * share), split.heldBack().size());
        long[] both = LongStream.concat(LongStream.of(split.training().targets().toLongs()),
                LongStream.of(split.heldBack().targets().toLongs())).sorted().toArray();
        assertArrayEquals(LongStream.range(0, rows).toArray(), both);
        assertTrue(split.heldBack().targets().sameBits(
                numbered(rows).split(share, Rng.seed(seed)).heldBack().targets()), "the seed decides");
    }

    @Test
    void badDataIsRefusedWithItsPlace() {
        float[][] good = {{1, 2}, {3, 4}};
        int[] labels = {0, 1};
        assertEquals(
                "dataset, row 1, feature 0: found NaN; expected a finite number; fill or drop missing values first",
                refusal(() -> Dataset.of(new float[][] {{1, 2}, {Float.NaN, 4}}, labels, 2)));
        assertEquals("dataset, row 0, target 0: found Infinity; "
                + "expected a finite number; fill or drop missing values first",
                refusal(() -> new Dataset(Tensor.rows(good), Tensor.of(new double[] {1 / 0.0, 2}))));
        assertEquals("dataset, row 1: found label 2; expected a label from 0 to 1",
                refusal(() -> Dataset.of(good, new int[] {0, 2}, 2)));
        assertEquals("dataset, row 0: found label -1; expected a label from 0 to 1",
                refusal(() -> Dataset.of(good, new long[] {-1, 0}, 2)));
        assertEquals("dataset: features and targets differ in their number of rows: features [2, 2], targets [3]; "
                + "expected features [n, ...] and targets [n, ...]",
                message(() -> Dataset.of(good, new int[] {0, 1, 1}, 2)));
        assertEquals("rows: rows differ in length: row 1, columns 1; expected 2 columns, as in row 0",
                message(() -> Dataset.of(new float[][] {{1, 2}, {3}}, labels, 2)));
        assertEquals("dataset: found no rows; expected one row or more",
                refusal(() -> Dataset.of(new float[0][], new int[0], 2)));
        assertEquals("dataset: found an empty part: 0.1 of 2 rows; "
                + "expected a share that leaves a row or more for each part",
                refusal(() -> Dataset.of(good, labels, 2).split(0.1, Rng.seed(1))));
        assertThrows(DataException.class, () -> Dataset.of(good, labels, 2).split(Double.NaN, Rng.seed(1)));
        assertEquals("dataset: row out of range: row 2; expected 0 to 1",
                message(() -> Dataset.of(good, labels, 2).rows(0, 2)));
        assertEquals("dataset: found no rows; expected one row or more",
                refusal(() -> Dataset.of(good, labels, 2).subset()));
        assertEquals("batches: an empty batch: size 0; expected 1 or more",
                message(() -> Dataset.of(good, labels, 2).batches(0)));
    }

    @Test
    void listsAndStreamsBecomeDatasetsAndBatches() {
        Dataset words =
                Dataset.of(List.of("a", "bbb"), word -> new float[] {word.length(), 1}, word -> word.length() / 2, 2);
        assertArrayEquals(new float[] {1, 1, 3, 1}, words.features().toFloats());
        assertArrayEquals(new long[] {0, 1}, words.labels());
        List<Example> examples = IntStream.range(0, 7)
                .mapToObj(i -> new Example(Tensor.full(Shape.of(2), DType.F32, i), Tensor.scalar(i, DType.I64)))
                .toList();
        Dataset data = Dataset.of(examples);
        assertEquals(Shape.of(7, 2), data.features().shape());
        assertArrayEquals(LongStream.range(0, 7).toArray(), data.labels());
        Stream<Example> endless = Stream.generate(examples::stream).flatMap(stream -> stream);
        List<Batch> batches = Batch.cut(endless, 3).limit(3).toList();
        assertEquals(List.of(6L, 0L, 1L), targets(batches.getLast()));
        assertEquals(List.of(3, 3, 1), Batch.cut(examples.stream(), 3).map(Batch::size).toList());
        assertEquals("dataset: found no rows; expected one row or more", refusal(() -> Dataset.of(List.of())));
        assertEquals("batches: an empty batch: size 0; expected 1 or more",
                assertThrows(ShapeException.class, () -> Batch.cut(examples.stream(), 0)).getMessage());
    }

    @Test
    void theDatasetKeepsACopy() {
        float[][] features = {{1, 2}};
        Dataset data = Dataset.of(features, new int[] {0}, 1);
        features[0][0] = 5;
        assertArrayEquals(new float[] {1, 2}, data.features().toFloats());
        assertEquals(1, IntStream.of(data.targets().shape().dims()).sum());
    }

    private static String refusal(Runnable refused) {
        return assertThrows(DataException.class, refused::run).getMessage();
    }

    private static String message(Runnable refused) {
        return assertThrows(ShapeException.class, refused::run).getMessage();
    }
}
