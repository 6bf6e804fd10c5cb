package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Where maxima are, ties and special values included, for every dtype and with any number of threads. */
class MaxPlaceKernelTest {
    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theFirstOfTheGreatestOrTheLastNaN(@ForAll long seed) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(DType.F32, DType.F64, DType.I32, DType.I64);
        int planes = samples.between(1, 20);
        int height = samples.between(1, 9);
        int width = samples.between(1, 20);
        Shape shape = Shape.of(planes, height, width);
        Array x = samples.flip() ? samples.dense(type, shape) : samples.view(type, shape);
        MaxPlaceKernel.Spans rows = spans(samples, height);
        MaxPlaceKernel.Spans columns = spans(samples, width);
        MaxPlaceKernel.Spans[] both = {rows, columns};
        Array out = Array.allocate(DType.I64, Shape.of(planes, rows.from().length, columns.from().length));
        Workers.withThreads(samples.between(1, 3), () -> {
            MaxPlaceKernel.prepare(x, both, out).run();
            return out;
        });
        check(x, rows, columns, out);
        Array whole = Copies.contiguous(x);
        Array again = Array.allocate(DType.I64, out.shape());
        Array values = Array.allocate(type, out.shape());
        MaxPlaceKernel.prepare(whole, both, again, values).run();
        assertArrayEquals(out.longs(), again.longs());
        checkValues(whole, out, values);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void windowsOfTwoByTwoFloatsSideBySide(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int height = samples.between(2, 9);
        int windows = samples.between(8, 40);
        int width = 2 * windows + samples.between(0, 3);
        Array x = samples.dense(DType.F32, Shape.of(samples.between(1, 5), height, width));
        for (int i = samples.between(0, x.size()); i < x.size(); i++) { // some of them equal, zeros of both signs among them
            x.floats()[x.offset() + i] = (float) Math.rint(x.floats()[x.offset() + i] / 10);
        }
        MaxPlaceKernel.Spans rows = pairs(samples.between(0, height % 2), height / 2);
        MaxPlaceKernel.Spans columns = pairs(samples.between(0, width - 2 * windows), windows);
        Array out = Array.allocate(DType.I64, Shape.of(x.shape().dim(0), rows.from().length, windows));
        assertTrue(MaxPairs.serves(rows, columns));
        Workers.withThreads(samples.between(1, 3), () -> {
            MaxPairs.prepare(x, rows, columns, height * width, out).run();
            return out;
        });
        check(x, rows, columns, out);
        Array again = Array.allocate(DType.I64, out.shape());
        Array values = Array.allocate(DType.F32, out.shape());
        MaxPairs.prepare(x, rows, columns, height * width, again, values).run();
        assertArrayEquals(out.longs(), again.longs());
        checkValues(x, out, values);
    }

    /** The very elements at the places, whatever bits a NaN has. */
    private static void checkValues(Array x, Array places, Array values) {
        int plane = x.size() / x.shape().dim(0);
        int windows = places.size() / x.shape().dim(0);
        for (int i = 0; i < places.size(); i++) {
            int at = x.offset() + i / windows * plane + (int) places.longs()[places.offset() + i];
            assertEquals(bits(x, at), bits(values, values.offset() + i));
        }
    }

    private static long bits(Array x, int at) {
        return switch (x.dtype()) {
            case BOOL -> throw new AssertionError(DType.BOOL);
            case I32 -> x.ints()[at];
            case I64 -> x.longs()[at];
            case F32 -> Float.floatToRawIntBits(x.floats()[at]);
            case F64 -> Double.doubleToRawLongBits(x.doubles()[at]);
        };
    }

    private static MaxPlaceKernel.Spans pairs(int first, int count) {
        return new MaxPlaceKernel.Spans(IntStream.range(0, count).map(i -> first + 2 * i).toArray(),
                IntStream.range(0, count).map(_ -> 2).toArray(), 1);
    }

    private static void check(Array x, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns, Array out) {
        int height = x.shape().dim(1);
        int width = x.shape().dim(2);
        for (int i = 0; i < out.size(); i++) {
            int column = i % columns.from().length;
            int row = i / columns.from().length % rows.from().length;
            int plane = i / columns.from().length / rows.from().length;
            long best = -1;
            for (int r = 0; r < rows.count()[row]; r++) {
                for (int c = 0; c < columns.count()[column]; c++) {
                    int place = (rows.from()[row] + r * rows.step()) * width + columns.from()[column]
                            + c * columns.step();
                    if (best < 0 || beats(x, plane * height * width + place, plane * height * width + (int) best)) {
                        best = place;
                    }
                }
            }
            assertEquals(best, out.longs()[out.offset() + i], "window " + row + ", " + column + " of " + x);
        }
    }

    private static boolean beats(Array x, int candidate, int best) {
        return switch (x.dtype()) {
            case BOOL -> throw new AssertionError(DType.BOOL);
            case I32 -> x.ints()[x.position(candidate)] > x.ints()[x.position(best)];
            case I64 -> x.longs()[x.position(candidate)] > x.longs()[x.position(best)];
            case F32 -> {
                float value = x.floats()[x.position(candidate)];
                yield value > x.floats()[x.position(best)] || Float.isNaN(value);
            }
            case F64 -> {
                double value = x.doubles()[x.position(candidate)];
                yield value > x.doubles()[x.position(best)] || Double.isNaN(value);
            }
        };
    }

    /** Windows that lie inside an extent. */
    private static MaxPlaceKernel.Spans spans(Samples samples, int extent) {
        int step = samples.between(1, 2);
        int[] from = IntStream.range(0, samples.between(1, 9)).map(_ -> samples.between(0, extent - 1)).toArray();
        int most = samples.between(1, 4);
        int[] count = IntStream.of(from).map(first -> Math.min(most, (extent - 1 - first) / step + 1)).toArray();
        return new MaxPlaceKernel.Spans(from, count, step);
    }
}
