package io.adjoint.optim.schedule;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Multiplies the rate by a factor once a metric has not become better for a while, as {@code ReduceLROnPlateau}. The metric is
 * known to the host only: {@link #observe} reads it after each epoch and writes the rate into a buffer, which the steps read.
 *
 * {@snippet :
 * Plateau rate = Plateau.of(0.1, Plateau.Options.DEFAULT.withPatience(3));
 * Optimizer optimizer = Sgd.of(rate).over(model);
 * ...
 * rate.observe(validationLoss);
 * }
 *
 * <p>What it remembers is saved with the optimizer. A metric that is NaN is no better than any.
 */
public final class Plateau implements Schedule {
    private final Options options;
    private final Variable rate;
    private final Variable best;
    private final Variable idle = number(0);
    private final Variable cooling = number(0);

    private Plateau(double initial, Options options) {
        this.options = options;
        this.rate = number(Hyper.notNegative("plateau", "initial", initial));
        this.best = number(options.goal == Goal.LOW ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }

    /** From an initial rate on. */
    public static Plateau of(double initial, Options options) {
        return new Plateau(initial, options);
    }

    /** From an initial rate on, with PyTorch's defaults. */
    public static Plateau of(double initial) {
        return of(initial, Options.DEFAULT);
    }

    private static Variable number(double value) {
        return Variable.buffer(Tensor.scalar(value, DType.F64));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("rate", rate);
        parts.put("best", best);
        parts.put("idle", idle);
        parts.put("cooling", cooling);
        return Collections.unmodifiableSequencedMap(parts);
    }

    @Override
    public Tensor at(Tensor step) {
        return rate.value();
    }

    /** Takes in the metric of one more epoch; on the host, between steps. */
    public void observe(double metric) {
        double bad = idle.value().item() + 1;
        if (isBetter(metric, best.value().item())) {
            set(best, metric);
            bad = 0;
        }
        double cool = cooling.value().item();
        if (cool > 0) {
            cool--;
            bad = 0;
        }
        if (bad > options.patience) {
            reduce();
            cool = options.cooldown;
            bad = 0;
        }
        set(cooling, cool);
        set(idle, bad);
    }

    private void reduce() {
        double before = rate.value().item();
        double after = Math.max(before * options.factor, options.least);
        if (before - after > LEAST_CHANGE) {
            set(rate, after);
        }
    }

    private boolean isBetter(double metric, double than) {
        double margin = options.threshold;
        return switch (options.measure) {
            case RELATIVE -> options.goal == Goal.LOW ? metric < than * (1 - margin) : metric > than * (1 + margin);
            case ABSOLUTE -> options.goal == Goal.LOW ? metric < than - margin : metric > than + margin;
        };
    }

    private static void set(Variable variable, double value) {
        variable.set(Tensor.scalar(value, DType.F64));
    }

    /** PyTorch leaves rates alone that would change by no more. */
    private static final double LEAST_CHANGE = 1e-8;

    /** Which metrics are good. */
    public enum Goal {
        /** Losses. */
        LOW,
        /** Accuracies. */
        HIGH
    }

    /** How much better is better. */
    public enum Measure {
        /** By a share of the best. */
        RELATIVE,
        /** By a difference. */
        ABSOLUTE
    }

    /**
     * When to reduce the rate, and by how much.
     *
     * @param goal which metrics are good
     * @param factor by which the rate is multiplied, 0 or more and below 1
     * @param patience epochs without a better metric that are borne, 0 or more
     * @param threshold by how much a metric must be better than the best
     * @param measure what the threshold is a share of
     * @param cooldown epochs after a reduction in which none is counted, 0 or more
     * @param least the rate below which it does not go
     */
    public record Options(Goal goal, double factor, int patience, double threshold, Measure measure, int cooldown,
            double least) {
        /** Those of PyTorch: a tenth after more than 10 epochs whose loss was not lower by 0.01 %. */
        public static final Options DEFAULT = new Options(Goal.LOW, 0.1, 10, 1e-4, Measure.RELATIVE, 0, 0);

        public Options {
            Hyper.decay("plateau", "factor", factor);
            Hyper.count("plateau", "patience", patience, 0);
            Hyper.notNegative("plateau", "threshold", threshold);
            Hyper.count("plateau", "cooldown", cooldown, 0);
            Hyper.notNegative("plateau", "least", least);
        }

        /** The same with another goal. */
        public Options withGoal(Goal other) {
            return new Options(other, factor, patience, threshold, measure, cooldown, least);
        }

        /** The same with another factor. */
        public Options withFactor(double other) {
            return new Options(goal, other, patience, threshold, measure, cooldown, least);
        }

        /** The same with another patience. */
        public Options withPatience(int epochs) {
            return new Options(goal, factor, epochs, threshold, measure, cooldown, least);
        }

        /** The same with another threshold. */
        public Options withThreshold(double margin, Measure by) {
            return new Options(goal, factor, patience, margin, by, cooldown, least);
        }

        /** The same with another cooldown. */
        public Options withCooldown(int epochs) {
            return new Options(goal, factor, patience, threshold, measure, epochs, least);
        }

        /** The same with another least rate. */
        public Options withLeast(double rate) {
            return new Options(goal, factor, patience, threshold, measure, cooldown, rate);
        }
    }
}
