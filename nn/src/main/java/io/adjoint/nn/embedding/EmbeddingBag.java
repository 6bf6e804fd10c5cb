package io.adjoint.nn.embedding;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Embeddings;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.autodiff.function.Embeddings.LastOffset;
import io.adjoint.autodiff.function.Embeddings.Mode;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Layer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A table of vectors, of which each bag of numbers gets the sum, the mean or the maxima; of an empty bag zeros. Its variable
 * has the name and layout of that of {@code torch.nn.EmbeddingBag}.
 *
 * @param weight the table, {@code [rows, width]}: a parameter, or a buffer for one that is not trained
 * @param mode what becomes of the vectors of a bag
 * @param last what the last of the offsets says, where bags are given by those
 * @param padding a row that does not count; below 0 counts from the last
 * @param bound of the norm of rows that are looked up, if there is one
 * @param frequency how large the gradient of a row becomes that is looked up several times; for maxima the sum
 */
public record EmbeddingBag(Variable weight, Mode mode, LastOffset last, OptionalInt padding, Optional<MaxNorm> bound,
        Frequency frequency) implements Layer {
    private static final String NAME = "embedding_bag";

    /**
     * A layer of a given table; layers may share it.
     *
     * @throws ShapeException if the weight is not a matrix, the padding none of its rows, or the mode none for this frequency
     */
    public EmbeddingBag {
        Tables.require(NAME, weight.spec().shape(), padding);
        if (mode == Mode.MAX && frequency == Frequency.MEAN) {
            throw ShapeException.of(NAME, "maxima have no frequency").operand("mode", mode)
                    .operand("frequency", frequency).expected("the frequency SUM");
        }
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static EmbeddingBag of(int rows, int width, Rng rng) {
        return Config.of(rows, width).create(rng);
    }

    /**
     * Bags of one size.
     *
     * @param x I64 or I32 {@code [bags, places]}, with values in {@code [0, rows)}
     * @return {@code [bags, width]}
     */
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Optional.empty(), Optional.empty());
    }

    /**
     * Bags one after the other in a list.
     *
     * @param x I64 or I32 {@code [places]}, with values in {@code [0, rows)}
     * @param offsets I64 or I32: where each bag begins, ascending from 0
     * @return {@code [bags, width]}
     */
    public Tensor forward(Tensor x, Tensor offsets) {
        return forward(x, Optional.of(offsets), Optional.empty());
    }

    /**
     * Bags in either form, with weights for their sums.
     *
     * @param x {@code [bags, places]}, or {@code [places]} with offsets
     * @param offsets where each bag begins
     * @param weights of each place, of the shape of x; only for sums
     * @return {@code [bags, width]}
     * @throws ShapeException if shapes do not fit, weights come with another mode, or an index is out of range
     */
    public Tensor forward(Tensor x, Optional<Tensor> offsets, Optional<Tensor> weights) {
        Tensor rows = bound.map(b -> b.held(weight, Tables.places(NAME, weight, x))).orElseGet(weight::value);
        Tensor table = switch (frequency) {
            case SUM -> rows;
            case MEAN -> dividedGradient(rows, Tables.places(NAME, weight, x));
        };
        return offsets.map(begins -> Embeddings.bags(table, x, begins, last, mode, weights, padding))
                .orElseGet(() -> Embeddings.bags(table, x, mode, weights, padding));
    }

    /** The table, whose gradient is divided, row by row, by how often the row is looked up. */
    private static Tensor dividedGradient(Tensor table, Tensor places) {
        Tensor ones = Tensor.full(places.shape(), table.dtype(), 1);
        Tensor counts = Tensor.zeros(Shape.of(table.dim(0)), table.dtype()).scatterAdd(0, places, ones);
        Tensor scaled = table.div(counts.clampMin(1).unsqueeze(1));
        return table.detached().add(scaled.sub(scaled.detached()));
    }

    /**
     * What a layer is made from.
     *
     * @param rows how many vectors there are
     * @param width of each
     * @param mode what becomes of the vectors of a bag
     * @param last what the last of the offsets says
     * @param padding a row of zeros that does not count, if there is one
     * @param bound of the norm of rows that are looked up, if there is one
     * @param frequency how large the gradient of a row becomes that is looked up several times
     * @param dtype of the table
     * @param weight draws the table
     */
    public record Config(int rows, int width, Mode mode, LastOffset last, OptionalInt padding, Optional<MaxNorm> bound,
            Frequency frequency, DType dtype, Initialiser weight) {
        public Config {
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(last, "last");
            Objects.requireNonNull(bound, "bound");
            Objects.requireNonNull(frequency, "frequency");
            Objects.requireNonNull(dtype, "dtype");
            Objects.requireNonNull(weight, "weight");
            Tables.require(NAME, Shape.of(rows, width), padding);
        }

        /**
         * The defaults, those of PyTorch: means; F32, normally distributed with deviation 1, without padding and bound; the last
         * bag begins at the last offset.
         */
        public static Config of(int rows, int width) {
            return new Config(rows, width, Mode.MEAN, LastOffset.BEGINS, OptionalInt.empty(), Optional.empty(),
                    Frequency.SUM, DType.F32, Initialiser.normal(1));
        }

        /** The same with something else made of the vectors. */
        public Config withMode(Mode mode) {
            return new Config(rows, width, mode, last, padding, bound, frequency, dtype, weight);
        }

        /** The same with offsets of which the last says this. */
        public Config withLast(LastOffset last) {
            return new Config(rows, width, mode, last, padding, bound, frequency, dtype, weight);
        }

        /** The same with a row, counted from the last below 0, that stands for nothing: zeros at first, and never trained. */
        public Config withPadding(int row) {
            return new Config(rows, width, mode, last, OptionalInt.of(row), bound, frequency, dtype, weight);
        }

        /** The same with rows of this norm at most. */
        public Config withMaxNorm(MaxNorm bound) {
            return new Config(rows, width, mode, last, padding, Optional.of(bound), frequency, dtype, weight);
        }

        /** The same with gradients of this size. */
        public Config withFrequency(Frequency frequency) {
            return new Config(rows, width, mode, last, padding, bound, frequency, dtype, weight);
        }

        /** The same with a table of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(rows, width, mode, last, padding, bound, frequency, dtype, weight);
        }

        /** The same with another initialiser of the table. */
        public Config withWeight(Initialiser weight) {
            return new Config(rows, width, mode, last, padding, bound, frequency, dtype, weight);
        }

        /** Draws the table. */
        public EmbeddingBag create(Rng rng) {
            return new EmbeddingBag(Tables.draw(weight, rows, width, padding, dtype, rng), mode, last, padding, bound,
                    frequency);
        }
    }
}
