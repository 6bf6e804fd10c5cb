package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;

/**
 * Scans along an axis: {@code out[0] = last input[0]}, {@code out[i] = step(out[i - 1], inputs[i]...)}, one after the other,
 * whatever the layout and the number of threads; those share the lines. Lines that lie side by side advance together, as
 * the columns of an elementwise loop whose rows are the places along the axis.
 */
public final class ScanKernel {
    /** Lines that advance together: what they wrote last is still in cache when they read it. */
    private static final int BLOCK = 256;

    private final MapKernel step;

    private ScanKernel(MapKernel step) {
        this.step = step;
    }

    /**
     * The kernel of a step; callers keep it, since emission costs a thousand calls.
     *
     * @param step in which input 0 is the result at the place before, and the others are the inputs at this place
     */
    public static ScanKernel of(Lane step) {
        return of(step, Simd.mode());
    }

    static ScanKernel of(Lane step, Simd.Mode mode) {
        return new ScanKernel(MapKernel.of(step, mode));
    }

    /**
     * Computes every element of {@code out}, again and again.
     *
     * @param inputs of the shape of {@code out}
     * @param axis in {@code [0, rank)}
     * @param out contiguous, with an element or more; not an input's memory
     */
    public Launch prepare(Array[] inputs, int axis, Array out) {
        assert out.isContiguous() && Arrays.stream(inputs).allMatch(input -> input.shape().equals(out.shape()));
        int n = out.shape().dim(axis);
        Array[] operands = new Array[inputs.length + 2];
        operands[0] = out;
        System.arraycopy(inputs, 0, operands, 1, inputs.length);
        operands[operands.length - 1] = out;
        int[] strides = Arrays.stream(operands).mapToInt(operand -> operand.stride(axis)).toArray();
        Launch start = Moves.prepare(across(inputs[inputs.length - 1], axis, 0), across(out, axis, 0));
        if (n == 1) {
            return start;
        }
        Array[] lines = new Array[operands.length];
        for (int k = 0; k < lines.length; k++) {
            lines[k] = across(operands[k], axis, k == 0 ? 0 : 1);
        }
        return Launch.all(start, prepare(nest(lines, out, axis), strides, n - 1));
    }

    /** The part of an array at one place along an axis. */
    private static Array across(Array array, int axis, int place) {
        int rank = array.shape().rank();
        int[] dims = new int[rank - 1];
        int[] strides = new int[rank - 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = array.shape().dim(i < axis ? i : i + 1);
            strides[i] = array.stride(i < axis ? i : i + 1);
        }
        return array.view(Shape.of(dims), strides, array.offset() + place * array.stride(axis));
    }

    /** Lines side by side as columns, for the innermost of them are neighbours in the output; else each for itself. */
    private static Nest nest(Array[] lines, Array out, int axis) {
        boolean sideBySide = false;
        for (int inner = axis + 1; inner < out.shape().rank(); inner++) {
            sideBySide |= out.shape().dim(inner) > 1;
        }
        int[] ones = new int[lines.length];
        Arrays.fill(ones, 1);
        return sideBySide ? Nest.of(lines) : Nest.around(1, ones, lines);
    }

    private Launch prepare(Nest nest, int[] strides, int steps) {
        Loop loop = step.loop(nest.layouts());
        Object[] arrays = new Object[strides.length];
        int[] columnStrides = new int[strides.length];
        for (int k = 0; k < arrays.length; k++) {
            arrays[k] = nest.array(k);
            columnStrides[k] = nest.columnStride(k);
        }
        int columns = nest.columns();
        int blocks = (columns + BLOCK - 1) / BLOCK;
        long cost = (long) steps * Math.min(columns, BLOCK) * step.cost();
        return Pieces.prepare(nest.rows() * blocks, cost, () -> {
            int[] offsets = new int[arrays.length];
            return (from, to) -> {
                for (int item = from; item < to; item++) {
                    int row = item / blocks;
                    int column = item % blocks * BLOCK;
                    for (int k = 0; k < offsets.length; k++) {
                        offsets[k] = nest.position(k, row, column);
                    }
                    loop.run(arrays, offsets, strides, columnStrides, steps, Math.min(BLOCK, columns - column));
                }
            };
        });
    }
}
