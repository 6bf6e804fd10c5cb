package io.adjoint.nn.probability;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The usual invertible functions of each element. */
public final class Bijectors {
    private static final Optional<Tensor> RISING = Optional.of(Tensor.scalar(1f));

    private Bijectors() {}

    /** {@code y = location + scale x}; the scale is not 0. */
    public static Bijector affine(Tensor location, Tensor scale) {
        return new Affine(location, scale);
    }

    /** {@code y = e^x}, above 0. */
    public static Bijector exp() {
        return Elementary.EXP;
    }

    /** {@code y = 1 / (1 + e^-x)}, in (0, 1). */
    public static Bijector sigmoid() {
        return Elementary.SIGMOID;
    }

    /** {@code y = tanh x}, in (-1, 1). */
    public static Bijector tanh() {
        return Elementary.TANH;
    }

    /** {@code y = ln(1 + e^x)}, above 0. */
    public static Bijector softplus() {
        return Elementary.SOFTPLUS;
    }

    /** {@code y = x^exponent} of numbers above 0; the exponent is not 0. */
    public static Bijector power(double exponent) {
        if (exponent == 0 || !Double.isFinite(exponent)) {
            throw ShapeException.of("power", "no invertible power").operand("exponent", exponent)
                    .expected("a finite number other than 0");
        }
        return new Power(exponent);
    }

    private record Affine(Tensor location, Tensor scale) implements Bijector {
        @Override
        public Tensor forward(Tensor x) {
            return location.add(scale.mul(x));
        }

        @Override
        public Tensor inverse(Tensor y) {
            return y.sub(location).div(scale);
        }

        @Override
        public Tensor logDeterminant(Tensor x, Tensor y) {
            return scale.abs().log().add(x.mul(0));
        }

        @Override
        public Optional<Tensor> slope() {
            return Optional.of(scale.detached().sign());
        }
    }

    private record Power(double exponent) implements Bijector {
        @Override
        public Tensor forward(Tensor x) {
            return x.pow(exponent);
        }

        @Override
        public Tensor inverse(Tensor y) {
            return y.pow(1 / exponent);
        }

        @Override
        public Tensor logDeterminant(Tensor x, Tensor y) {
            return x.log().mul(exponent - 1).add(Math.log(Math.abs(exponent)));
        }

        @Override
        public Tensor isOutside(Tensor y) {
            return y.le(0);
        }

        @Override
        public Tensor nearest(Tensor y) {
            return y.clampMin(0);
        }

        @Override
        public Optional<Tensor> slope() {
            return Optional.of(Tensor.scalar((float) Math.signum(exponent)));
        }
    }

    /** Rising functions without parameters. */
    private enum Elementary implements Bijector {
        EXP(Tensor::exp, Tensor::log, x -> x, 0, Double.POSITIVE_INFINITY),
        SIGMOID(Tensor::sigmoid, Tensor::logit, x -> x.logSigmoid().add(x.neg().logSigmoid()), 0, 1),
        // 1 - tanh^2 x = 4 / (e^x + e^-x)^2
        TANH(Tensor::tanh, Tensor::atanh,
                x -> x.add(x.mul(-2).softplus()).sub(Math.log(2)).mul(-2), -1, 1),
        // ln(e^y - 1) = y + ln(1 - e^-y)
        SOFTPLUS(Tensor::softplus, y -> y.add(y.neg().expm1().neg().log()), Tensor::logSigmoid, 0,
                Double.POSITIVE_INFINITY);

        private final UnaryOperator<Tensor> function;
        private final UnaryOperator<Tensor> inverse;
        private final UnaryOperator<Tensor> logSlope;
        private final double low;
        private final double high;

        Elementary(UnaryOperator<Tensor> function, UnaryOperator<Tensor> inverse, UnaryOperator<Tensor> logSlope,
                double low, double high) {
            this.function = function;
            this.inverse = inverse;
            this.logSlope = logSlope;
            this.low = low;
            this.high = high;
        }

        @Override
        public Tensor forward(Tensor x) {
            return function.apply(x);
        }

        @Override
        public Tensor inverse(Tensor y) {
            return inverse.apply(y);
        }

        @Override
        public Tensor logDeterminant(Tensor x, Tensor y) {
            return logSlope.apply(x);
        }

        @Override
        public Tensor isOutside(Tensor y) {
            return y.le(low).or(y.ge(high));
        }

        @Override
        public Tensor nearest(Tensor y) {
            return y.clamp(low, high);
        }

        @Override
        public Optional<Tensor> slope() {
            return RISING;
        }
    }
}
