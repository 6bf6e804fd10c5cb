package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import java.util.Objects;
import java.util.Optional;

/**
 * Rotary positions (Su, Lu, Pan, Murtadha, Wen, Liu, "RoFormer", 2021): pairs of features are turned by an angle that grows with
 * the place, the pair i of n by {@code place * base^(-i / n)}. So the product of a query and a key depends on their distance only.
 *
 * <p>Shapes: x and y {@code [..., places, width]} with an even width.
 *
 * @param base 10000 in the paper; a larger one for longer sequences
 * @param pairing which features make a pair
 */
public record Rotary(double base, Pairing pairing) implements RelativePositions, Layer {
    /** Which features are turned together. */
    public enum Pairing {
        /** 0 and 1, 2 and 3, ..., as in the paper. */
        NEIGHBOURS,
        /** Those of the first half with those of the second, as many published models have it. */
        HALVES
    }

    /** Checks the base. */
    public Rotary {
        Objects.requireNonNull(pairing, "pairing");
        if (!(base > 0)) {
            throw ShapeException.of("rotary", "not a base").operand("base", base).expected("above 0");
        }
    }

    /** The defaults: base 10000, neighbours. */
    public static Rotary standard() {
        return new Rotary(10_000, Pairing.NEIGHBOURS);
    }

    /** From place 0 on. */
    @Override
    public Tensor forward(Tensor x) {
        return placed(x, 0);
    }

    @Override
    public Tensor placed(Tensor x, int from) {
        if (!x.dtype().isFloat() || x.rank() < 2 || x.dim(-1) % 2 != 0) {
            throw ShapeException.of("rotary", "features do not make pairs").operand("input", x.spec())
                    .expected("floats [..., places, width] with an even width");
        }
        Tensor angles = Angles.of(from, x.dim(-2), x.dim(-1) / 2, base);
        Tensor cos = angles.cos().cast(x.dtype());
        Tensor sin = angles.sin().cast(x.dtype());
        int half = x.dim(-1) / 2;
        return switch (pairing) {
            case HALVES -> {
                Tensor first = x.narrow(-1, 0, half);
                Tensor second = x.narrow(-1, half, half);
                yield Tensor.concat(-1, turned(first, cos, second.neg(), sin), turned(second, cos, first, sin));
            }
            case NEIGHBOURS -> {
                Tensor pairs = x.unflatten(-1, half, 2);
                Tensor first = pairs.select(-1, 0);
                Tensor second = pairs.select(-1, 1);
                yield Tensor.stack(-1, turned(first, cos, second.neg(), sin), turned(second, cos, first, sin))
                        .reshape(x.shape());
            }
        };
    }

    private static Tensor turned(Tensor a, Tensor cos, Tensor b, Tensor sin) {
        return a.mul(cos).add(b.mul(sin));
    }

    @Override
    public Optional<Tensor> bias(Shape scores, int from, DType dtype) {
        return Optional.empty();
    }
}
