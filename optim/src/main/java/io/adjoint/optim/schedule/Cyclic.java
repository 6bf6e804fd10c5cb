package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Up and down again and again between two values, as {@code CyclicLR} (Smith 2017). A momentum is cycled against the rate by
 * a schedule whose base is its greater value: {@code Cyclic.of(0.9, 0.8, 2000)}.
 *
 * @param base the value that each cycle begins with
 * @param peak the value in the middle
 * @param up steps from base to peak, 1 or more
 * @param down steps back, 1 or more
 * @param shape what becomes of the height of later cycles
 */
public record Cyclic(double base, double peak, long up, long down, Shape shape) implements Schedule {
    public Cyclic {
        Hyper.finite("cyclic", "base", base);
        Hyper.finite("cyclic", "peak", peak);
        Hyper.count("cyclic", "up", up, 1);
        Hyper.count("cyclic", "down", down, 1);
    }

    /** Cycles of equal height, as long up as down. */
    public static Cyclic of(double base, double peak, long half) {
        return new Cyclic(base, peak, half, half, Shape.same());
    }

    @Override
    public Tensor at(Tensor step) {
        double total = (double) up + down;
        double share = up / total;
        Tensor cycles = step.div(total).floor();
        Tensor x = step.div(total).sub(cycles);
        Tensor height = x.le(share).where(x.div(share), x.sub(1).div(share - 1));
        return height.mul(shape.scale(cycles, step)).mul(peak - base).add(base);
    }

    /** What the height is multiplied by, a function of the number of completed cycles and of the step. */
    @FunctionalInterface
    public interface Shape {
        /** The factor, an F64 scalar. */
        Tensor scale(Tensor cycles, Tensor step);

        /** All cycles are equal, as {@code triangular}. */
        static Shape same() {
            return (cycles, _) -> cycles.mul(0).add(1);
        }

        /** Each is half as high as the one before, as {@code triangular2}. */
        static Shape halved() {
            return (cycles, _) -> cycles.rpow(0.5);
        }

        /** {@code gamma^step}, as {@code exp_range}. */
        static Shape exponential(double gamma) {
            Hyper.notNegative("cyclic", "gamma", gamma);
            return (_, step) -> step.rpow(gamma);
        }
    }
}
