package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;

/**
 * Goes on in the direction of earlier steps, by the formulas of {@code torch.optim.SGD}:
 *
 * <pre>{@code
 * first step:  v = u
 * then:        v = momentum v + (1 - dampening) u
 * result:      v, or with Nesterov's look ahead u + momentum v
 * }</pre>
 *
 * @param momentum how much of the velocity stays, 0 or more; 0.9 is usual
 * @param dampening how much of the update is left out, 0 for none
 * @param nesterov whether to look ahead (Sutskever, Martens, Dahl, Hinton 2013); needs momentum and no dampening
 */
public record Momentum(double momentum, double dampening, boolean nesterov) implements PerParameter {
    public Momentum {
        if (!(momentum >= 0)) {
            throw ShapeException.of("momentum", "the momentum is negative").operand("momentum", momentum)
                    .expected("0 or more");
        }
        if (Double.isNaN(dampening)) {
            throw ShapeException.of("momentum", "the dampening is not a number").operand("dampening", dampening)
                    .expected("0 for none");
        }
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw ShapeException.of("momentum", "Nesterov's form needs momentum and no dampening")
                    .operand("momentum", momentum).operand("dampening", dampening)
                    .expected("momentum above 0 and dampening 0");
        }
    }

    /** Momentum in its plain form. */
    public static Momentum of(double momentum) {
        return new Momentum(momentum, 0, false);
    }

    @Override
    public Rule rule(TensorSpec parameter) {
        return new Moving(this, Variable.buffer(Tensor.zeros(parameter.shape(), parameter.dtype())));
    }

    private record Moving(Momentum rule, Variable velocity) implements Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor next = velocity.value().mul(rule.momentum).add(dampened(update, step));
            velocity.set(next);
            return rule.nesterov ? update.add(next.mul(rule.momentum)) : next;
        }

        private Tensor dampened(Tensor update, Tensor step) {
            if (rule.dampening == 0) {
                return update; // the velocity starts at zero, so the first step needs no case of its own
            }
            Tensor share = step.eq(0).where(1, Tensor.scalar(1 - rule.dampening, DType.F64));
            return update.mul(share.cast(update.dtype()));
        }
    }
}
