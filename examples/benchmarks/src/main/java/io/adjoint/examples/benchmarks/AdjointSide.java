package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.examples.benchmarks.Workload.Linear;
import io.adjoint.examples.benchmarks.Workload.Sgemm;

/** This library, eager. */
final class AdjointSide {
    private AdjointSide() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        Side.serve(AdjointSide::prepare);
    }

    private static Runnable prepare(Workload workload) {
        return switch (workload) {
            case Sgemm(int n, boolean leftTransposed, boolean rightTransposed) ->
                product(matrix(n, n, leftTransposed), matrix(n, n, rightTransposed));
            case Linear(int rows, int depth, int columns) ->
                product(matrix(rows, depth, false), matrix(depth, columns, false));
        };
    }

    private static Runnable product(Tensor left, Tensor right) {
        return () -> left.matmul(right);
    }

    private static Tensor matrix(int rows, int columns, boolean transposed) {
        return transposed ? matrix(columns, rows, false).transpose()
                : Rng.seed(rows).normal(Shape.of(rows, columns), DType.F32);
    }
}
