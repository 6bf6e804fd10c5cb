package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Optional;

/** Products and convolutions of 8-bit integers, whose sums are exact and wrap around as int32. */
final class QuantisedProducts {
    /** So many products of numbers from -128 to 128 have a sum that F32 holds exactly: 2^24 / 2^14. */
    private static final int EXACT_PRODUCTS = 1024;
    /** As many of numbers from -255 to 255. */
    private static final int EXACT_TAPS = (1 << 24) / (255 * 255);

    private QuantisedProducts() {}

    static void addTo(OperatorTable table) {
        table.value("MatMulInteger",
                call -> Value.of(matmul(Matrix.of(call, 0, 2, Factor.LEFT), Matrix.of(call, 1, 3, Factor.RIGHT))));
        table.value("ConvInteger", call -> Value.of(convolve(call, new int[] {0, 2}, new int[] {1, 3})));
        table.value("QLinearMatMul", QuantisedProducts::quantisedMatmul);
        table.value("QLinearConv", QuantisedProducts::quantisedConvolution);
    }

    /** Which of two factors. */
    enum Factor {
        LEFT, RIGHT;

        /** One number for all, or a list for each row of the left factor or each column of the right one. */
        Tensor stretched(Tensor given) {
            if (given.size() == 1) {
                return given.reshape(Shape.scalar());
            }
            return given.rank() == 1 && this == LEFT ? given.unsqueeze(-1) : given;
        }
    }

    /**
     * Integers around 0, from -128 to 127, and what is still to be subtracted from them.
     *
     * @param numbers I32
     * @param zero empty for 0, a scalar, or what stretches to the numbers and has an extent of 1 along the summed axis
     */
    record Matrix(Tensor numbers, Optional<Tensor> zero) {
        /** By which inputs it and its zero point are; the zero point may be a list, for the rows or for the columns. */
        static Matrix of(Call call, int input, int zeroInput, Factor factor) {
            Tensor x = call.tensor(input);
            int centre = switch (call.type(input)) {
                case UINT8 -> 128;
                case INT8 -> 0;
                default -> throw call.refusal("no 8-bit integers").operand("input", call.type(input))
                        .expected("uint8 or int8");
            };
            Optional<Tensor> zero = call.findTensor(zeroInput).map(given -> factor.stretched(given));
            return centre == 0 ? new Matrix(x, zero) : new Matrix(x.sub(centre),
                    Optional.of(zero.orElseGet(() -> Tensor.scalar(0, DType.I32)).sub(centre)));
        }
    }

    /** {@code (a - za)(b - zb) = ab - za (sums of b's columns) - (sums of a's rows) zb + k za zb}, modulo 2^32. */
    static Tensor matmul(Matrix left, Matrix right) {
        Tensor a = left.numbers().rank() == 1 ? left.numbers().unsqueeze(0) : left.numbers();
        Tensor b = right.numbers().rank() == 1 ? right.numbers().unsqueeze(1) : right.numbers();
        Tensor sum = exact(a, b);
        if (left.zero().isPresent()) {
            sum = sum.sub(left.zero().get().mul(b.sum(-2).cast(DType.I32).unsqueeze(-2)));
        }
        if (right.zero().isPresent()) {
            sum = sum.sub(a.sum(-1).cast(DType.I32).unsqueeze(-1).mul(right.zero().get()));
        }
        if (left.zero().isPresent() && right.zero().isPresent()) {
            sum = sum.add(left.zero().get().mul(right.zero().get()).mul(a.dim(-1)));
        }
        Tensor rows = left.numbers().rank() == 1 ? sum.squeeze(-2) : sum;
        return right.numbers().rank() == 1 ? rows.squeeze(-1) : rows;
    }

    /** As the products of floats, which are faster, of as many terms at once as these hold the sum of exactly. */
    private static Tensor exact(Tensor a, Tensor b) {
        int terms = a.dim(-1);
        if (terms <= EXACT_PRODUCTS || b.dim(-2) != terms) {
            return a.cast(DType.F32).matmul(b.cast(DType.F32)).cast(DType.I32);
        }
        Tensor sum = Tensor.scalar(0, DType.I32);
        for (int from = 0; from < terms; from += EXACT_PRODUCTS) {
            int to = Math.min(terms, from + EXACT_PRODUCTS);
            sum = sum.add(exact(a.slice(-1, from, to), b.slice(-2, from, to)));
        }
        return sum;
    }

    private static Value quantisedMatmul(Call call) {
        Tensor sums = matmul(Matrix.of(call, 0, 2, Factor.LEFT), Matrix.of(call, 3, 5, Factor.RIGHT));
        Tensor scale = Factor.LEFT.stretched(call.tensor(1)).mul(Factor.RIGHT.stretched(call.tensor(4)));
        return requantised(call, sums, scale, 6);
    }

    /** Sums with the scale of the products, as integers of the scale and zero point that two inputs from this one on say. */
    private static Value requantised(Call call, Tensor sums, Tensor scale, int from) {
        Tensor real = sums.cast(scale.dtype()).mul(scale.div(call.tensor(from).reshape(Shape.scalar())));
        Optional<Tensor> zero = call.findTensor(from + 1).map(given -> given.reshape(Shape.scalar()));
        ElementType type = call.has(from + 1) ? call.type(from + 1) : ElementType.UINT8;
        return QuantisationOperators.rounded(call, type, real, zero);
    }

    /** Images and weights, each given by the numbers of the input and of its zero point. */
    private static Tensor convolve(Call call, int[] images, int[] weights) {
        Tensor x = call.findTensor(images[1]).map(zero -> call.tensor(images[0]).sub(zero.reshape(Shape.scalar())))
                .orElseGet(() -> call.tensor(images[0]));
        Tensor w = call.tensor(weights[0]);
        Tensor weight = call.findTensor(weights[1]).map(zero -> w.sub(perFilter(zero, w.rank()))).orElse(w);
        int taps = w.rank() == 0 || w.dim(0) == 0 ? 0 : w.size() / w.dim(0);
        if (taps <= EXACT_TAPS) {
            return ConvolutionOperators.convolve(call, x.cast(DType.F32), weight.cast(DType.F32)).cast(DType.I32);
        }
        return ConvolutionOperators.convolve(call, x.cast(DType.F64), weight.cast(DType.F64)).cast(DType.I64)
                .cast(DType.I32);
    }

    /** One number for all, or one for each filter, as it stretches to tensors of so many axes that filters are the first of. */
    private static Tensor perFilter(Tensor given, int rank) {
        return given.size() == 1 || rank == 0 ? given.reshape(Shape.scalar())
                : ArrangementOperators.along(given, 0, rank);
    }

    private static Value quantisedConvolution(Call call) {
        Tensor sums = convolve(call, new int[] {0, 2}, new int[] {3, 5});
        int rank = sums.rank() - 1;
        Tensor whole = call.findTensor(8).map(bias -> sums.add(perFilter(bias, rank))).orElse(sums);
        Tensor scale = call.tensor(1).reshape(Shape.scalar()).mul(perFilter(call.tensor(4), rank));
        return requantised(call, whole, scale, 6);
    }
}
