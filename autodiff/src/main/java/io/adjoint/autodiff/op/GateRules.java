package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;

/** The gradient rules of functions {@code x gate(x)}. */
final class GateRules {
    private static final double LINEAR = Math.sqrt(8 / Math.PI);
    private static final double CUBIC = 0.044715 * LINEAR;

    private GateRules() {}

    /** The derivative of {@code x ndtr(x)}, an operation of its own: it shares one exponential, and is half as many steps as its parts. */
    static Tensor gelu(Gradient.Context v) {
        return v.cotangent().mul(Unary.GELU_SLOPE.of(v.input(0)));
    }

    /** The second derivative of {@code x ndtr(x)}, without the square of x by itself: where that overflows the density is 0. */
    static Tensor geluSlope(Gradient.Context v) {
        Tensor x = v.input(0);
        Tensor density = density(x);
        return v.cotangent().mul(density.mul(2).sub(density.mul(x).mul(x)));
    }

    /** The density of the normal distribution. */
    static Tensor density(Tensor x) {
        return x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
    }

    /** The derivative of {@code x s} with {@code s = sigmoid(x)}. */
    static Tensor silu(Gradient.Context v) {
        Tensor x = v.input(0);
        Tensor s = x.sigmoid();
        return v.cotangent().mul(s.mul(x.mul(s.rsub(1)).add(1)));
    }

    /** The derivative of {@code x s} with {@code s = sigmoid(x (a + b x^2))}. */
    static Tensor geluTanh(Gradient.Context v) {
        Tensor x = v.input(0);
        Tensor square = x.square();
        Tensor s = x.mul(square.mul(CUBIC).add(LINEAR)).sigmoid();
        Tensor slope = s.mul(s.rsub(1)).mul(square.mul(3 * CUBIC).add(LINEAR));
        return v.cotangent().mul(s.add(x.mul(slope)));
    }

    /** The derivative of {@code x t} with {@code t = tanh(softplus(x))}. */
    static Tensor mish(Gradient.Context v) {
        Tensor x = v.input(0);
        Tensor t = x.softplus().tanh();
        return v.cotangent().mul(t.add(x.mul(x.sigmoid()).mul(t.square().rsub(1))));
    }
}
