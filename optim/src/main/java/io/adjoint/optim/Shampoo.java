package io.adjoint.optim;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Decompositions;
import io.adjoint.autodiff.function.Eigh;
import io.adjoint.optim.hyper.Hyper;
import java.util.ArrayList;
import java.util.List;

/**
 * Preconditions a gradient along each of its axes by what gradients were like along it (Gupta, Koren, Singer 2018). For a
 * matrix:
 *
 * <pre>{@code
 * L = L + G G^T,  R = R + G^T G
 * p = p - learningRate L^(-1/4) G R^(-1/4)
 * }</pre>
 *
 * and for k axes the powers are {@code -1 / (2 k)}. Both begin with {@code epsilon I}. The powers come from an
 * eigendecomposition at each step, so this is for axes of some hundred places; along a longer axis only the diagonal is
 * kept.
 *
 * @param learningRate per step, 0.1 by default
 * @param epsilon what the statistics begin with, 1e-4 by default
 * @param longest the longest axis with a full matrix, 512 by default
 */
public record Shampoo(Schedule learningRate, double epsilon, int longest) implements Recipe {
    public Shampoo {
        Hyper.positive("shampoo", "epsilon", epsilon);
        Hyper.count("shampoo", "longest", longest, 0);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Shampoo of(double learningRate) {
        return of(LearningRate.constant("shampoo", learningRate));
    }

    /** With the defaults. */
    public static Shampoo of(Schedule learningRate) {
        return new Shampoo(learningRate, 1e-4, 512);
    }

    /** The same with another beginning of the statistics. */
    public Shampoo withEpsilon(double value) {
        return new Shampoo(learningRate, value, longest);
    }

    /** The same with full matrices for axes up to this length. */
    public Shampoo withLongest(int places) {
        return new Shampoo(learningRate, epsilon, places);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, statistics(spec));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    /** A matrix for each axis, a vector for a long one; a number counts as a vector of one place. */
    private List<Variable> statistics(TensorSpec spec) {
        List<Variable> statistics = new ArrayList<>();
        for (int axis = 0; axis < Math.max(1, spec.shape().rank()); axis++) {
            int places = spec.shape().rank() == 0 ? 1 : spec.shape().dim(axis);
            Tensor diagonal = Tensor.full(Shape.of(places), spec.dtype(), epsilon);
            statistics.add(Variable.buffer(places > longest ? diagonal : diagonal.diagEmbed()));
        }
        return List.copyOf(statistics);
    }

    private record Moving(Shampoo form, List<Variable> statistics) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor gradient = update.rank() == 0 ? update.reshape(1) : update;
            Tensor result = gradient;
            double power = -1.0 / (2 * statistics.size());
            for (int axis = 0; axis < statistics.size(); axis++) {
                Variable statistic = statistics.get(axis);
                Tensor rows = rows(gradient, axis);
                boolean full = statistic.spec().shape().rank() == 2;
                Tensor sum = statistic.value().add(full ? rows.matmul(rows.transpose()) : rows.square().sum(1));
                statistic.set(sum);
                Tensor turned = rows(result, axis);
                Tensor scaled = full ? form.power(sum, power).matmul(turned)
                        : sum.pow(power).unsqueeze(1).mul(turned);
                result = scaled.reshape(result.movedim(axis, 0).shape()).movedim(0, axis);
            }
            return result.reshape(update.shape());
        }

        private static Tensor rows(Tensor x, int axis) {
            return x.movedim(axis, 0).reshape(x.dim(axis), -1);
        }
    }

    private Tensor power(Tensor matrix, double exponent) {
        Eigh parts = Decompositions.eigh(matrix);
        // no statistic is below what it began with, but for rounding
        Tensor powers = parts.values().clampMin(epsilon).pow(exponent);
        return parts.vectors().mul(powers).matmul(parts.vectors().transpose());
    }
}
