package io.adjoint.nn.norm;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Weighted;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * A layer whose weight is a direction times a length, {@code weight = v g / |v|}, both learned (Salimans, Kingma 2016). As
 * PyTorch's {@code weight_norm} the variables are those of the layer with {@code weight_g} and {@code weight_v} in the
 * place of {@code weight}.
 *
 * <p>Shapes: those of the layer.
 *
 * @param layer whose weight is made here; the weight that it holds itself is not used
 * @param length g, of the shape of v with an extent of 1 in every axis but one; a scalar if there is one length for all
 * @param direction v, of the shape of the weight
 * @param axis along which each place has a length of its own; empty for one length
 */
public record WeightNorm(Weighted layer, Variable length, Variable direction, OptionalInt axis) implements Layer {
    private static final String NAME = "weight_norm";

    /**
     * A layer of given variables.
     *
     * @throws ShapeException if they do not fit the layer's weight
     */
    public WeightNorm {
        Reweighted.requireWeight(NAME, "direction", direction, layer);
        Scale.requireShape(NAME, "length", length, lengths(direction.value(), axis).shape());
    }

    /** A length for each place along axis 0, PyTorch's default, as the layer's weight is now. */
    public static WeightNorm of(Weighted layer) {
        return of(layer, 0);
    }

    /** A length for each place along this axis, 0 = outermost. */
    public static WeightNorm of(Weighted layer, int axis) {
        return of(layer, OptionalInt.of(axis));
    }

    /** One length for the whole weight. */
    public static WeightNorm whole(Weighted layer) {
        return of(layer, OptionalInt.empty());
    }

    private static WeightNorm of(Weighted layer, OptionalInt axis) {
        Tensor weight = layer.weight().value().detached();
        return new WeightNorm(layer, Variable.parameter(lengths(weight, axis)), Variable.parameter(weight), axis);
    }

    private static Tensor lengths(Tensor weight, OptionalInt axis) {
        if (axis.isEmpty()) {
            return weight.norm(2);
        }
        int at = axis.getAsInt();
        if (weight.rank() < 2 || at < 0 || at >= weight.rank()) {
            throw ShapeException.of(NAME, "no axis with lengths").operand("axis", at)
                    .operand("weight", weight.shape()).expected("an axis of a weight with two axes or more");
        }
        return weight.norm(2, Axes.keep(IntStream.range(0, weight.rank()).filter(i -> i != at).toArray()));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = Reweighted.partsBesideTheWeight(layer);
        parts.put("weight_g", length);
        parts.put("weight_v", direction);
        return Collections.unmodifiableSequencedMap(parts);
    }

    /** The weight as it is now. */
    public Tensor weight() {
        Tensor v = direction.value();
        return v.mul(length.value().div(lengths(v, axis)));
    }

    @Override
    public Tensor forward(Tensor x) {
        return layer.forward(x, weight());
    }

    /** The layer alone, with its weight set to what it is now. */
    public Weighted removed() {
        layer.weight().set(weight().detached());
        return layer;
    }
}
