package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/** The products of a layer's input with its weights. */
public final class Products {
    private Products() {}

    /**
     * {@code x weight^T}: {@code [..., in] x [out, in] -> [..., out]}; a weight {@code [in]} gives {@code [...]}.
     *
     * @throws ShapeException if the innermost extents differ
     */
    public static Tensor linear(Tensor x, Tensor weight) {
        if (x.rank() == 0 || weight.rank() < 1 || weight.rank() > 2 || x.dim(-1) != weight.dim(-1)) {
            throw ShapeException.of("linear", "the weight does not fit").operand("input", x.shape())
                    .operand("weight", weight.shape())
                    .expected("input [..., in] and weight [out, in] or [in]");
        }
        return x.matmul(weight.rank() == 2 ? weight.transpose() : weight);
    }

    /** {@code x weight^T + bias}, as {@link #linear(Tensor, Tensor)}; the bias, {@code [out]}, is added to each row. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return biased("linear", linear(x, weight), bias);
    }

    /**
     * {@code sum over i and j of a[i] weight[o][i][j] b[j]}: {@code [..., m]}, {@code [..., n]} and a weight {@code [out, m, n]}
     * give {@code [..., out]}.
     *
     * @throws ShapeException if the tensors have different outer extents, or the weight does not fit
     */
    public static Tensor bilinear(Tensor a, Tensor b, Tensor weight) {
        boolean fits = a.rank() > 0 && a.rank() == b.rank() && weight.rank() == 3
                && a.shape().with(-1, 1).equals(b.shape().with(-1, 1));
        if (!fits || weight.dim(1) != a.dim(-1) || weight.dim(2) != b.dim(-1)) {
            throw ShapeException.of("bilinear", "the weight does not fit").operand("left", a.shape())
                    .operand("right", b.shape()).operand("weight", weight.shape())
                    .expected("left [..., m], right [..., n] and weight [out, m, n]");
        }
        int out = weight.dim(0);
        int m = weight.dim(1);
        int n = weight.dim(2);
        int rows = Shape.of(Arrays.copyOf(a.shape().dims(), a.rank() - 1)).size();
        Tensor flat = weight.permute(1, 0, 2).reshape(Shape.of(m, Shape.of(out, n).size()));
        Tensor half = a.reshape(Shape.of(rows, m)).matmul(flat).reshape(Shape.of(rows, out, n));
        return half.matmul(b.reshape(Shape.of(rows, n, 1))).reshape(a.shape().with(-1, out));
    }

    /** As {@link #bilinear(Tensor, Tensor, Tensor)}, plus a bias {@code [out]}. */
    public static Tensor bilinear(Tensor a, Tensor b, Tensor weight, Tensor bias) {
        return biased("bilinear", bilinear(a, b, weight), bias);
    }

    private static Tensor biased(String function, Tensor product, Tensor bias) {
        if (!Shape.broadcast(function, product.shape(), bias.shape()).equals(product.shape())) {
            throw ShapeException.of(function, "the bias does not fit").operand("product", product.shape())
                    .operand("bias", bias.shape()).expected("a bias that stretches to the product's shape");
        }
        return product.add(bias);
    }
}
