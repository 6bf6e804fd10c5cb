package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;

/**
 * Goes on in the direction of earlier steps, by the formulas of {@code torch.optim.SGD}:
 *
 * <pre>{@code
 * first step:  v = u
 * then:        v = momentum v + (1 - dampening) u
 * result:      v, or with Nesterov's look ahead u + momentum v
 * }</pre>
 *
 * @param momentum how much of the velocity stays, 0 or more; 0.9 is usual; a schedule may cycle it
 * @param dampening how much of the update is left out, 0 for none
 * @param nesterov whether to look ahead (Sutskever, Martens, Dahl, Hinton 2013); needs momentum and no dampening
 */
public record Momentum(Schedule momentum, double dampening, boolean nesterov) implements PerParameter {
    public Momentum {
        if (momentum instanceof Schedule.Constant(double factor)) {
            Hyper.notNegative("momentum", "momentum", factor);
        }
        Hyper.finite("momentum", "dampening", dampening);
        if (nesterov && (isNone(momentum) || dampening != 0)) {
            throw ShapeException.of("momentum", "Nesterov's form needs momentum and no dampening")
                    .operand("momentum", momentum instanceof Schedule.Constant(double factor) ? factor : momentum)
                    .operand("dampening", dampening)
                    .expected("momentum above 0 and dampening 0");
        }
    }

    /** Momentum whose factor is constant. */
    public Momentum(double momentum, double dampening, boolean nesterov) {
        this(Schedule.constant(Hyper.notNegative("momentum", "momentum", momentum)), dampening, nesterov);
    }

    /** Momentum in its plain form. */
    public static Momentum of(double momentum) {
        return new Momentum(momentum, 0, false);
    }

    /** Momentum in its plain form, with a factor that changes. */
    public static Momentum of(Schedule momentum) {
        return new Momentum(momentum, 0, false);
    }

    /** Whether this changes nothing and needs no state. */
    public boolean isNone() {
        return isNone(momentum);
    }

    private static boolean isNone(Schedule momentum) {
        return momentum instanceof Schedule.Constant(double factor) && factor == 0;
    }

    @Override
    public Rule rule(TensorSpec parameter) {
        return new Moving(momentum, this, Variable.buffer(Tensor.zeros(parameter.shape(), parameter.dtype())));
    }

    private record Moving(Schedule momentum, Momentum form, Variable velocity) implements Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor factor = momentum.at(step).cast(update.dtype());
            Tensor next = velocity.value().mul(factor).add(dampened(update, step));
            velocity.set(next);
            return form.nesterov ? update.add(next.mul(factor)) : next;
        }

        private Tensor dampened(Tensor update, Tensor step) {
            if (form.dampening == 0) {
                return update; // the velocity starts at zero, so the first step needs no case of its own
            }
            Tensor share = step.eq(0).where(1, Tensor.scalar(1 - form.dampening, DType.F64));
            return update.mul(share.cast(update.dtype()));
        }
    }
}
