package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Functions of each row of a matrix with 1,024 rows, and their gradients. */
public class RowKernels extends Kernels {
    private static final int ROWS = 1024;
    private static final double EPSILON = 1e-5;

    /** Elements of a row. */
    @Param({"10", "128", "1024"})
    int columns;

    /** What is computed. */
    @Param
    Function function;

    private Tensor matrix;
    private Tensor labels;
    private Tensor recorded;
    private Tensor cotangent;

    /** Functions of a matrix, and of a label for each row. */
    public enum Function {
        /** Probabilities. */
        SOFTMAX((x, _) -> x.softmax(-1)),
        /** Their logarithms. */
        LOG_SOFTMAX((x, _) -> x.logSoftmax(-1)),
        /** Layer normalisation. */
        LAYER_NORM((x, _) -> Normalisation.layer(x, Shape.of(x.dim(1)), Affine.NONE, EPSILON)),
        /** The loss of a classification. */
        CROSS_ENTROPY(Tensor::crossEntropy);

        private final BinaryOperator<Tensor> operation;

        Function(BinaryOperator<Tensor> operation) {
            this.operation = operation;
        }
    }

    /** Makes the matrix and records the function for the gradient. */
    @Setup
    public void prepare() {
        matrix = normal("matrix", ROWS, columns).tracked();
        labels = Tensor.of(IntStream.range(0, ROWS).mapToLong(row -> row % columns).toArray());
        recorded = function.operation.apply(matrix, labels);
        cotangent = normal("cotangent", recorded.shape().dims());
    }

    /** The function. */
    @Benchmark
    public void forward(Blackhole hole) {
        compute(hole, () -> function.operation.apply(matrix.detached(), labels));
    }

    /** Its gradient. */
    @Benchmark
    public void gradient(Blackhole hole) {
        gradient(hole, recorded, cotangent, matrix);
    }
}
