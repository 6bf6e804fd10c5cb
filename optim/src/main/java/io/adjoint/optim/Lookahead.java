package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Slow weights that go a part of the way every few steps, and from which the fast ones then go on (Zhang, Lucas, Hinton, Ba
 * 2019):
 *
 * <pre>{@code
 * fast = fast + update of the base
 * after every k steps:  slow = slow + alpha (fast - slow),  fast = slow
 * }</pre>
 *
 * @param base makes the fast steps
 * @param every k, 5 by default
 * @param alpha share of the way, 0.5 by default
 */
public record Lookahead(Transformation base, int every, double alpha) implements Recipe {
    public Lookahead {
        Hyper.count("lookahead", "every", every, 1);
        Hyper.share("lookahead", "alpha", alpha);
    }

    /** With the paper's defaults. */
    public static Lookahead of(Transformation base) {
        return new Lookahead(base, 5, 0.5);
    }

    @Override
    public Chain chain() {
        PerParameter slow = spec -> new Moving(this, Averages.zeros(spec));
        return Chain.of(base, slow);
    }

    private record Moving(Lookahead form, Variable slow) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor before = step.eq(0).where(parameter, slow.value()); // it begins where the parameter does
            Tensor fast = parameter.add(update);
            Tensor turn = step.add(1).remainder(form.every).eq(0);
            Tensor after = turn.where(before.add(fast.sub(before).mul(form.alpha)), before);
            slow.set(after);
            return turn.where(after.sub(parameter), update);
        }
    }
}
