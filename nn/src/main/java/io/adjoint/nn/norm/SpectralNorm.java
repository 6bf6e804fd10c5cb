package io.adjoint.nn.norm;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Weighted;
import java.util.Collections;
import java.util.SequencedMap;

/**
 * A layer whose weight is divided by its largest singular value, which makes its function one of slope 1 at most (Miyato,
 * Kataoka, Koyama, Yoshida 2018). The value is {@code u^T W v} with vectors u and v that each call inside a {@link Training}
 * scope brings nearer to the singular ones, by steps of the power iteration {@code v = W^T u / |W^T u|}, {@code u = W v / |W
 * v|}; outside they stay. As PyTorch's {@code spectral_norm} the variables are those of the layer with the parameter {@code
 * weight_orig} and the buffers {@code weight_u} and {@code weight_v} in the place of {@code weight}.
 *
 * <p>Shapes: those of the layer. W is the weight as a matrix, a row for each output.
 *
 * @param layer whose weight is made here; the weight that it holds itself is not used
 * @param original what is divided, of the shape of the weight
 * @param left u, a buffer {@code [rows]} of length 1
 * @param right v, a buffer {@code [columns]} of length 1
 * @param steps of the power iteration in each call while training
 * @param epsilon the least length that a vector is divided by
 */
public record SpectralNorm(Weighted layer, Variable original, Variable left, Variable right, int steps, double epsilon)
        implements Layer {
    private static final String NAME = "spectral_norm";
    /** Steps that bring the first vectors near the singular ones. */
    private static final int FIRST_STEPS = 15;

    /**
     * A layer of given variables.
     *
     * @throws ShapeException if they do not fit the layer's weight, or there is no step
     */
    public SpectralNorm {
        Reweighted.requireWeight(NAME, "original", original, layer);
        if (original.spec().shape().rank() < 2 || steps < 1) {
            throw ShapeException.of(NAME, "no matrix to iterate").operand("weight", original.spec().shape())
                    .operand("steps", steps).expected("a weight of two axes or more, and 1 step or more");
        }
        Rules.requireEpsilon(NAME, epsilon);
        Tensor matrix = matrix(original.value(), layer.outputAxis());
        Scale.requireShape(NAME, "left", left, Shape.of(matrix.dim(0)));
        Scale.requireShape(NAME, "right", right, Shape.of(matrix.dim(1)));
    }

    /** The layer with its weight as it is now, one step for each call, and epsilon 1e-12, as in PyTorch. */
    public static SpectralNorm of(Weighted layer, Rng rng) {
        return of(layer, 1, 1e-12, rng);
    }

    /** As {@link #of(Weighted, Rng)} with other numbers. The vectors begin with 15 steps from random ones. */
    public static SpectralNorm of(Weighted layer, int steps, double epsilon, Rng rng) {
        Tensor weight = layer.weight().value().detached();
        if (weight.rank() < 2) {
            throw ShapeException.of(NAME, "no matrix to iterate").operand("weight", weight.shape())
                    .expected("a weight of two axes or more");
        }
        Tensor matrix = matrix(weight, layer.outputAxis());
        Tensor random = rng.normal(Shape.of(matrix.dim(0)), weight.dtype()).normalize(2, epsilon, 0);
        Vectors first = new Vectors(random, random).iterated(matrix, FIRST_STEPS, epsilon);
        return new SpectralNorm(layer, Variable.parameter(weight), Variable.buffer(first.left),
                Variable.buffer(first.right), steps, epsilon);
    }

    /** What is near the singular vectors of the largest singular value. */
    private record Vectors(Tensor left, Tensor right) {
        Vectors iterated(Tensor matrix, int steps, double epsilon) {
            Vectors current = this;
            for (int i = 0; i < steps; i++) {
                Tensor v = matrix.transpose().matmul(current.left).normalize(2, epsilon, 0);
                current = new Vectors(matrix.matmul(v).normalize(2, epsilon, 0), v);
            }
            return current;
        }
    }

    private static Tensor matrix(Tensor weight, int axis) {
        Tensor rows = axis == 0 ? weight : weight.movedim(axis, 0);
        return rows.flatten(1);
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = Reweighted.partsBesideTheWeight(layer);
        parts.put("weight_orig", original);
        parts.put("weight_u", left);
        parts.put("weight_v", right);
        return Collections.unmodifiableSequencedMap(parts);
    }

    /** The weight as it is now; the vectors stay. */
    public Tensor weight() {
        return weight(new Vectors(left.value(), right.value()));
    }

    private Tensor weight(Vectors vectors) {
        Tensor weight = original.value();
        Tensor matrix = matrix(weight, layer.outputAxis());
        return weight.div(vectors.left.mul(matrix.matmul(vectors.right)).sum());
    }

    @Override
    public Tensor forward(Tensor x) {
        return layer.forward(x, Training.isActive() ? weight(advance()) : weight());
    }

    private Vectors advance() {
        synchronized (left) {
            Tensor matrix = matrix(original.value().detached(), layer.outputAxis());
            Vectors next = new Vectors(left.value(), right.value()).iterated(matrix, steps, epsilon);
            left.set(next.left);
            right.set(next.right);
            return next;
        }
    }

    /** The layer alone, with its weight set to what it is now. */
    public Weighted removed() {
        layer.weight().set(weight().detached());
        return layer;
    }
}
