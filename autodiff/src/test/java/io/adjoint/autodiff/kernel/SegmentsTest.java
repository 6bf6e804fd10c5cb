package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Sets of arrays in one launch get the bits that each one gets by itself. */
class SegmentsTest {
    /** Expressions of two inputs and one that is smaller, long enough for threads to share some thousand elements. */
    private static List<Lane> expressions(DType type) {
        Lane x = Lane.input(0, type);
        Lane y = Lane.input(1, type);
        Lane small = Lane.input(2, type);
        Lane sum = x.mul(small).add(y);
        Lane root = sum;
        for (int i = 0; i < 20; i++) {
            root = root.mul(root).add(small).abs().sqrt();
        }
        return List.of(sum, root.sub(y));
    }

    /** What the third input has for each set. */
    private enum Small {
        NUMBER, NUMBER_OF_EACH_ROW, ROW, NUMBER_OF_EACH_ROW_OF_EACH_MATRIX;

        Shape shape(Samples samples) {
            int columns = samples.oneOf(1, 2, 7, samples.between(8, 300), samples.between(300, 9_000));
            int rows = samples.between(1, Math.min(40, 1 + 20_000 / columns));
            return switch (this) {
                case NUMBER -> Shape.of(columns);
                case NUMBER_OF_EACH_ROW, ROW -> Shape.of(rows, Math.max(2, columns));
                case NUMBER_OF_EACH_ROW_OF_EACH_MATRIX -> Shape.of(samples.between(1, 3), rows, Math.max(2, columns));
            };
        }

        Shape of(Shape whole) {
            return switch (this) {
                case NUMBER -> Shape.scalar();
                case NUMBER_OF_EACH_ROW -> Shape.of(whole.dim(0), 1);
                case ROW -> Shape.of(whole.dim(1));
                case NUMBER_OF_EACH_ROW_OF_EACH_MATRIX -> Shape.of(whole.dim(0), 1, 1);
            };
        }
    }

    private record Set(Array x, Array y, Array small, Array result) {
        static Set random(Samples samples, DType type, Small small) {
            Shape shape = small.shape(samples);
            return new Set(samples.dense(type, shape), spaced(samples, type, shape),
                    samples.dense(type, small.of(shape)), Array.allocate(type, shape));
        }

        /** The rows of a matrix may lie apart. */
        private static Array spaced(Samples samples, DType type, Shape shape) {
            if (shape.rank() != 2 || samples.flip()) {
                return samples.dense(type, shape);
            }
            int length = shape.dim(1) + samples.between(1, 5);
            return samples.dense(type, Shape.of(shape.dim(0), length)).view(shape, new int[] {length, 1}, 1);
        }

        Set copy() {
            return new Set(Copies.of(x), y, small, Copies.of(result));
        }

        Array[] inputs() {
            return new Array[] {x, y, small.broadcastTo(x.shape())};
        }

        /** The first result is written where an input is. */
        Array[] outs() {
            return new Array[] {x, result};
        }

        boolean isSame(Set other) {
            return isSame(x, other.x) && isSame(result, other.result);
        }

        private static boolean isSame(Array some, Array other) {
            return Internals.tensor(some).sameBits(Internals.tensor(other));
        }
    }

    @Property(tries = 400)
    void allSetsHaveTheBitsOfEachByItself(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int count,
            @ForAll @IntRange(min = 1, max = 3) int threads, @ForAll Small small) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        MapKernel kernel = MapKernel.shared(expressions(type));
        List<Set> each = IntStream.range(0, count).mapToObj(_ -> Set.random(samples, type, small)).toList();
        List<Set> all = each.stream().map(Set::copy).toList();
        for (Set set : each) {
            kernel.prepare(set.inputs(), set.outs()).run();
        }
        Workers.withThreads(threads, () -> {
            Launch launch = kernel.prepareAll(all.stream().map(Set::inputs).toList(),
                    all.stream().map(Set::outs).toList());
            launch.run();
            return launch;
        });
        for (int i = 0; i < count; i++) {
            assertTrue(each.get(i).isSame(all.get(i)), "set " + i + " of " + count + ", " + each.get(i).x.shape());
        }
    }
}
