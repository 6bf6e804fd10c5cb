package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Layer;
import io.adjoint.nn.SequenceLayout;
import java.util.Objects;

/**
 * Adds to each place a row that is learned (Gehring, Auli, Grangier, Yarats, Dauphin 2017).
 *
 * <p>Shapes: x and y {@code [places, batch, width]}, by layout {@code [batch, places, width]}, or {@code [places, width]}.
 *
 * @param weight a row for each place that there may be, {@code [most, width]}
 * @param layout of input and output
 */
public record LearnedPositions(Variable weight, SequenceLayout layout) implements Layer {
    private static final double DEVIATION = 0.02;

    /**
     * A layer of a given variable.
     *
     * @throws ShapeException if it is not a matrix
     */
    public LearnedPositions {
        Objects.requireNonNull(layout, "layout");
        if (weight.spec().shape().rank() != 2) {
            throw ShapeException.of("learned_positions", "the weight is not a matrix")
                    .operand("weight", weight.spec().shape()).expected("[most places, width]");
        }
    }

    /** Rows drawn as GPT-2's (Radford et al. 2019): normal with deviation 0.02. */
    public static LearnedPositions of(int most, int width, SequenceLayout layout, DType dtype, Rng rng) {
        Tensor first = Initialiser.normal(DEVIATION).draw(Shape.of(most, width), dtype, rng);
        return new LearnedPositions(Variable.parameter(first), layout);
    }

    /** From place 0 on. */
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, 0);
    }

    /**
     * From this place on.
     *
     * @throws ShapeException if the input does not fit, or is longer than there are rows
     */
    public Tensor forward(Tensor x, int from) {
        Shape rows = weight.spec().shape();
        PlaceRules.require("learned_positions", layout, x, rows.dim(1), from);
        int places = PlaceRules.places(layout, x);
        if (places > rows.dim(0) - from) {
            throw ShapeException.of("learned_positions", "more places than rows").operand("input", x.shape())
                    .operand("from", from).operand("weight", rows).expected("up to " + rows.dim(0) + " places");
        }
        return PlaceRules.add(layout, x, weight.value().narrow(0, from, places));
    }
}
