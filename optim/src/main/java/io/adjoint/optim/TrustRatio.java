package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.hyper.Hyper;

/**
 * Makes the step of each parameter proportional to its own length: {@code u -> u trust |p| / |u|}, and u where either length
 * is 0.
 *
 * @param trust the share, 1 for {@link Lamb}
 */
public record TrustRatio(double trust) implements PerParameter {
    public TrustRatio {
        Hyper.positive("trust_ratio", "trust", trust);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return (update, parameter, step) -> {
            Tensor own = parameter.norm();
            Tensor wanted = update.norm();
            Tensor any = own.gt(0).and(wanted.gt(0));
            return update.mul(any.where(own.mul(trust).div(any.where(wanted, 1)), 1));
        };
    }
}
