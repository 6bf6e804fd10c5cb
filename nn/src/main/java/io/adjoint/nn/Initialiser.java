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
 * <tr><td>LeCun (LeCun, Bottou, Orr, Mueller 1998), for SELU</td><td>{@code 1 / fanIn}</td></tr>
 * </table>
 *
 * A uniform one of variance v draws from {@code +-sqrt(3 v)}, a normal one with mean 0. They refuse shapes of fewer than
 * two axes.
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

    /** Uniform in {@code [-bound, bound)}. */
    static Initialiser uniform(double bound) {
        return (shape, dtype, rng) -> rng.uniform(shape, dtype).mul(2 * bound).sub(bound);
    }

    /** Normal with mean 0. */
    static Initialiser normal(double deviation) {
        return (shape, dtype, rng) -> rng.normal(shape, dtype).mul(deviation);
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
        return (shape, dtype, rng) -> uniform(Math.sqrt(3 * 2 / Fan.of(shape).in())).draw(shape, dtype, rng);
    }

    /** He, normal. */
    static Initialiser heNormal() {
        return (shape, dtype, rng) -> normal(Math.sqrt(2 / Fan.of(shape).in())).draw(shape, dtype, rng);
    }

    /** LeCun, uniform. */
    static Initialiser lecunUniform() {
        return (shape, dtype, rng) -> uniform(Math.sqrt(3 / Fan.of(shape).in())).draw(shape, dtype, rng);
    }

    /** LeCun, normal. */
    static Initialiser lecunNormal() {
        return (shape, dtype, rng) -> normal(Math.sqrt(1 / Fan.of(shape).in())).draw(shape, dtype, rng);
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

        private double xavier(double gain) {
            return gain * gain * 2 / (in + out);
        }
    }
}
