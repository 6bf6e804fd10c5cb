package io.adjoint.examples.benchmarks;

import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Single operations in libtorch. Nothing here requires a gradient, so none is recorded. */
final class LibtorchKernels {
    private static final long[] STRIDE = {1, 1};
    private static final long[] PADDING = {Convolution.PADDING, Convolution.PADDING};
    private static final long[] NO_PADDING = {0, 0};

    private LibtorchKernels() {}

    static Job product(Product product) {
        Tensor left = tensor(product.left());
        Tensor right = tensor(product.right());
        return switch (product.layout()) {
            case NN -> new Kernel(() -> torch.mm(left, right));
            case NT -> new Kernel(transposed(right, view -> torch.mm(left, view)));
            case TN -> new Kernel(transposed(left, view -> torch.mm(view, right)));
        };
    }

    /** Makes the view in each run, as the other side does. */
    private static Supplier<Tensor> transposed(Tensor matrix, UnaryOperator<Tensor> product) {
        return () -> {
            try (Tensor view = matrix.t()) {
                return product.apply(view);
            }
        };
    }

    static Job convolution(Convolution convolution) {
        Tensor images = tensor(convolution.images());
        Tensor filters = tensor(convolution.filters());
        Tensor cotangent = tensor(convolution.cotangent());
        TensorOptional noBias = new TensorOptional();
        return switch (convolution.part()) {
            case FORWARD ->
                new Kernel(() -> torch.conv2d(images, filters, noBias, STRIDE, PADDING, STRIDE, 1));
            case BY_INPUT -> {
                Gradient gradient = new Gradient(cotangent, images, filters, mask(0));
                yield new Kernel(() -> gradient.compute(all -> all.get0()));
            }
            case BY_WEIGHT -> {
                Gradient gradient = new Gradient(cotangent, images, filters, mask(1));
                yield new Kernel(() -> gradient.compute(all -> all.get1()));
            }
        };
    }

    /** What autograd calls; the mask says by what. */
    private record Gradient(Tensor cotangent, Tensor images, Tensor filters, BoolPointer mask) {
        private static final LongArrayRefOptional NO_BIAS = new LongArrayRefOptional();

        Tensor compute(Function<T_TensorTensorTensor_T, Tensor> wanted) {
            try (T_TensorTensorTensor_T all = torch.convolution_backward(cotangent, images, filters, NO_BIAS, STRIDE,
                    PADDING, STRIDE, false, NO_PADDING, 1, mask)) {
                return new Tensor(wanted.apply(all));
            }
        }
    }

    /** Of the gradients by images, filters and bias only the one at this place. */
    private static BoolPointer mask(int place) {
        BoolPointer mask = new BoolPointer(3);
        for (int i = 0; i < 3; i++) {
            mask.put(i, i == place);
        }
        return mask;
    }

    static Job elementwise(Elementwise elementwise) {
        Tensor x = tensor(elementwise.operand());
        Tensor y = tensor(elementwise.second());
        return switch (elementwise.function()) {
            case ADD -> new Kernel(() -> torch.add(x, y));
            case EXP -> new Kernel(() -> torch.exp(x));
            case TANH -> new Kernel(() -> torch.tanh(x));
            case GELU -> new Kernel(() -> torch.gelu(x));
            case SUM -> new Kernel(() -> torch.sum(x));
        };
    }

    static Job rowWise(RowWise rowWise) {
        Tensor x = tensor(rowWise.matrix());
        TensorOptional scale = new TensorOptional(tensor(rowWise.scale()));
        TensorOptional shift = new TensorOptional(tensor(rowWise.shift()));
        long[] row = {RowWise.COLUMNS};
        return switch (rowWise.function()) {
            case SOFTMAX -> new Kernel(() -> torch.softmax(x, -1));
            case LAYERNORM -> new Kernel(() -> torch.layer_norm(x, row, scale, shift, RowWise.EPSILON, true));
        };
    }

    static Tensor tensor(Values values) {
        return Tensor.create(values.data(), values.longShape());
    }

    /** Closes each result at once, which lets libtorch reuse the memory: its best case. */
    private record Kernel(Supplier<Tensor> operation) implements Job {
        @Override
        public void run() {
            operation.get().close();
        }

        @Override
        public double[] evidence() {
            try (PointerScope _ = new PointerScope()) {
                Tensor result = operation.get().contiguous();
                float[] elements = new float[Math.toIntExact(result.numel())];
                new FloatPointer(result.data_ptr()).get(elements);
                return Values.sample(elements);
            }
        }
    }
}
