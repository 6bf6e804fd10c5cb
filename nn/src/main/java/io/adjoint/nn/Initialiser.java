package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * How a parameter gets its first value: a function of shape, dtype and random key, and of nothing else.
 *
 * <p>The scaled ones keep the variance of signals from layer to layer. For a weight {@code [out, in, ...]}, where the
 * further axes are those of a convolution's kernel with k places, {@code fanIn = in k} and {@code fanOut = out k}:
 *
 * <table>
 * <caption>Variance of the elements</caption>
 * <tr><td>Xavier (Glorot, Bengio 2010)</td><td>{@code gain^2 * 2 / (fanIn + fanOut)}</td></tr>
 * <tr><td>He (He, Zhang, Ren, Sun 2015), for ReLU</td><td>{@code 2 / fanIn}</td></tr>
 * <tr><td>the same with a gain</td><td>{@code gain^2 / fanIn} or {@code gain^2 / fanOut}</td></tr>
 * <tr><td>LeCun (LeCun, Bottou, Orr, Mueller 1998), for SELU</td><td>{@code 1 / fanIn}</td></tr>
 * </table>
 *
 * A uniform one of variance v draws from {@code +-sqrt(3 v)}, a normal one with mean 0. They refuse shapes of fewer than
 * two axes. {@link Gains} are the gains that suit an activation.
 */
@FunctionalInterface
public interface Initialiser {
    /** Draws a first value; F32 or F64. */
    Tensor draw(Shape shape, DType dtype, Rng rng);

    /** One value everywhere. */
    static Initialiser constant(double value) {
        return (shape, dtype, rng) -> Tensor.full(shape, dtype, value);
    }

    /** Zeros. */
    static Initialiser zeros() {
        return constant(0);
    }

    /** Ones. */
    static Initialiser ones() {
        return constant(1);
    }

    /** Uniform in {@code [-bound, bound)}. */
    static Initialiser uniform(double bound) {
        return (shape, dtype, rng) -> rng.uniform(shape, dtype).mul(2 * bound).sub(bound);
    }

    /** Uniform in {@code [from, to)}. */
    static Initialiser uniform(double from, double to) {
        return (shape, dtype, rng) -> rng.uniform(shape, dtype).mul(to - from).add(from);
    }

    /** Normal with mean 0. */
    static Initialiser normal(double deviation) {
        return (shape, dtype, rng) -> rng.normal(shape, dtype).mul(deviation);
    }

    /** Normal. */
    static Initialiser normal(double mean, double deviation) {
        return (shape, dtype, rng) -> rng.normal(shape, dtype).mul(deviation).add(mean);
    }

    /** Normal with mean 0 within two deviations. */
    static Initialiser truncatedNormal(double deviation) {
        return truncatedNormal(0, deviation, -2 * deviation, 2 * deviation);
    }

    /**
     * Normal, but only what lies in {@code [from, to]}; mean and deviation are those before the rest is cut off.
     *
     * @throws ShapeException if the deviation is not above 0, or from is not below to
     */
    static Initialiser truncatedNormal(double mean, double deviation, double from, double to) {
        if (!(deviation > 0 && from < to)) {
            throw ShapeException.of("initialiser", "not a part of a normal distribution")
                    .operand("deviation", deviation).operand("from", from).operand("to", to)
                    .expected("a deviation above 0 and from < to");
        }
        return (shape, dtype, rng) -> Structured.truncatedNormal(mean, deviation, from, to, shape, dtype, rng);
    }

    /** Xavier, uniform, with gain 1. */
    static Initialiser xavierUniform() {
        return xavierUniform(1);
    }

    /** Xavier, uniform; the gain depends on the activation that follows, for tanh it is 5/3. */
    static Initialiser xavierUniform(double gain) {
        return (shape, dtype, rng) -> uniform(Math.sqrt(3 * Fan.of(shape).xavier(gain))).draw(shape, dtype, rng);
    }

    /** Xavier, normal, with gain 1. */
    static Initialiser xavierNormal() {
        return xavierNormal(1);
    }

    /** Xavier, normal; the gain depends on the activation that follows, for tanh it is 5/3. */
    static Initialiser xavierNormal(double gain) {
        return (shape, dtype, rng) -> normal(Math.sqrt(Fan.of(shape).xavier(gain))).draw(shape, dtype, rng);
    }

