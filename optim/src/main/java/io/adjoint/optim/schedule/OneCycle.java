package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Up to a peak and down again, once, as {@code OneCycleLR} (Smith, Topin 2018). A momentum goes the other way:
 *
 * {@snippet :
 * Schedule rate = OneCycle.of(0.1, 1000);
 * Schedule momentum = new OneCycle(0.95, 0.85, 0.95, 1000);
 * }
 *
 * @param first the value of the first step
 * @param peak the value at the end of the rising part
 * @param last the value of the last step, which then stays
 * @param steps of all, 2 or more
 * @param rising share of the steps that goes up, above 0 and below 1, below 1/2 for three phases
 * @param anneal how the values are joined
 * @param phases whether the way down leads by the first value
 */
public record OneCycle(double first, double peak, double last, long steps, double rising, Anneal anneal, Phases phases)
        implements Schedule {
    /** How the value goes down. */
    public enum Phases {
        /** From the peak to the last value. */
        TWO,
        /** From the peak to the first value in as many steps as it went up, then to the last. */
        THREE
    }

    public OneCycle {
        Hyper.finite("one_cycle", "first", first);
        Hyper.finite("one_cycle", "peak", peak);
        Hyper.finite("one_cycle", "last", last);
        Hyper.count("one_cycle", "steps", steps, 2);
        double end = phases == Phases.TWO ? rising * steps - 1 : 2 * rising * steps - 2;
        if (!(rising * steps > 1 && end < steps - 1)) {
            throw Hyper.refusal("one_cycle", "rising", rising, "a share that leaves steps for each phase");
        }
    }

    /** By cosines in two phases, the first with 30 % of the steps. */
    public OneCycle(double first, double peak, double last, long steps) {
        this(first, peak, last, steps, 0.3, Anneal.COSINE, Phases.TWO);
    }

    /** The usual cycle of a rate: from a 25th of the peak, to a 10,000th of that. */
    public static OneCycle of(double peak, long steps) {
        return new OneCycle(peak / 25, peak, peak / 25 / 1e4, steps);
    }

    @Override
    public Tensor at(Tensor step) {
        double top = rising * steps - 1;
        double end = steps - 1;
        Tensor at = step.minimum(end);
        Tensor up = anneal.between(first, peak, at.div(top));
        return at.le(top).where(up, switch (phases) {
            case TWO -> anneal.between(peak, last, at.sub(top).div(end - top));
            case THREE -> {
                double back = 2 * rising * steps - 2;
                yield at.le(back).where(anneal.between(peak, first, at.sub(top).div(back - top)),
                        anneal.between(first, last, at.sub(back).div(end - back)));
            }
        });
    }
}
