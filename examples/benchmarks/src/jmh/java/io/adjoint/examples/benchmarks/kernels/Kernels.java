package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Workspace;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What all have in common: the mean time of a call, whose result lies in memory used again. The warm-up is long enough for
 * SIMD loops to take over from their scalar twins.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class Kernels {
    private final Workspace workspace = new Workspace();

    /** Computes and hands the result over, so that no compiler finds the work superfluous. */
    void compute(Blackhole hole, Supplier<Tensor> operation) {
        workspace.run(() -> hole.consume(operation.get()));
    }

    /** The gradient alone: a walk back through what was recorded once. */
    void gradient(Blackhole hole, Tensor output, Tensor cotangent, Tensor point) {
        compute(hole, () -> output.vjp(cotangent, point).of(point));
    }

    /** Random numbers, other ones for each name. */
    static Tensor normal(String name, int... dims) {
        return Rng.seed(name.hashCode()).normal(Shape.of(dims), DType.F32);
    }
}
