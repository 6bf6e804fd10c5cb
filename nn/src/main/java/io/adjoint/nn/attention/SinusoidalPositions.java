package io.adjoint.nn.attention;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.SequenceLayout;
import java.util.Objects;

/**
 * Adds to each place waves of many lengths (Vaswani et al. 2017): to the features {@code 2i} and {@code 2i + 1} sine and cosine of
 * {@code place / 10000^(2i / width)}. Nothing is learned, and there is no longest sequence.
 *
 * <p>Shapes: x and y {@code [places, batch, width]}, by layout {@code [batch, places, width]}, or {@code [places, width]}.
 *
 * @param layout of input and output
 */
public record SinusoidalPositions(SequenceLayout layout) implements Layer {
    private static final double BASE = 10_000;

    /** Checks the layout. */
    public SinusoidalPositions {
        Objects.requireNonNull(layout, "layout");
    }

    /** From place 0 on. */
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, 0);
    }

    /**
     * From this place on.
     *
     * @throws ShapeException if this is no float tensor of rank 2 or 3
     */
    public Tensor forward(Tensor x, int from) {
        PlaceRules.require("sinusoidal_positions", layout, x, "width", from);
        return PlaceRules.add(layout, x, waves(from, PlaceRules.places(layout, x), x.dim(-1)).cast(x.dtype()));
    }

    /** F64 {@code [places, width]}. */
    private static Tensor waves(int from, int places, int width) {
        int even = width + width % 2;
        Tensor angles = Angles.of(from, places, even / 2, StrictMath.pow(BASE, even / (double) Math.max(1, width)));
        return Tensor.stack(-1, angles.sin(), angles.cos()).reshape(places, even).narrow(-1, 0, width);
    }
}
