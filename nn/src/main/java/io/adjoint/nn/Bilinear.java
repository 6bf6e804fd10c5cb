package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Products;
import java.util.Objects;
import java.util.Optional;

/**
 * A layer of two inputs, {@code y[o] = a^T W[o] b + bias[o]}; names and layout of its variables are those of {@code
 * torch.nn.Bilinear}.
 *
 * <p>Shapes: a {@code [..., left]}, b {@code [..., right]}, y {@code [..., out]}.
 *
 * @param weight W, {@code [out, left, right]}
 * @param bias {@code [out]}, if there is one
 */
public record Bilinear(Variable weight, Optional<Variable> bias) implements Module {
    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if the weight has not three axes, or the bias does not fit it
     */
    public Bilinear {
        Shape shape = weight.spec().shape();
        if (shape.rank() != 3) {
            throw ShapeException.of("bilinear", "the weight has not three axes").operand("weight", shape)
                    .expected("[out, left, right]");
        }
        bias.ifPresent(b -> {
            if (!b.spec().shape().equals(Shape.of(shape.dim(0)))) {
                throw ShapeException.of("bilinear", "the bias does not fit the weight").operand("weight", shape)
                        .operand("bias", b.spec().shape()).expected("bias " + Shape.of(shape.dim(0)));
            }
        });
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static Bilinear of(int left, int right, int out, Rng rng) {
        return Config.of(left, right, out).create(rng);
    }

    /**
     * The layer's function.
     *
     * @param a {@code [..., left]}
     * @param b {@code [..., right]} with the same leading axes
     * @return {@code [..., out]}
     * @throws ShapeException if the inputs do not fit the weight or each other
     */
    public Tensor forward(Tensor a, Tensor b) {
        Tensor product = Products.bilinear(a, b, weight.value());
        return bias.map(c -> product.add(c.value())).orElse(product);
    }

    /**
     * What a layer is made from.
     *
     * @param left features of the first input
     * @param right features of the second input
     * @param out features of the output
     * @param dtype of the variables
     * @param weight draws the weight
     * @param bias draws the bias; empty for a layer without one
     */
    public record Config(int left, int right, int out, DType dtype, Initialiser weight, Optional<Initialiser> bias) {
        public Config {
            Objects.requireNonNull(dtype, "dtype");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(bias, "bias");
            if (left < 0 || right < 0 || out < 0) {
                throw ShapeException.of("bilinear", "a number of features is negative").operand("left", left)
                        .operand("right", right).operand("out", out).expected("0 or more");
            }
        }

        /** The defaults, those of PyTorch: F32, weight and bias uniform in {@code +-1/sqrt(left)}. */
        public static Config of(int left, int right, int out) {
            Initialiser uniform = Initialiser.uniform(left == 0 ? 0 : 1 / Math.sqrt(left));
            return new Config(left, right, out, DType.F32, uniform, Optional.of(uniform));
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(left, right, out, dtype, weight, bias);
        }

        /** The same with another initialiser of the weight. */
        public Config withWeight(Initialiser weight) {
            return new Config(left, right, out, dtype, weight, bias);
        }

        /** The same with another initialiser of the bias. */
        public Config withBias(Initialiser bias) {
            return new Config(left, right, out, dtype, weight, Optional.of(bias));
        }

        /** The same without a bias. */
        public Config withoutBias() {
            return new Config(left, right, out, dtype, weight, Optional.empty());
        }

        /** Draws the variables. */
        public Bilinear create(Rng rng) {
            Shape shape = Shape.of(out, left, right);
            return new Bilinear(Variable.parameter(weight.draw(shape, dtype, rng.stream(0))),
                    bias.map(b -> Variable.parameter(b.draw(Shape.of(out), dtype, rng.stream(1)))));
        }
    }
}
