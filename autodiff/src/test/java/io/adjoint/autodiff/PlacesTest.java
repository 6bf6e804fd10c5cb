package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Slices, masks and single elements by their places, against loops. */
class PlacesTest {
    private static Tensor normal(long seed, int... dims) {
        return Rng.seed(seed).normal(Shape.of(dims), DType.F64);
    }

    /** A matrix, a list of its rows with repetitions, and what is done slice by slice. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void slicesAreTakenAndPutOneByOne(@ForAll long seed) {
        Random random = new Random(seed);
        int n = 1 + random.nextInt(3);
        Tensor x = normal(seed, n, 2, 3);
        int axis = random.nextInt(3);
        long[] places = random.longs(random.nextInt(4), 0, x.dim(axis)).toArray();
        Tensor index = Tensor.of(places, Shape.of(places.length));
        Tensor source = normal(seed + 1, x.shape().with(axis, places.length).dims());
        double[] added = x.toDoubles();
        double[] copied = x.toDoubles();
        double[] filled = x.toDoubles();
        double[] taken = new double[source.size()];
        for (int i = 0; i < source.size(); i++) {
            int[] at = NaiveSubscript.coordinates(i, source.shape().dims());
            at[axis] = (int) places[at[axis]];
            int to = NaiveSubscript.number(at, x.shape().dims());
            double value = source.toDoubles()[i];
            added[to] += -1.5 * value;
            copied[to] = value;
            filled[to] = 4;
            taken[i] = x.toDoubles()[to];
        }
        assertArrayEquals(added, x.indexAdd(axis - 3, index, source, -1.5).toDoubles(), 1e-15);
        assertArrayEquals(copied, x.indexCopy(axis, index, source).toDoubles());
        assertArrayEquals(filled, x.indexFill(axis, index.sub(x.dim(axis)), 4).toDoubles());
        assertArrayEquals(taken, x.indexSelect(axis, index).toDoubles());
        GradientCheck check = GradientCheck.of("seed " + seed).withSeed(seed);
        check.check(in -> in.getFirst().indexAdd(axis, index, in.getLast(), -1.5), x, source);
        check.check(in -> in.getFirst().indexCopy(axis, index, in.getLast()), x, source);
        check.check(in -> in.getFirst().indexFill(axis, index, in.getLast()), x, Tensor.scalar(2, DType.F64));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void masksChooseInRowMajorOrder(@ForAll long seed) {
        Random random = new Random(seed);
        Tensor x = random.nextBoolean() ? normal(seed, 2, 3) : normal(seed, 2, 1, 3).transpose(0, 1);
        Tensor mask = normal(seed + 1, random.nextBoolean() ? new int[] {2, 3} : new int[] {4, 1, 3}).gt(0);
        Tensor whole = x.expand(Shape.broadcast("test", x.shape(), mask.shape()));
        boolean[] isTrue = mask.expand(whole.shape()).toBooleans();
        Tensor source = normal(seed + 2, 5, 5);
        double[] scattered = whole.toDoubles();
        double[] chosen = new double[isTrue.length];
        long[] coordinates = new long[isTrue.length * whole.rank()];
        int count = 0;
        for (int i = 0; i < isTrue.length; i++) {
            if (isTrue[i]) {
                chosen[count] = scattered[i];
                scattered[i] = source.toDoubles()[count];
                int[] at = NaiveSubscript.coordinates(i, whole.shape().dims());
                for (int axis = 0; axis < at.length; axis++) {
                    coordinates[count * at.length + axis] = at[axis];
                }
                count++;
            }
        }
        Tensor nonzero = mask.expand(whole.shape()).nonzero();
        assertEquals(Shape.of(count, whole.rank()), nonzero.shape());
        assertArrayEquals(Arrays.copyOf(coordinates, count * whole.rank()), nonzero.toLongs());
        assertArrayEquals(Arrays.copyOf(chosen, count), x.maskedSelect(mask).toDoubles());
        assertArrayEquals(scattered, x.maskedScatter(mask, source).toDoubles());
        GradientCheck check = GradientCheck.of("seed " + seed).withSeed(seed);
        check.check(in -> in.getFirst().maskedSelect(mask).square(), x);
        check.check(in -> in.getFirst().maskedScatter(mask, in.getLast()).square(), x, source);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void singleElementsAreTakenByNumberOrAlongAnAxis(@ForAll long seed) {
        Random random = new Random(seed);
        Tensor x = normal(seed, random.nextBoolean() ? 1 : 2, 3);
        Tensor numbers = Tensor.of(random.longs(4, -x.size(), x.size()).toArray(), 2, 2);
        Tensor places = Tensor.of(random.longs(4, 0, 3).toArray(), random.nextBoolean() ? new int[] {1, 4}
                : new int[] {2, 2});
        double[] taken = new double[4];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = x.toDoubles()[Math.floorMod((int) numbers.toLongs()[i], x.size())];
        }
        assertEquals(Shape.of(2, 2), x.take(numbers).shape());
        assertArrayEquals(taken, x.take(numbers).toDoubles());
        int rows = Math.max(x.dim(0), places.dim(0));
        Tensor along = x.takeAlongAxis(-1, places);
        assertEquals(Shape.of(rows, places.dim(1)), along.shape());
        for (int i = 0; i < along.size(); i++) {
            int row = i / places.dim(1);
            long place = places.toLongs()[(places.dim(0) == 1 ? 0 : row) * places.dim(1) + i % places.dim(1)];
            assertEquals(x.toDoubles()[(x.dim(0) == 1 ? 0 : row) * 3 + (int) place], along.toDoubles()[i]);
        }
        Tensor flat = Tensor.of(new long[] {2, 0, 2});
        assertTrue(x.takeAlongAxis(flat).sameBits(x.take(flat)));
        GradientCheck check = GradientCheck.of("seed " + seed).withSeed(seed);
        check.check(in -> in.getFirst().take(numbers).square(), x);
        check.check(in -> in.getFirst().takeAlongAxis(1, places).square(), x);
    }

    @Test
    void aScalarPassesForOneElement() {
        Tensor x = Tensor.scalar(5);
        Tensor zero = Tensor.zeros(Shape.scalar(), DType.I64);
        Tensor list = zero.reshape(1);
        assertEquals(Shape.of(1), x.gather(0, list).shape());
        assertEquals(Shape.scalar(), x.gather(-1, zero).shape());
        assertEquals(Shape.scalar(), x.indexSelect(0, list).shape());
        assertEquals(Shape.scalar(), x.takeAlongAxis(0, zero).shape());
        assertEquals(7, x.indexAdd(0, list, Tensor.ones(1).add(1)).item());
        assertEquals(8, x.indexCopy(-1, zero, Tensor.scalar(8)).item());
        assertEquals(9, x.indexFill(0, zero, 9).item());
        assertEquals(3, x.scatter(0, zero, Tensor.scalar(3)).item());
        assertEquals(Shape.of(1, 0), x.nonzero().shape());
        assertEquals(Shape.of(0, 0), Tensor.scalar(0).nonzero().shape());
        assertEquals(Shape.of(1), x.maskedSelect(x.gt(0)).shape());
        assertEquals(Shape.of(0), x.gather(0, Tensor.zeros(Shape.of(0), DType.I64)).shape());
    }

    @Test
    void nonzeroTakesNaNAndPlacesBelowZeroCountFromTheEnd() {
        Tensor x = Tensor.of(new float[] {0, Float.NaN, -0f, 2});
        assertArrayEquals(new long[] {1, 3}, x.nonzero().toLongs());
        assertEquals(2, x.select(0, -1).item());
        assertEquals(2, x.get(Index.at(-1)).item());
    }

    @Test
    void classesBecomeVectors() {
        Tensor classes = Tensor.of(new long[] {2, 0});
        assertArrayEquals(new long[] {0, 0, 1, 1, 0, 0}, classes.oneHot().toLongs());
        assertEquals(Shape.of(2, 5), classes.oneHot(5).shape());
        assertArrayEquals(new long[] {0, 1}, Tensor.of(new long[] {1}, Shape.scalar()).oneHot().toLongs());
        assertEquals(Shape.of(0, 4), Tensor.zeros(Shape.of(0), DType.I64).oneHot(4).shape());
        assertMessage("one_hot: index out of range: index 2, at [0], in an axis of 2; expected 0 to 1",
                () -> classes.oneHot(2));
        assertMessage("one_hot: no class numbers: input I64[0]; expected I64 with an element or more; or say how many "
                + "classes there are", () -> Tensor.zeros(Shape.of(0), DType.I64).oneHot());
    }

    @Test
    void refusalsSayWhatDoesNotFit() {
        Tensor x = Tensor.zeros(2, 3);
        assertMessage("take: index out of range: index -7, at [0], in an axis of 6; expected -6 to 5",
                () -> x.take(Tensor.of(new long[] {-7})));
        assertMessage("index_select: index out of range: index -1, at [0], in an axis of 3; expected 0 to 2",
                () -> x.indexSelect(1, Tensor.of(new long[] {-1})));
        assertMessage("gather: index out of range: index 3, at [0, 1], in [2, 3]; expected 0 to 2",
                () -> x.gather(1, Tensor.of(new long[] {0, 3}, 1, 2)));
        assertMessage(
                "masked_scatter: not enough elements: source [5], true elements of the mask 6; expected 6 or more",
                () -> x.maskedScatter(x.eq(0), Tensor.ones(5)));
        assertMessage("masked_select: the mask is not boolean: mask F32[2, 3]; expected BOOL, as a comparison gives",
                () -> x.maskedSelect(x));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
