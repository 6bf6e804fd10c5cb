package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.Objects;
import java.util.Optional;

/**
 * A fully connected layer, {@code y = x W^T + b}; names and layout of its variables are those of {@code torch.nn.Linear}.
 *
 * <p>Shapes: x {@code [..., in]}, y {@code [..., out]}.
 *
 * @param weight W, {@code [out, in]}
 * @param bias b, {@code [out]}, if there is one
 */
public record Linear(Variable weight, Optional<Variable> bias) implements Weighted {
    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if the weight is not a matrix, or the bias not a vector of its rows
     */
    public Linear {
        Shape matrix = weight.spec().shape();
        if (matrix.rank() != 2) {
            throw ShapeException.of("linear", "the weight is not a matrix").operand("weight", matrix)
                    .expected("[out, in]");
        }
        bias.ifPresent(b -> {
            if (!b.spec().shape().equals(Shape.of(matrix.dim(0)))) {
                throw ShapeException.of("linear", "the bias does not fit the weight").operand("weight", matrix)
                        .operand("bias", b.spec().shape()).expected("bias " + Shape.of(matrix.dim(0)));
            }
        });
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static Linear of(int in, int out, Rng rng) {
        return Config.of(in, out).create(rng);
    }

    @Override
    public Tensor forward(Tensor x, Tensor weight) {
        Shape matrix = weight.shape();
        if (x.rank() == 0 || x.dim(-1) != matrix.dim(1)) {
            throw ShapeException.of("linear", "the input does not fit the weight").operand("input", x.shape())
                    .operand("weight", matrix).expected("input [..., " + matrix.dim(1) + "]");
        }
        Tensor product = x.matmul(weight.transpose());
        return bias.map(b -> product.add(b.value())).orElse(product);
    }

    /**
     * What a layer is made from.
     *
     * @param in features of the input
     * @param out features of the output
     * @param dtype of the variables
     * @param weight draws the weight
     * @param bias draws the bias; empty for a layer without one
     */
    public record Config(int in, int out, DType dtype, Initialiser weight, Optional<Initialiser> bias) {
        public Config {
            Objects.requireNonNull(dtype, "dtype");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(bias, "bias");
            if (in < 0 || out < 0) {
                throw ShapeException.of("linear", "a number of features is negative").operand("in", in)
                        .operand("out", out).expected("0 or more");
            }
        }

        /** The defaults, those of PyTorch: F32, weight and bias uniform in {@code +-1/sqrt(in)}. */
        public static Config of(int in, int out) {
            Initialiser uniform = Initialiser.uniform(in == 0 ? 0 : 1 / Math.sqrt(in));
            return new Config(in, out, DType.F32, uniform, Optional.of(uniform));
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(in, out, dtype, weight, bias);
        }

        /** The same with another initialiser of the weight. */
        public Config withWeight(Initialiser weight) {
            return new Config(in, out, dtype, weight, bias);
        }

        /** The same with another initialiser of the bias. */
        public Config withBias(Initialiser bias) {
            return new Config(in, out, dtype, weight, Optional.of(bias));
        }

        /** The same without a bias. */
        public Config withoutBias() {
            return new Config(in, out, dtype, weight, Optional.empty());
        }

        /** Draws the variables. */
        public Linear create(Rng rng) {
            return new Linear(Variable.parameter(weight.draw(Shape.of(out, in), dtype, rng.stream(0))),
                    bias.map(b -> Variable.parameter(b.draw(Shape.of(out), dtype, rng.stream(1)))));
        }
    }
}
