package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Each element has a step length of its own, which grows while the gradient keeps its sign and shrinks when it changes
 * (Riedmiller, Braun 1993), with the formulas and defaults of {@code torch.optim.Rprop}. For gradients of all examples, not of
 * batches:
 *
 * <pre>{@code
 * g g' > 0:  d = min(grow d, most)
 * g g' < 0:  d = max(shrink d, least), and g = 0
 * p = p - d sign(g);  g' = g
 * }</pre>
 *
 * @param initial the first step length, 0.01 by default
 * @param shrink below 1, 0.5 by default
 * @param grow above 1, 1.2 by default
 * @param least the shortest step, 1e-6 by default
 * @param most the longest step, 50 by default
 */
public record Rprop(double initial, double shrink, double grow, double least, double most) implements Recipe {
    public Rprop {
        Hyper.positive("rprop", "initial", initial);
        Hyper.decay("rprop", "shrink", shrink);
        if (!(grow > 1 && Double.isFinite(grow))) {
            throw Hyper.refusal("rprop", "grow", grow, "a finite number above 1");
        }
        Hyper.notNegative("rprop", "least", least);
        if (!(most >= least && Double.isFinite(most))) {
            throw Hyper.refusal("rprop", "most", most, "a finite number, " + least + " or more");
        }
    }

    /** With PyTorch's defaults. */
    public static Rprop of(double initial) {
        return new Rprop(initial, 0.5, 1.2, 1e-6, 50);
    }

    /** The same with other factors. */
    public Rprop withFactors(double shrinking, double growing) {
        return new Rprop(initial, shrinking, growing, least, most);
    }

    /** The same with other bounds of the steps. */
    public Rprop withBounds(double shortest, double longest) {
        return new Rprop(initial, shrink, grow, shortest, longest);
    }

    @Override
    public Chain chain() {
        PerParameter steps = spec -> new Moving(this, Averages.zeros(spec),
                Variable.buffer(Tensor.full(spec.shape(), spec.dtype(), initial)));
        return Chain.of(steps);
    }

    private record Moving(Rprop form, Variable gradient, Variable length) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor same = update.mul(gradient.value());
            Tensor before = length.value();
            Tensor factor = same.gt(0).where(before.mul(form.grow), same.lt(0).where(before.mul(form.shrink), before));
            Tensor next = factor.clamp(form.least, form.most);
            Tensor used = same.lt(0).where(0, update);
            length.set(next);
            gradient.set(used);
            return used.sign().mul(next).neg();
        }
    }
}
