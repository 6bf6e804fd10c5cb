package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class SortingTest {
    private static final double NAN = Double.NaN;

    /** Holds what was chosen along the axis against the positions that Java chose, line by line. */
    private static void assertChosen(Lines lines, Function<List<Integer>, List<Integer>> expected, Chosen actual,
            boolean dropped, String label) {
        Tensor values = dropped ? actual.values().unsqueeze(lines.axis()) : actual.values();
        Tensor indices = dropped ? actual.places().unsqueeze(lines.axis()) : actual.places();
        int count = values.dim(lines.axis());
        assertEquals(lines.tensor().shape().with(lines.axis(), count), values.shape(), label);
        assertEquals(values.shape(), indices.shape(), label);
        Lines chosen = new Lines(values, lines.axis());
        long[] places = indices.toLongs();
        List<List<Integer>> sources = lines.all();
        List<List<Integer>> results = chosen.all();
        for (int row = 0; row < sources.size(); row++) {
            List<Integer> source = sources.get(row);
            List<Integer> positions = expected.apply(source);
            String where = label + ", line " + row;
            assertArrayEquals(positions.stream().mapToLong(source::indexOf).toArray(),
                    results.get(row).stream().mapToLong(i -> places[i]).toArray(), where);
            assertTrue(lines.at(positions).sameBits(chosen.at(results.get(row))), where);
        }
    }

    @Property(tries = 400, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void sortingIsStableInBothOrders(@ForAll long seed) {
        Lines lines = Lines.random(seed);
        for (SortOrder order : SortOrder.values()) {
            String label = order + " " + lines + ", seed " + seed;
            Chosen sorted = lines.tensor().sort(lines.axis(), order);
            assertChosen(lines, line -> lines.sorted(line, order), sorted, false, label);
            assertTrue(sorted.places().sameBits(lines.tensor().argsort(lines.axis() - lines.tensor().rank(), order)));
        }
        assertTrue(lines.tensor().msort().sameBits(lines.tensor().sort(0).values()));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void extremesAndTheKthAreTakenFromSortedLines(@ForAll long seed) {
        Lines lines = Lines.random(seed);
        int k = new Random(seed).nextInt(lines.length() + 1);
        String label = k + " of " + lines + ", seed " + seed;
        assertChosen(lines, line -> lines.sorted(line, SortOrder.DESCENDING).subList(0, k),
                lines.tensor().topk(k, lines.axis()), false, label);
        assertChosen(lines, line -> lines.sorted(line, SortOrder.ASCENDING).subList(0, k),
                lines.tensor().topk(k, lines.axis(), Extreme.SMALLEST), false, label);
        if (k > 0) {
            assertChosen(lines, line -> lines.sorted(line, SortOrder.ASCENDING).subList(k - 1, k),
                    lines.tensor().kthValue(k, lines.axis()), true, label);
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void mediansAreInTheMiddle(@ForAll long seed) {
        Lines lines = Lines.random(seed);
        if (lines.length() == 0) {
            assertThrows(ShapeException.class, () -> lines.tensor().median(lines.axis()));
            assertThrows(ShapeException.class, () -> lines.tensor().nanMedian(lines.axis()));
            return;
        }
        String label = lines + ", seed " + seed;
        assertChosen(lines, line -> List.of(median(lines, line)), lines.tensor().median(lines.axis()), true, label);
        assertChosen(lines, line -> List.of(nanMedian(lines, line)), lines.tensor().nanMedian(lines.axis()), true,
                label);
        if (lines.tensor().size() > 0) {
            List<Integer> all = IntStream.range(0, lines.tensor().size()).boxed().toList();
            assertEquals(lines.at(List.of(median(lines, all))).item(), lines.tensor().median().item() + 0.0, 0.0,
                    label);
            assertEquals(lines.at(List.of(nanMedian(lines, all))).item(), lines.tensor().nanMedian().item() + 0.0, 0.0,
                    label);
        }
    }

    /** The first NaN, else the lower of the elements in the middle. */
    private static int median(Lines lines, List<Integer> line) {
        return line.stream().filter(lines::isNaN).findFirst()
                .orElseGet(() -> lines.sorted(line, SortOrder.ASCENDING).get((line.size() - 1) / 2));
    }

    private static int nanMedian(Lines lines, List<Integer> line) {
        List<Integer> numbers = line.stream().filter(i -> !lines.isNaN(i)).toList();
        return numbers.isEmpty() ? line.getFirst() : median(lines, numbers);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theModeOccursMostOften(@ForAll long seed) {
        Lines lines = Lines.random(seed);
        if (lines.length() == 0) {
            assertThrows(ShapeException.class, () -> lines.tensor().mode(lines.axis()));
            return;
        }
        assertChosen(lines, line -> {
            TreeMap<Integer, List<Integer>> occurrences = new TreeMap<>(lines.byElement());
            line.stream().filter(i -> !lines.isNaN(i))
                    .forEach(i -> occurrences.computeIfAbsent(i, _ -> new ArrayList<>()).add(i));
            int most = occurrences.values().stream().mapToInt(List::size).max().orElse(0);
            return occurrences.values().stream().filter(equals -> equals.size() == most).findFirst()
                    .map(equals -> List.of(equals.getLast())).orElse(List.of(line.getFirst()));
        }, lines.tensor().mode(lines.axis()), true, lines + ", seed " + seed);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void differentElementsAreListedOnce(@ForAll long seed) {
        Lines lines = Lines.random(seed);
        List<Integer> all = IntStream.range(0, lines.tensor().size()).boxed().toList();
        assertUnique(lines, lines.sorted(all, SortOrder.ASCENDING), lines.tensor().unique(), "seed " + seed);
        assertUnique(lines, all, lines.tensor().uniqueConsecutive(), "seed " + seed);
    }

    /** Holds runs of equals in a list of positions against what was found. */
    private static void assertUnique(Lines lines, List<Integer> list, Unique actual, String label) {
        List<Integer> firsts = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        long[] inverse = new long[list.size()];
        for (int at = 0; at < list.size(); at++) {
            int i = list.get(at);
            if (at == 0 || lines.isNaN(i) || lines.byElement().compare(list.get(at - 1), i) != 0) {
                firsts.add(i);
                counts.add(0L);
            }
            inverse[i] = firsts.size() - 1;
            counts.set(firsts.size() - 1, counts.getLast() + 1);
        }
        assertTrue(lines.at(firsts).sameBits(actual.values()), label);
        assertArrayEquals(inverse, actual.inverse().toLongs(), label);
        assertEquals(lines.tensor().shape(), actual.inverse().shape(), label);
        assertArrayEquals(counts.stream().mapToLong(Long::longValue).toArray(), actual.counts().toLongs(), label);
    }

    /** Enough work that it is shared. */
    @Test
    void threadsDoNotShow() {
        Tensor x = Rng.seed(1).normal(Shape.of(300, 130), DType.F32).mul(4).round();
        for (int axis = 0; axis < 2; axis++) {
            int along = axis;
            Tensor alone = Workers.withThreads(1, () -> x.argsort(along));
            Tensor shared = Workers.withThreads(3, () -> x.argsort(along));
            assertTrue(alone.sameBits(shared));
            Lines lines = new Lines(x, axis);
            assertChosen(lines, line -> lines.sorted(line, SortOrder.ASCENDING),
                    new Chosen(x.gather(axis, shared), shared),
                    false, "axis " + axis);
        }
    }

    @Test
    void aChosenElementHandsItsGradientOn() {
        Tensor x = Tensor.of(new double[] {2, NAN, 2, -1, 5}).tracked();
        Tensor weights = Tensor.of(new double[] {1, 10, 100, 1000, 10000});
        assertArrayEquals(new double[] {10, 10000, 100, 1, 1000}, gradient(x.sort(0).values(), weights, x));
        assertArrayEquals(new double[] {100, 1, 1000, 10000, 10},
                gradient(x.sort(0, SortOrder.DESCENDING).values(), weights, x));
        assertArrayEquals(new double[] {0, 1, 0, 0, 10}, gradient(x.topk(2, 0).values(), weights.slice(0, 0, 2), x));
        Tensor one = Tensor.scalar(1, DType.F64);
        assertArrayEquals(new double[] {0, 0, 1, 0, 0}, gradient(x.mode(0).values(), one, x));
        assertArrayEquals(new double[] {0, 1, 0, 0, 0}, gradient(x.median(0).values(), one, x));
        assertArrayEquals(new double[] {1, 0, 0, 0, 0}, gradient(x.nanMedian(0).values(), one, x));
        assertArrayEquals(new double[] {1, 1, 0, 1, 1}, gradient(x.unique().values(),
                Tensor.full(Shape.of(4), DType.F64, 1), x), "the first of equals");
    }

    private static double[] gradient(Tensor y, Tensor cotangent, Tensor x) {
        return y.vjp(cotangent, x).of(x).toDoubles();
    }

    /** As PyTorch's evenly_distribute_backward. */
    @Test
    void equalsShareTheGradientOfTheMedianOfAll() {
        Tensor x = Tensor.of(new double[] {2, 7, 2, -1, 2, 9}, 2, 3).tracked();
        Tensor one = Tensor.scalar(1, DType.F64);
        assertEquals(2, x.median().item());
        assertArrayEquals(new double[] {1 / 3.0, 0, 1 / 3.0, 0, 1 / 3.0, 0}, gradient(x.median(), one, x));
        Tensor withNaN = Tensor.of(new double[] {NAN, 1, NAN, -0.0, 0, -0.0}).tracked();
        assertEquals(NAN, withNaN.median().item());
        assertArrayEquals(new double[] {0.5, 0, 0.5, 0, 0, 0}, gradient(withNaN.median(), one, withNaN));
        assertArrayEquals(new double[] {0, 0, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0},
                gradient(withNaN.nanMedian(), one, withNaN));
    }

    @Test
    void anEmptyTensorHasTheMedianNaN() {
        assertEquals(NAN, Tensor.zeros(0, 3).median().item());
        assertEquals(NAN, Tensor.zeros(0, 3).nanMedian().item());
        assertThrows(ShapeException.class, () -> Tensor.range(0).median());
        assertEquals(Shape.of(0), Tensor.zeros(0, 3).median(1).values().shape());
        assertEquals(Shape.of(0), Tensor.zeros(3, 0).unique().counts().shape());
    }

    @Test
    void aScalarPassesForOneAxis() {
        Tensor x = Tensor.scalar(4, DType.F64);
        for (int axis = -1; axis <= 0; axis++) {
            for (Chosen chosen : List.of(x.sort(axis), x.topk(1, axis), x.kthValue(1, axis), x.median(axis),
                    x.nanMedian(axis), x.mode(axis))) {
                assertTrue(chosen.values().sameBits(x));
                assertTrue(chosen.places().sameBits(Tensor.scalar(0, DType.I64)));
            }
            assertEquals(Shape.scalar(), x.argsort(axis).shape());
        }
        assertEquals(Shape.of(1), x.unique().values().shape());
        assertEquals(Shape.scalar(), x.unique().inverse().shape());
        assertThrows(ShapeException.class, () -> x.sort(1));
        assertThrows(ShapeException.class, () -> x.topk(0, 0));
    }
}
