package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.examples.benchmarks.Network.Optimization;
import io.adjoint.optim.PerParameter;

/**
 * Adam and AdamW by the formulas of {@code torch.optim}: moments m and v of the gradient, corrected for their start at zero,
 * {@code p = p - rate (m / (sqrt(v) + epsilon) + decay p)}.
 */
record Adam(Optimization options) implements PerParameter {
    @Override
    public Rule rule(TensorSpec parameter) {
        Tensor zeros = Tensor.zeros(parameter.shape(), parameter.dtype());
        return new Moments(options, Variable.buffer(zeros), Variable.buffer(zeros));
    }

    private record Moments(Optimization options, Variable first, Variable second) implements Rule {
        @Override
        public Tensor apply(Tensor gradient, Tensor parameter, Tensor step) {
            Tensor firstSeen = seen(Optimization.FIRST_DECAY, step);
            Tensor secondSeen = seen(Optimization.SECOND_DECAY, step);
            first.set(moved(first, gradient, Optimization.FIRST_DECAY));
            second.set(moved(second, gradient.square(), Optimization.SECOND_DECAY));
            Tensor deviation = second.value().div(secondSeen).sqrt().add(Optimization.EPSILON);
            Tensor update = first.value().div(deviation).div(firstSeen).mul(-options.rate());
            return options.decay() == 0 ? update : update.sub(parameter.mul(options.rate() * options.decay()));
        }

        /** How much of the gradients so far a moment has seen, 1 in the long run. */
        private static Tensor seen(double decay, Tensor step) {
            return Tensor.scalar(decay, DType.F64).pow(step.add(1)).neg().add(1).cast(DType.F32);
        }

        private static Tensor moved(Variable moment, Tensor seen, double decay) {
            return moment.value().mul(decay).add(seen.mul(1 - decay));
        }
    }
}
