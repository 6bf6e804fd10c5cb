package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rounding;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;

/**
 * Arithmetic of uint64, whose upper half travels as negative I64. Sums, differences and products are those of I64; order,
 * quotients and conversions are here.
 */
final class Unsigned {
    private static final double TWO_TO_63 = 0x1p63;

    private Unsigned() {}

    private static Tensor upperBit() {
        return Tensor.of(new long[] {Long.MIN_VALUE}, Shape.scalar());
    }

    /** Elements whose order as their carrier is the order of their type; the same function leads back. */
    static Tensor ordered(ElementType type, Tensor x) {
        return type == ElementType.UINT64 ? x.add(upperBit()) : x;
    }

    /** The quotient without its fraction, of integers of any type. */
    static Tensor divide(ElementType type, Tensor left, Tensor right) {
        if (type != ElementType.UINT64) {
            return left.div(right, Rounding.TRUNC);
        }
        // half of the dividend is divided as a positive number, twice of that is right or one too small
        Tensor half = left.floorDivide(2);
        Tensor positive = left.lt(0).where(half.add(upperBit()), half);
        Tensor estimate = positive.div(right, Rounding.TRUNC).mul(2);
        Tensor rest = left.sub(estimate.mul(right));
        Tensor corrected = estimate.add(isAtLeast(rest, right).cast(DType.I64));
        // of a divisor from the upper half there is one in the dividend, or none
        return right.lt(0).where(isAtLeast(left, right).cast(DType.I64), corrected);
    }

    /** What is left of a division, of uint64. */
    static Tensor remainder(Tensor left, Tensor right) {
        return left.sub(divide(ElementType.UINT64, left, right).mul(right));
    }

    private static Tensor isAtLeast(Tensor left, Tensor right) {
        return left.add(upperBit()).ge(right.add(upperBit()));
    }

    /** As a float, rounded once. */
    static Tensor toFloat(Tensor x, DType dtype) {
        Tensor half = x.floorDivide(2).add(upperBit());
        // the bit that halving drops only tells a tie from what is more than a tie
        Tensor sticky = half.add(x.remainder(2).mul(half.remainder(2).rsub(1)));
        return x.lt(0).where(sticky.cast(dtype).mul(2), x.cast(dtype));
    }

    /** From a float, without its fraction. */
    static Tensor fromFloat(Tensor x) {
        return x.ge(TWO_TO_63).where(x.sub(TWO_TO_63).cast(DType.I64).add(upperBit()), x.cast(DType.I64));
    }
}
