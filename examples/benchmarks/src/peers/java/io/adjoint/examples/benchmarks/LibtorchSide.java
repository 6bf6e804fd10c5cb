package io.adjoint.examples.benchmarks;

import io.adjoint.examples.benchmarks.Workload.Linear;
import io.adjoint.examples.benchmarks.Workload.Sgemm;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ library, without Python. */
final class LibtorchSide {
    private LibtorchSide() {}

    /** The number of threads is the only argument. */
    public static void main(String[] arguments) {
        torch.set_num_threads(Integer.parseInt(arguments[0]));
        NoGradGuard guard = new NoGradGuard();
        Side.serve(LibtorchSide::prepare);
        guard.close();
    }

    private static Runnable prepare(Workload workload) {
        return switch (workload) {
            case Sgemm(int n, boolean leftTransposed, boolean rightTransposed) ->
                product(matrix(n, n, leftTransposed), matrix(n, n, rightTransposed));
            case Linear(int rows, int depth, int columns) ->
                product(matrix(rows, depth, false), matrix(depth, columns, false));
        };
    }

    /** Closing at once lets libtorch reuse the memory, which is its best case. */
    private static Runnable product(Tensor left, Tensor right) {
        return () -> torch.mm(left, right).close();
    }

    private static Tensor matrix(int rows, int columns, boolean transposed) {
        return transposed ? matrix(columns, rows, false).t() : torch.randn(rows, columns);
    }
}
