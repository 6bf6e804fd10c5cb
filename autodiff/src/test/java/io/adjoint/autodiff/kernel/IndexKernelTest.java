package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gathering and scattering against one element after the other, where an index names elements, rows or planes. */
class IndexKernelTest {
    /** An array, an index into it that may be stretched, and what has an element for each of the index. */
    private static final class Case {
        final Samples samples;
        final DType type;
        final Array x;
        final int axis;
        final Array index;

        Case(long seed, DType type) {
            this.type = type;
            samples = new Samples(seed);
            Shape shape = samples.shape(1, 4, samples.oneOf(3, 7));
            x = any(shape);
            axis = samples.between(0, shape.rank() - 1);
            int[] dims = shape.dims();
            int[] own = shape.dims();
            int stretched = samples.flip() ? axis + 1 : samples.between(0, shape.rank());
            for (int a = 0; a < dims.length; a++) {
                dims[a] = a == axis ? samples.between(0, 5)
                        : samples.between(0, 3) == 0 ? samples.between(1, dims[a]) : dims[a];
                own[a] = a < stretched || a == axis ? dims[a] : 1;
            }
            Array few = Array.allocate(DType.I64, Shape.of(own));
            for (int i = 0; i < few.size(); i++) {
                few.longs()[few.offset() + i] = samples.between(0, shape.dim(axis) - 1);
            }
            index = few.broadcastTo(Shape.of(dims));
        }

        Array any(Shape shape) {
            return shape.size() == 0 || samples.flip() ? samples.dense(type, shape) : samples.view(type, shape);
        }

        /** The number in x of the element that the index's element of this number names. */
        int named(int number) {
            int[] at = new int[index.shape().rank()];
            for (int a = at.length - 1, left = number; a >= 0; a--) {
                at[a] = left % index.shape().dim(a);
                left /= index.shape().dim(a);
            }
            at[axis] = (int) index.longs()[index.position(number)];
            int named = 0;
            for (int a = 0; a < at.length; a++) {
                named = named * x.shape().dim(a) + at[a];
            }
            return named;
        }
    }

    @Property(tries = 500)
    void gathersWhatIsNamed(@ForAll DType type, @ForAll long seed) {
        Case c = new Case(seed, type);
        Array out = Array.allocate(type, c.index.shape());
        IndexKernel.gather(c.x, c.index, c.axis, out).run();
        Array expected = Array.allocate(type, c.index.shape());
        for (int i = 0; i < out.size(); i++) {
            System.arraycopy(c.x.data(), c.x.position(c.named(i)), expected.data(), expected.offset() + i, 1);
        }
        Elements.assertSameBits(expected, out, "gather of " + c.x + " by " + c.index + " along " + c.axis);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void rowsAreSharedByThreads(DType type) {
        Samples samples = new Samples(7);
        int rows = 5000;
        int columns = 101;
        Array table = samples.dense(type, Shape.of(33, columns));
        Array places = Array.allocate(DType.I64, Shape.of(rows, 1));
        for (int row = 0; row < rows; row++) {
            places.longs()[places.offset() + row] = samples.between(0, 32);
        }
        Array index = places.broadcastTo(Shape.of(rows, columns));
        Array out = Array.allocate(type, index.shape());
        Workers.withThreads(3, () -> {
            IndexKernel.gather(table, index, 0, out).run();
            return null;
        });
        Array expected = Array.allocate(type, index.shape());
        for (int row = 0; row < rows; row++) {
            System.arraycopy(table.data(), table.offset() + (int) places.longs()[places.offset() + row] * columns,
                    expected.data(), expected.offset() + row * columns, columns);
        }
        Elements.assertSameBits(expected, out, "rows of " + table);
    }

    @Property(tries = 500)
    void addsInRowMajorOrder(@ForAll boolean twice, @ForAll long seed) {
        Case c = new Case(seed, twice ? DType.F64 : DType.F32);
        Array added = c.any(c.index.shape());
        Array out = Copies.copy(c.x);
        IndexKernel.scatterAdd(out, c.index, added, c.axis).run();
        Array expected = Copies.copy(c.x);
        for (int i = 0; i < added.size(); i++) {
            if (twice) {
                expected.doubles()[expected.offset() + c.named(i)] += added.doubles()[added.position(i)];
            } else {
                expected.floats()[expected.offset() + c.named(i)] += added.floats()[added.position(i)];
            }
        }
        Elements.assertSameBits(expected, out, "sum of " + added + " by " + c.index + " along " + c.axis);
    }
}
