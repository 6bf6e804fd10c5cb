package io.adjoint.optim.samples;

import io.adjoint.optim.Transformation;

/**
 * A transformation that makes a training by itself.
 *
 * @param type what it is a sample of
 * @param name tells samples of one type apart
 * @param maker makes it
 * @param bowl the rate with which it finds the lowest point of a bowl
 * @param valley the rate with which it goes down a bent valley
 * @param finds what it finds
 */
public record OptimizerSample(Class<? extends Transformation> type, String name, Maker maker, double bowl,
        double valley, Finds finds) {
    /** Makes a transformation whose rate goes from a first one to 0. */
    @FunctionalInterface
    public interface Maker {
        Transformation make(double rate, long steps);
    }

    /** What an optimizer finds. */
    public enum Finds {
        /** The lowest point. */
        LOWEST,
        /** Some point: noise, a constraint or frozen parameters keep it away from the lowest. */
        SOME
    }

    /** With rates that fit most problems of some steps. */
    public Transformation make() {
        return maker.make(bowl, 100);
    }

    @Override
    public String toString() {
        return type.getSimpleName() + (name.isEmpty() ? "" : " " + name);
    }
}
