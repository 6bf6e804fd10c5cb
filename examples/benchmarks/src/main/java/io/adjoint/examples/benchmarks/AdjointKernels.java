package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Workspace;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Normalisation;
import java.util.function.Supplier;

/** Single operations in this library. */
final class AdjointKernels {
    private AdjointKernels() {}

    static Job product(Product product) {
        Tensor left = tensor(product.left());
        Tensor right = tensor(product.right());
        return switch (product.layout()) {
            case NN -> new Kernel(() -> left.matmul(right));
            case NT -> new Kernel(() -> left.matmul(right.transpose()));
            case TN -> new Kernel(() -> left.transpose().matmul(right));
        };
    }

    /** A gradient alone is a walk back through one node that was recorded once. */
    static Job convolution(Convolution convolution) {
        ConvolutionOptions options = ConvolutionOptions.DEFAULT.padding(Convolution.PADDING);
        Tensor images = tensor(convolution.images());
        Tensor filters = tensor(convolution.filters());
        Tensor cotangent = tensor(convolution.cotangent());
        return switch (convolution.part()) {
            case FORWARD -> new Kernel(() -> Convolutions.convolve(images, filters, options));
            case BY_INPUT -> {
                Tensor point = images.tracked();
                Tensor output = Convolutions.convolve(point, filters, options);
                yield new Kernel(() -> output.vjp(cotangent, point).of(point));
            }
            case BY_WEIGHT -> {
                Tensor point = filters.tracked();
                Tensor output = Convolutions.convolve(images, point, options);
                yield new Kernel(() -> output.vjp(cotangent, point).of(point));
            }
        };
    }

    static Job elementwise(Elementwise elementwise) {
        Tensor x = tensor(elementwise.operand());
        Tensor y = tensor(elementwise.second());
        return switch (elementwise.function()) {
            case ADD -> new Kernel(() -> x.add(y));
            case EXP -> new Kernel(x::exp);
            case TANH -> new Kernel(x::tanh);
            case GELU -> new Kernel(x::gelu);
            case SUM -> new Kernel(x::sum);
        };
    }

    static Job rowWise(RowWise rowWise) {
        Tensor x = tensor(rowWise.matrix());
        Affine affine = Affine.of(tensor(rowWise.scale()), tensor(rowWise.shift()));
        Shape row = Shape.of(RowWise.COLUMNS);
        return switch (rowWise.function()) {
            case SOFTMAX -> new Kernel(() -> x.softmax(-1));
            case LAYERNORM -> new Kernel(() -> Normalisation.layer(x, row, affine, RowWise.EPSILON));
        };
    }

    static Tensor tensor(Values values) {
        return Tensor.of(values.data(), values.shape());
    }

    /** Keeps the last result, so that no compiler finds the work superfluous; in memory used again, as libtorch's is. */
    private static final class Kernel implements Job {
        private final Workspace workspace = new Workspace();
        private final Supplier<Tensor> operation;
        private Tensor result;

        private Kernel(Supplier<Tensor> operation) {
            this.operation = operation;
            this.result = operation.get();
        }

        @Override
        public void run() {
            workspace.run(() -> result = operation.get());
        }

        @Override
        public double[] evidence() {
            return Values.sample(workspace.compute(operation).toFloats());
        }
    }
}
