package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;
import io.adjoint.optim.stage.Parts;
import java.util.SequencedMap;

/**
 * Momentum whose singular values are all made about 1, for the matrices inside a network (Jordan et al. 2024), with the formulas
 * and defaults of {@code torch.optim.Muon}:
 *
 * <pre>{@code
 * b = momentum b + (1 - momentum) g
 * u = orthogonalised ((1 - momentum) g + momentum b), or of b without Nesterov's look ahead
 * p = p - learningRate (sqrt(max(1, rows / columns)) u + decay p)
 * }</pre>
 *
 * by {@code steps} of a Newton-Schulz iteration {@code X = a X + (b A + c A^2) X} with {@code A = X X^T}, which begins with
 * {@code X = u / |u|}. Filters of a convolution count as matrices with a row for each output. Parameters with fewer than two
 * axes are left to another optimizer; embeddings and the last layer should be too, by {@code Partition}.
 *
 * @param learningRate per step, 0.001 by default
 * @param momentum 0.95 by default
 * @param look whether to look ahead
 * @param decay of the parameters, decoupled, 0.1 by default
 * @param steps of the iteration, 5 by default
 * @param rest the optimizer of parameters with fewer than two axes
 */
public record Muon(Schedule learningRate, double momentum, Look look, WeightDecay decay, int steps,
        Transformation rest) implements Transformation {
    /** What is orthogonalised. */
    public enum Look {
        /** The momentum. */
        HERE,
        /** The momentum of the next step, after Nesterov. */
        AHEAD
    }

    private static final double A = 3.4445;
    private static final double B = -4.775;
    private static final double C = 2.0315;
    private static final double LEAST_NORM = 1e-7;

    public Muon {
        Hyper.decay("muon", "momentum", momentum);
        Hyper.count("muon", "steps", steps, 1);
    }

    /**
     * At a constant rate, which AdamW has too for parameters with fewer than two axes.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Muon of(double learningRate) {
        return of(LearningRate.constant("muon", learningRate));
    }

    /** With PyTorch's defaults, and AdamW for parameters with fewer than two axes. */
    public static Muon of(Schedule learningRate) {
        return new Muon(learningRate, 0.95, Look.AHEAD, new WeightDecay(0.1), 5, AdamW.of(learningRate));
    }

    /** The same with another momentum. */
    public Muon withMomentum(double factor, Look where) {
        return new Muon(learningRate, factor, where, decay, steps, rest);
    }

    /** The same with another decay of the matrices, which is decoupled here. */
    @Override
    public Muon withWeightDecay(double rate) {
        return new Muon(learningRate, momentum, look, new WeightDecay(rate), steps, rest);
    }

    /** The same with another optimizer for parameters with fewer than two axes. */
    public Muon withRest(Transformation optimizer) {
        return new Muon(learningRate, momentum, look, decay, steps, optimizer);
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec));
        Chain matrices = Chain.of(direction, decay, new LearningRate(learningRate));
        return Parts.bind(parameters,
                (path, spec) -> spec.shape().rank() >= 2 ? "matrices" : "rest",
                name -> name.equals("rest") ? rest : matrices);
    }

    /** A matrix with the singular vectors of this one, whose singular values are near 1. */
    Tensor orthogonalised(Tensor matrix) {
        boolean tall = matrix.dim(0) > matrix.dim(1);
        Tensor x = tall ? matrix.transpose() : matrix;
        x = x.div(x.norm().clampMin(LEAST_NORM));
        for (int i = 0; i < steps; i++) {
            Tensor a = x.matmul(x.transpose());
            x = x.mul(A).add(a.mul(B).add(a.matmul(a).mul(C)).matmul(x));
        }
        return tall ? x.transpose() : x;
    }

    private record Moving(Muon form, Variable velocity) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor moved = Averages.move(velocity, update, form.momentum);
            Tensor ahead = switch (form.look) {
                case HERE -> moved;
                case AHEAD -> update.mul(1 - form.momentum).add(moved.mul(form.momentum));
            };
            Tensor matrix = ahead.flatten(1);
            double scale = Math.sqrt(Math.max(1, (double) matrix.dim(0) / matrix.dim(1)));
            return form.orthogonalised(matrix).mul(scale).reshape(update.shape());
        }
    }
}
