package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.Tensor;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Functions of each element. */
public class MapKernels extends Kernels {
    /** Elements: as many as a first-level cache holds, and far more. */
    @Param({"4096", "1048576"})
    int size;

    /** What is computed. */
    @Param
    Function function;

    private Tensor x;

    /** Functions of one tensor, of the absolute value where it must be positive. */
    public enum Function {
        /** The sum with itself. */
        ADD(x -> x.add(x)),
        /** The exponential. */
        EXP(Tensor::exp),
        /** The hyperbolic tangent. */
        TANH(Tensor::tanh),
        /** The exact GELU. */
        GELU(Tensor::gelu),
        /** The logistic function. */
        SIGMOID(Tensor::sigmoid),
        /** The error function. */
        ERF(Tensor::erf),
        /** The logarithm. */
        LOG(Tensor::log),
        /** The sine. */
        SIN(Tensor::sin);

        private final UnaryOperator<Tensor> operation;

        Function(UnaryOperator<Tensor> operation) {
            this.operation = operation;
        }
    }

    /** Makes the operand. */
    @Setup
    public void prepare() {
        Tensor some = normal("x", size);
        x = function == Function.LOG ? some.abs() : some;
    }

    /** The function. */
    @Benchmark
    public void map(Blackhole hole) {
        compute(hole, () -> function.operation.apply(x));
    }
}
