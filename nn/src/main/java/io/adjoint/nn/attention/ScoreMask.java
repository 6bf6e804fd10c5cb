package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention.Sight;
import java.util.Optional;

/**
 * One mask of all that bears upon the scores {@code [batch, heads, queries, keys]}.
 *
 * @param seen BOOL, true where a query may see a key; empty for everywhere
 * @param added to the scores; empty for nothing
 */
record ScoreMask(Optional<Tensor> seen, Optional<Tensor> added) {
    /**
     * The sizes of the scores.
     *
     * @param from the place of the first query among the keys
     */
    record Sizes(int batch, int heads, int from, int queries, int keys) {}

    private static final ScoreMask NONE = new ScoreMask(Optional.empty(), Optional.empty());

    static ScoreMask of(Masking masking, Optional<Tensor> bias, Sizes sizes) {
        ScoreMask mask = new ScoreMask(causal(masking, sizes), bias);
        if (masking.pairs().isPresent()) {
            mask = mask.and(pairs(masking.pairs().get(), sizes));
        }
        if (masking.padding().isPresent()) {
            mask = mask.and(padding(masking.padding().get(), sizes));
        }
        return mask;
    }

    private static Optional<Tensor> causal(Masking masking, Sizes sizes) {
        return masking.sight() == Sight.ALL ? Optional.empty()
                : Optional.of(Tensor.range(sizes.queries).add(sizes.from).unsqueeze(1).ge(Tensor.range(sizes.keys)));
    }

    private static ScoreMask pairs(Tensor mask, Sizes sizes) {
        Shape matrix = Shape.of(sizes.queries, sizes.keys);
        Shape heads = Shape.of(sizes.batch, sizes.heads, sizes.queries, sizes.keys);
        boolean fits = switch (mask.rank()) {
            case 2 -> mask.shape().equals(matrix);
            case 3 -> mask.shape().equals(Shape.of(sizes.batch * sizes.heads, sizes.queries, sizes.keys));
            case 4 -> isStretchedTo(mask.shape(), heads);
            default -> false;
        };
        if (!fits) {
            throw ShapeException.of("attention", "the mask of pairs does not fit").operand("pairs", mask.shape())
                    .expected(matrix + ", [batch * heads, ...] or " + heads);
        }
        return of(mask.rank() == 3 ? mask.reshape(heads) : mask);
    }

    private static boolean isStretchedTo(Shape shape, Shape target) {
        for (int axis = 0; axis < target.rank(); axis++) {
            if (shape.dim(axis) != target.dim(axis) && shape.dim(axis) != 1) {
                return false;
            }
        }
        return true;
    }

    private static ScoreMask padding(Tensor mask, Sizes sizes) {
        Shape expected = Shape.of(sizes.batch, sizes.keys);
        if (!mask.shape().equals(expected)) {
            throw ShapeException.of("attention", "the mask of keys does not fit").operand("padding", mask.shape())
                    .expected(expected.toString());
        }
        return of(mask.unsqueeze(1).unsqueeze(1));
    }

    private static ScoreMask of(Tensor mask) {
        if (mask.dtype() == DType.BOOL) {
            return new ScoreMask(Optional.of(mask.logicalNot()), Optional.empty());
        }
        if (mask.dtype().isFloat()) {
            return new ScoreMask(Optional.empty(), Optional.of(mask));
        }
        throw ShapeException.of("attention", "not a mask").operand("mask", mask.spec())
                .expected("BOOL, true where a key is left out, or floats that are added to the scores");
    }

    private ScoreMask and(ScoreMask other) {
        return new ScoreMask(seen.map(s -> other.seen.map(s::logicalAnd).orElse(s)).or(() -> other.seen),
                added.map(a -> other.added.map(a::add).orElse(a)).or(() -> other.added));
    }

    /** The same with so many keys more, which everyone sees. */
    ScoreMask withKeys(int count) {
        return count == 0 ? this : new ScoreMask(
                seen.map(s -> Tensor.concat(-1, s, Tensor.full(s.shape().with(-1, count), DType.BOOL, 1))),
                added.map(a -> a.pad(-1, 0, count, 0)));
    }

    /** As the functions take it: what is added, or BOOL. */
    Optional<Tensor> tensor() {
        return equals(NONE) ? Optional.empty()
                : added.map(a -> seen.map(s -> s.where(a, Double.NEGATIVE_INFINITY)).orElse(a)).or(() -> seen);
    }
}
