package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Matrices;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What the operations on matrices share: checks, the walk over a batch, parts packed in one tensor, masks. */
final class MatrixRules {
    private MatrixRules() {}

    /** Refuses what is not a float matrix or a batch of them. */
    static void requireMatrix(String operation, TensorSpec input) {
        Reducing.requireFloat(operation, input.dtype());
        if (input.shape().rank() < 2) {
            throw ShapeException.of(operation, "not a matrix").operand("input", input.shape())
                    .expected("rank 2 or more");
        }
    }

    /** Refuses what is not a square float matrix or a batch of them. */
    static void requireSquare(String operation, TensorSpec input) {
        requireMatrix(operation, input);
        if (input.shape().dim(-1) != input.shape().dim(-2)) {
            throw ShapeException.of(operation, "the matrix is not square").operand("input", input.shape())
                    .expected("as many rows as columns");
        }
    }

    /** The spec of the solution of square matrices and right sides whose batches broadcast. */
    static TensorSpec solution(String operation, TensorSpec matrix, TensorSpec right) {
        requireSquare(operation, matrix);
        requireMatrix(operation, right);
        if (matrix.dtype() != right.dtype() || matrix.shape().dim(-1) != right.shape().dim(-2)) {
            throw ShapeException.of(operation, "the right side does not fit").operand("matrix", matrix)
                    .operand("right", right)
                    .expected("right " + matrix.dtype() + "[..., " + matrix.shape().dim(-1) + ", *]");
        }
        Shape batch = Shape.broadcast(operation, batch(matrix.shape()), batch(right.shape()));
        return new TensorSpec(right.dtype(), append(batch, right.shape().dim(-2), right.shape().dim(-1)));
    }

    /** The axes before the matrix's. */
    static Shape batch(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
    }

    /** A batch of something with these extents. */
    static Shape append(Shape batch, int... dims) {
        return Shape.of(IntStream.concat(IntStream.of(batch.dims()), IntStream.of(dims)).toArray());
    }

    /** The number of elements of a packed result. */
    static int packed(int... sizes) {
        long sum = 0;
        for (int size : sizes) {
            sum += size;
        }
        return Shape.of((int) Math.min(sum, Integer.MAX_VALUE)).size();
    }

    /** The parts of a packed result, one after the other. */
    static double[] join(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }

    /** Refuses a part of the greatest singular value that is none. */
    static void requireTolerance(String operation, double tolerance) {
        if (!(tolerance >= 0)) {
            throw ShapeException.of(operation, "not a tolerance").operand("tolerance", tolerance)
                    .expected("a number of 0 or more");
        }
    }

    /** Computes the result for one matrix, or refuses it. */
    interface Each {
        double[] of(double[] matrix, int number);
    }

    /** Applies a function to every matrix of a batch; {@code shape} begins with the batch's axes. */
    static Tensor map(Tensor input, Shape shape, Each each) {
        Array x = Internals.array(input);
        Array out = Array.allocate(x.dtype(), shape);
        int size = x.shape().dim(-2) * x.shape().dim(-1);
        int count = batch(x.shape()).size();
        int step = count == 0 ? 0 : out.size() / count;
        Array whole = Copies.contiguous(x);
        for (int i = 0; i < count; i++) {
            Matrices.store(each.of(Matrices.load(whole, i * size, size), i), out, i * step);
        }
        return Internals.tensor(out);
    }

    /** Computes the solution for one matrix and its right sides, or refuses it. */
    interface EachPair {
        double[] of(double[] matrix, double[] right, int number);
    }

    /** Applies a function to every matrix and right side, whose batches broadcast. */
    static Tensor map(Tensor matrix, Tensor right, Shape shape, EachPair each) {
        Shape batch = batch(shape);
        Tensor rights = right.expand(append(batch, right.dim(-2), right.dim(-1)));
        Array a = Copies
                .contiguous(Internals.array(matrix.expand(append(batch, matrix.dim(-2), matrix.dim(-1)))));
        int size = matrix.dim(-2) * matrix.dim(-1);
        return map(rights, shape, (b, i) -> each.of(Matrices.load(a, i * size, size), b, i));
    }

    /** The place of matrix number {@code number} in its batch, for messages. */
    static String place(Shape batch, int number) {
        int[] at = new int[batch.rank()];
        for (int axis = batch.rank() - 1; axis >= 0; axis--) {
            at[axis] = number % batch.dim(axis);
            number /= batch.dim(axis);
        }
        return Arrays.toString(at);
    }

    /** A part of a packed result: the elements from {@code start} of the innermost axis, under a shape. */
    static Tensor part(Tensor packed, int start, int... dims) {
        int size = Shape.of(dims).size();
        Shape batch = Shape.of(Arrays.copyOf(packed.shape().dims(), packed.rank() - 1));
        return packed.slice(-1, start, start + size).reshape(append(batch, dims));
    }

    /** BOOL {@code [n, n]}: on the diagonal. */
    static Tensor diagonal(int n) {
        return Tensor.range(n).unsqueeze(1).eq(Tensor.range(n));
    }

    /** The elements on and below the diagonal, those on it halved, and zeros above. */
    static Tensor halvedLower(Tensor x) {
        int n = x.dim(-1);
        Tensor half = diagonal(n).where(Tensor.scalar(0.5, x.dtype()), Tensor.scalar(1, x.dtype()));
        return lower(x, 0).mul(half);
    }

    /** The elements on and below the diagonal, or another line {@code shift} above it, and zeros elsewhere. */
    static Tensor lower(Tensor x, int shift) {
        return Tensor.range(x.dim(-2)).add(shift).unsqueeze(1).ge(Tensor.range(x.dim(-1))).where(x, 0);
    }

    /** {@code a / b}, but 0 where both are 0: nothing flows along a direction in which nothing was asked. */
    static Tensor quotient(Tensor a, Tensor b) {
        Tensor neither = a.eq(0).and(b.eq(0));
        return a.div(neither.where(Tensor.scalar(1, b.dtype()), b));
    }

    /** The same dtype and a batch of this many numbers for each matrix. */
    static TensorSpec perMatrix(TensorSpec input, int... dims) {
        return new TensorSpec(input.dtype(), append(batch(input.shape()), dims));
    }
}
