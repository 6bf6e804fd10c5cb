package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Uniform;
import java.util.Arrays;

/**
 * Activation functions that are put together of pieces: the methods of a {@link Tensor} that cut, bend or shrink. What
 * derivative they have at a bend is said at each, and is PyTorch's choice. Functions that only cut or choose keep integers,
 * others take them as F32.
 */
public sealed interface RectifierMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code max(x, 0)}; derivative 1 above 0, else 0. */
    default Tensor relu() {
        return Unary.RELU.of(self());
    }

    /** {@code min(max(x, 0), 6)}; derivative 1 inside, 0 at the bounds and beyond. */
    default Tensor relu6() {
        return hardtanh(0, 6);
    }

    /** {@code min(max(x, -1), 1)}; derivative 1 inside, 0 at the bounds and beyond. */
    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /**
     * {@code min(max(x, low), high)}; derivative 1 inside, 0 at the bounds and beyond, unlike clamp's.
     *
     * @throws ShapeException if low is greater than high
     */
    default Tensor hardtanh(double low, double high) {
        if (low > high) {
            throw ShapeException.of("hardtanh", "the bounds are crossed").operand("low", low).operand("high", high)
                    .expected("low at most high");
        }
        return self().le(low).where(low, self().ge(high).where(high, self()));
    }

    /** {@code min(max(x + 3, 0), 6) / 6}; derivative 1/6 inside, 0 at -3, at 3 and beyond. */
    default Tensor hardsigmoid() {
        return self().floating().hardtanh(-3, 3).add(3).div(6);
    }

    /** {@code x min(max(x + 3, 0), 6) / 6}, NaN at minus infinity; derivative {@code (2x + 3) / 6} from -3 to 3, both included, 0 below, 1 above. */
    default Tensor hardswish() {
        Tensor x = self().floating();
        Tensor inside = x.clamp(-3, 3);
        Tensor curve = inside.mul(inside.add(3)).div(6);
        return x.lt(-3).where(x.mul(0), x.gt(3).where(x, curve));
    }

    /** {@code x < -lambda or x > lambda ? x : 0}; derivative 1 there, else 0. NaN gives 0. */
    default Tensor hardshrink(double lambda) {
        return self().lt(-lambda).or(self().gt(lambda)).where(self(), 0);
    }

    /**
     * {@code x > lambda ? x - lambda : x < -lambda ? x + lambda : 0}; derivative 1, 0 from bound to bound. NaN gives 0.
     *
     * @throws ShapeException if lambda is negative or NaN
     */
    default Tensor softshrink(double lambda) {
        if (!(lambda >= 0)) {
            throw ShapeException.of("softshrink", "not a width").operand("lambda", lambda).expected("0 or more");
        }
        return self().gt(lambda).where(self().sub(lambda), self().lt(-lambda).where(self().add(lambda), 0));
    }

    /** {@code x > threshold ? x : value}; derivative 1 above the threshold, else 0. NaN stays. */
    default Tensor threshold(double threshold, double value) {
        return self().le(threshold).where(value, self());
    }

    /** {@code x > 0 ? x : slope x}; derivative 1 above 0, else the slope. */
    default Tensor leakyRelu(double slope) {
        return self().gt(0).where(self(), self().mul(slope));
    }

    /**
     * {@code x > 0 ? x : weight x}; derivative 1 above 0, else the weight, and x there by the weight.
     *
     * @param weight one element, or one for each channel, which is axis 1
     * @throws ShapeException if the number of weights is another
     */
    default Tensor prelu(Tensor weight) {
        Tensor x = self();
        Tensor below = x.gt(0).where(0, x); // what is above must not meet the weight: infinity times 0 is NaN
        return x.gt(0).where(x, below.mul(channels(weight)));
    }

    private Tensor channels(Tensor weight) {
        if (weight.size() == 1) {
            return weight.reshape(Shape.scalar());
        }
        if (weight.rank() != 1 || rank() < 2 || weight.size() != dim(1)) {
            throw ShapeException.of("prelu", "the number of weights differs from that of the channels")
                    .operand("input", spec()).operand("weight", weight.spec())
                    .expected("one, or one for each index of axis 1");
        }
        int[] dims = new int[rank() - 1];
        Arrays.fill(dims, 1);
        dims[0] = weight.size();
        return weight.reshape(dims);
    }

    /**
     * {@code x > 0 ? x : (lower + upper) / 2 x}, the randomized leaky relu when it does not train; derivative 1 above 0, else
     * the mean slope.
     *
     * @throws ShapeException if lower is greater than upper
     */
    default Tensor rrelu(double lower, double upper) {
        requireSlopes(lower, upper);
        return leakyRelu((lower + upper) / 2);
    }

    /**
     * {@code x > 0 ? x : r x} with a slope r for each element, spread evenly over [lower, upper): the randomized leaky relu
     * in training; derivative 1 above 0, else r.
     *
     * @throws ShapeException if lower is greater than upper
     */
    default Tensor rrelu(Rng rng, double lower, double upper) {
        return rrelu(rng.key(), lower, upper);
    }

    /**
     * As {@link #rrelu(Rng, double, double)}, with the key in a tensor, where a layer keeps it.
     *
     * @param key I64 {@code [seed, stream]}
     */
    default Tensor rrelu(Tensor key, double lower, double upper) {
        requireSlopes(lower, upper);
        Tensor x = self().floating();
        Tensor slope = new Uniform(x.shape(), x.dtype()).apply(key).mul(upper - lower).add(lower);
        return x.gt(0).where(x, x.gt(0).where(0, x).mul(slope));
    }

    private static void requireSlopes(double lower, double upper) {
        if (lower > upper) {
            throw ShapeException.of("rrelu", "the bounds are crossed").operand("lower", lower).operand("upper", upper)
                    .expected("lower at most upper");
        }
    }

    /** {@code x > 0 ? x : e^x - 1}; derivative 1 above 0, else {@code e^x}. */
    default Tensor elu() {
        return elu(1);
    }

    /** {@code x > 0 ? x : alpha (e^x - 1)}; derivative 1 above 0, else {@code alpha e^x}. */
    default Tensor elu(double alpha) {
        return exponentialBelow(alpha, 1);
    }

    /**
     * {@code x > 0 ? x : alpha (e^(x / alpha) - 1)}; derivative 1 above 0, else {@code e^(x / alpha)}.
     *
     * @throws ShapeException if alpha is 0
     */
    default Tensor celu(double alpha) {
        if (alpha == 0) {
            throw ShapeException.of("celu", "nothing to divide by").operand("alpha", alpha).expected("another than 0");
        }
        return exponentialBelow(alpha, alpha);
    }

    /** {@code 1.0507... elu(x)} with alpha 1.6733..., which keeps mean 0 and variance 1 (Klambauer et al., 2017); derivative that of elu, scaled. */
    default Tensor selu() {
        double alpha = 1.6732632423543772848170429916717;
        double scale = 1.0507009873554804934193349852946;
        Tensor x = self().floating();
        return x.gt(0).where(x.mul(scale), below(x).expm1().mul(scale * alpha));
    }

    /** {@code scale (e^(x / width) - 1)} up to 0; where the exponential grows, it would make much of the quotient's rounding. */
    private Tensor exponentialBelow(double scale, double width) {
        Tensor x = self().floating();
        Tensor below = width < 0 ? below(x).cast(DType.F64) : below(x);
        return x.gt(0).where(x, below.div(width).expm1().mul(scale).cast(x.dtype()));
    }

    /** What is above 0 is hidden from the exponential, lest it overflow. */
    private static Tensor below(Tensor x) {
        return x.gt(0).where(0, x);
    }
}
