package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Sets of arrays in one launch get the bits that each one gets by itself. */
class SegmentsTest {
    /** Expressions of two inputs and a number, long enough for threads to share some thousand elements. */
    private static List<Lane> expressions() {
        Lane x = Lane.input(0, DType.F32);
        Lane y = Lane.input(1, DType.F32);
        Lane number = Lane.input(2, DType.F32);
        Lane sum = x.mul(number).add(y);
        Lane root = sum;
        for (int i = 0; i < 20; i++) {
            root = root.mul(root).add(number).abs().sqrt();
        }
        return List.of(sum, root.sub(y));
    }

    private record Set(Array x, Array y, Array number, Array result) {
        static Set random(Samples samples, Array number) {
            Shape shape = Shape.of(samples.oneOf(1, 2, 7, samples.between(8, 300), samples.between(300, 9_000)));
            return new Set(samples.dense(DType.F32, shape), samples.dense(DType.F32, shape), number,
                    Array.allocate(DType.F32, shape));
        }

        Set copy() {
            return new Set(Copies.of(x), Copies.of(y), number, Copies.of(result));
        }

        Array[] inputs() {
            return new Array[] {x, y, number.broadcastTo(x.shape())};
        }

        /** The first result is written where an input is. */
        Array[] outs() {
            return new Array[] {x, result};
        }

        boolean isSame(Set other) {
            return isSame(x, other.x) && isSame(y, other.y) && isSame(result, other.result);
        }

        private static boolean isSame(Array some, Array other) {
            return Internals.tensor(some).sameBits(Internals.tensor(other));
        }
    }

    @Property(tries = 100)
    void allSetsHaveTheBitsOfEachByItself(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int count,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        MapKernel kernel = MapKernel.shared(expressions());
        Array number = samples.dense(DType.F32, Shape.scalar());
        List<Set> each = IntStream.range(0, count).mapToObj(_ -> Set.random(samples, number)).toList();
        List<Set> all = each.stream().map(Set::copy).toList();
        for (Set set : each) {
            kernel.prepare(set.inputs(), set.outs()).run();
        }
        List<Array[]> inputs = new ArrayList<>(all.stream().map(Set::inputs).toList());
        List<Array[]> outs = new ArrayList<>(all.stream().map(Set::outs).toList());
        Workers.withThreads(threads, () -> {
            Launch launch = kernel.prepareAll(inputs, outs);
            launch.run();
            return launch;
        });
        for (int i = 0; i < count; i++) {
            assertTrue(each.get(i).isSame(all.get(i)), "set " + i + " of " + count + ", " + each.get(i).x.shape());
        }
    }
}