    /** He, uniform. */
    static Initialiser heUniform() {
        return heUniform(FanMode.IN, Gains.RELU);
    }

    /** He, uniform, for another activation or for the variance of gradients. */
    static Initialiser heUniform(FanMode mode, double gain) {
        return (shape, dtype, rng) -> uniform(gain * Math.sqrt(3 / Fan.of(shape).by(mode))).draw(shape, dtype, rng);
    }

    /** He, normal. */
    static Initialiser heNormal() {
        return heNormal(FanMode.IN, Gains.RELU);
    }

    /** He, normal, for another activation or for the variance of gradients. */
    static Initialiser heNormal(FanMode mode, double gain) {
        return (shape, dtype, rng) -> normal(gain / Math.sqrt(Fan.of(shape).by(mode))).draw(shape, dtype, rng);
    }

    /** LeCun, uniform. */
    static Initialiser lecunUniform() {
        return (shape, dtype, rng) -> uniform(Math.sqrt(3 / Fan.of(shape).in())).draw(shape, dtype, rng);
    }

    /** LeCun, normal. */
    static Initialiser lecunNormal() {
        return (shape, dtype, rng) -> normal(Math.sqrt(1 / Fan.of(shape).in())).draw(shape, dtype, rng);
    }

    /** An orthogonal matrix, with gain 1. */
    static Initialiser orthogonal() {
        return orthogonal(1);
    }

    /**
     * The weight as a matrix {@code [out, the rest]} with rows, or if there are more of them, columns, that are orthogonal to
     * each other and of norm {@code gain}; all such matrices are equally likely (Saxe, McClelland, Ganguli 2013).
     */
    static Initialiser orthogonal(double gain) {
        return (shape, dtype, rng) -> Structured.orthogonal(gain, shape, dtype, rng);
    }

    /** Ones where row and column are the same, else zeros: a matrix that keeps as many features as it can. */
    static Initialiser identity() {
        return (shape, dtype, _) -> Structured.identity(shape, dtype);
    }

    /** A {@link #dirac(int)} of one group. */
    static Initialiser dirac() {
        return dirac(1);
    }

    /**
     * The weight {@code [out, in / groups, ...]} of a convolution in one to three dimensions that hands on as many channels of
     * each group as it can, where its padding keeps the extents.
     *
     * @throws ShapeException if the number of groups is not above 0
     */
    static Initialiser dirac(int groups) {
        if (groups < 1) {
            throw ShapeException.of("initialiser", "no groups").operand("groups", groups).expected("1 or more");
        }
        return (shape, dtype, _) -> Structured.dirac(groups, shape, dtype);
    }

    /**
     * A matrix of which in each column the same share of elements, rounded up, is 0, and the others are normal with mean 0
     * (Martens 2010).
     *
     * @throws ShapeException if the share is not in [0, 1]
     */
    static Initialiser sparse(double share, double deviation) {
        if (!(share >= 0 && share <= 1)) {
            throw ShapeException.of("initialiser", "not a share").operand("share", share).expected("0 to 1");
        }
        return (shape, dtype, rng) -> Structured.sparse(share, deviation, shape, dtype, rng);
    }

    /** Which variance an initialiser keeps. */
    enum FanMode {
        /** That of the signals that go forward: by the connections into a unit. */
        IN,
        /** That of the gradients that go back: by the connections out of a unit. */
        OUT
    }

    /** Connections into and out of one unit. */
    record Fan(double in, double out) {
        /**
         * The fans of a weight {@code [out, in, ...]}.
         *
         * @throws ShapeException if there are fewer than two axes
         */
        public static Fan of(Shape shape) {
            if (shape.rank() < 2) {
                throw ShapeException.of("initialiser", "no fan-in and fan-out").operand("shape", shape)
                        .expected("a weight [out, in, ...]");
            }
            double places = 1;
            for (int axis = 2; axis < shape.rank(); axis++) {
                places *= shape.dim(axis);
            }
            return new Fan(shape.dim(1) * places, shape.dim(0) * places);
        }

        /** One of both. */
        public double by(FanMode mode) {
            return switch (mode) {
                case IN -> in;
                case OUT -> out;
            };
        }

        private double xavier(double gain) {
            return gain * gain * 2 / (in + out);
        }
    }
}
