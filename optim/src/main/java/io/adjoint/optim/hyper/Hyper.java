package io.adjoint.optim.hyper;

import io.adjoint.autodiff.ShapeException;

/** Refuses hyperparameters that are out of range; infinities and NaN always are. */
public final class Hyper {
    private Hyper() {}

    /** Any number. */
    public static double finite(String operation, String name, double value) {
        return require(operation, name, value, Double.isFinite(value), "a finite number");
    }

    /** 0 or more. */
    public static double notNegative(String operation, String name, double value) {
        return require(operation, name, value, value >= 0 && Double.isFinite(value), "a finite number, 0 or more");
    }

    /** Above 0. */
    public static double positive(String operation, String name, double value) {
        return require(operation, name, value, value > 0 && Double.isFinite(value), "a finite number above 0");
    }

    /** What an average keeps of the past: from 0 to below 1. */
    public static double decay(String operation, String name, double value) {
        return require(operation, name, value, value >= 0 && value < 1, "0 or more and below 1");
    }

    /** From 0 to 1. */
    public static double share(String operation, String name, double value) {
        return require(operation, name, value, value >= 0 && value <= 1, "0 to 1");
    }

    /** A number of steps or things, at least so many. */
    public static long count(String operation, String name, long value, long least) {
        if (value < least) {
            throw refusal(operation, name, value, least + " or more");
        }
        return value;
    }

    /** What is said of a hyperparameter that is out of range. */
    public static ShapeException refusal(String operation, String name, Object value, String expected) {
        return ShapeException.of(operation, "a hyperparameter is out of range").operand(name, value).expected(expected);
    }

    private static double require(String operation, String name, double value, boolean holds, String expected) {
        if (!holds) {
            throw refusal(operation, name, value, expected);
        }
        return value;
    }
}
