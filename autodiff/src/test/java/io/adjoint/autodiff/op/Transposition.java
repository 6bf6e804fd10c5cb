package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/** {@code <v, J u> = <J^T v, u>}: what goes forward is the transpose of what comes back, at any point, u and v. */
final class Transposition {
    private Transposition() {}

    /** Checks it for a tracked result and the leaves behind it, of F64. */
    static void check(String label, Tensor result, Tensor[] points, long seed) {
        Rng rng = Rng.seed(seed);
        Tensor v = rng.stream(points.length).normal(result.shape(), DType.F64);
        Tensor cotangent = Tensor.zeros(result.shape(), DType.F64).tracked();
        List<Tensor> back = result.vjp(v, points).values();
        List<Tensor> pulled = result.vjp(cotangent, points).values();
        Tensor along = Tensor.scalar(0, DType.F64);
        double reverse = 0;
        double size = 0;
        for (int i = 0; i < points.length; i++) {
            Tensor u = rng.stream(i).normal(points[i].shape(), DType.F64);
            along = along.add(pulled.get(i).mul(u).sum());
            reverse += back.get(i).mul(u).sum().item();
            size += back.get(i).mul(u).abs().sum().item();
        }
        Tensor forward = along.isTracked() ? along.gradients(cotangent).of(cotangent) : cotangent.detached();
        size += forward.mul(v).abs().sum().item();
        assertTrue(Double.isFinite(size), label + " has a gradient that is not finite, seed " + seed);
        assertEquals(reverse, forward.mul(v).sum().item(), 1e-12 * (1 + size), label + ", seed " + seed);
    }
}
