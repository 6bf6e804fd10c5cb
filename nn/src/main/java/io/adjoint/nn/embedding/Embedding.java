package io.adjoint.nn.embedding;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Embeddings;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Layer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A table of vectors, looked up by number: {@code y[...] = weight[x[...]]}. Its variable has the name and layout of that of
 * {@code torch.nn.Embedding}.
 *
 * <p>Shapes: x I64 or I32 of any shape, with values in {@code [0, rows)}; y the shape of x, then the width.
 *
 * @param weight the table, {@code [rows, width]}: a parameter, or a buffer for one that is not trained
 * @param padding a row that gets no gradient; below 0 counts from the last
 * @param bound of the norm of rows that are looked up, if there is one
 * @param frequency how large the gradient of a row becomes that is looked up several times
 */
public record Embedding(Variable weight, OptionalInt padding, Optional<MaxNorm> bound, Frequency frequency)
        implements Layer {
    private static final String NAME = "embedding";

    /**
     * A layer of a given table; layers may share it.
     *
     * @throws ShapeException if the weight is not a matrix, or the padding none of its rows
     */
    public Embedding {
        Tables.require(NAME, weight.spec().shape(), padding);
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static Embedding of(int rows, int width, Rng rng) {
        return Config.of(rows, width).create(rng);
    }

    /** A table to train further. */
    public static Embedding pretrained(Tensor table) {
        return of(Variable.parameter(table));
    }

    /** A table that stays as it is. */
    public static Embedding frozen(Tensor table) {
        return of(Variable.buffer(table));
    }

    private static Embedding of(Variable table) {
        return new Embedding(table, OptionalInt.empty(), Optional.empty(), Frequency.SUM);
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor table = bound.map(b -> b.held(weight, Tables.places(NAME, weight, x))).orElseGet(weight::value);
        return Embeddings.lookup(table, x, padding, frequency);
    }

    /**
     * What a layer is made from.
     *
     * @param rows how many vectors there are
     * @param width of each
     * @param padding a row of zeros that gets no gradient, if there is one
     * @param bound of the norm of rows that are looked up, if there is one
     * @param frequency how large the gradient of a row becomes that is looked up several times
     * @param dtype of the table
     * @param weight draws the table
     */
    public record Config(int rows, int width, OptionalInt padding, Optional<MaxNorm> bound, Frequency frequency,
            DType dtype, Initialiser weight) {
        public Config {
            Objects.requireNonNull(bound, "bound");
            Objects.requireNonNull(frequency, "frequency");
            Objects.requireNonNull(dtype, "dtype");
            Objects.requireNonNull(weight, "weight");
            Tables.require(NAME, Shape.of(rows, width), padding);
        }

        /** The defaults, those of PyTorch: F32, normally distributed with deviation 1, without padding and bound. */
        public static Config of(int rows, int width) {
            return new Config(rows, width, OptionalInt.empty(), Optional.empty(), Frequency.SUM, DType.F32,
                    Initialiser.normal(1));
        }

        /** The same with a row, counted from the last below 0, that stands for nothing: zeros at first, and never trained. */
        public Config withPadding(int row) {
            return new Config(rows, width, OptionalInt.of(row), bound, frequency, dtype, weight);
        }

        /** The same with rows of this norm at most. */
        public Config withMaxNorm(MaxNorm bound) {
            return new Config(rows, width, padding, Optional.of(bound), frequency, dtype, weight);
        }

        /** The same with gradients of this size. */
        public Config withFrequency(Frequency frequency) {
            return new Config(rows, width, padding, bound, frequency, dtype, weight);
        }

        /** The same with a table of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(rows, width, padding, bound, frequency, dtype, weight);
        }

        /** The same with another initialiser of the table. */
        public Config withWeight(Initialiser weight) {
            return new Config(rows, width, padding, bound, frequency, dtype, weight);
        }

        /** Draws the table. */
        public Embedding create(Rng rng) {
            return new Embedding(Tables.draw(weight, rows, width, padding, dtype, rng), padding, bound, frequency);
        }
    }
}
