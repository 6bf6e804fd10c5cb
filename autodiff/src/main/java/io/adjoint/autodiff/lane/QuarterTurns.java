package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.i32;

import io.adjoint.autodiff.DType;

/**
 * An angle as {@code count pi/2 + rest} with {@code |rest| <= pi/4} and a little: the count, an I32 of which the two
 * lowest bits matter, and the rest in F32.
 */
record QuarterTurns(Lane count, Lane rest) {
    private static final float HUGE = 0x1p15f;

    /** 2/pi as a binary fraction behind ten zeros: the window of a number in [2^15, 2^16) starts at the first bit. */
    private static final int[] TWO_OVER_PI = {
        0x0028be60, 0xdb939105, 0x4a7f09d5, 0xf47d4d37, 0x7036d8a5, 0x664f10e4, 0x107f9458
    };

    /** Of an angle that is not negative; NaN for infinity. */
    static QuarterTurns of(Lane x) {
        QuarterTurns moderate = ofModerate(x);
        QuarterTurns huge = ofHuge(x);
        Lane isHuge = f32(HUGE).le(x).and(x.lt(Float.POSITIVE_INFINITY));
        return new QuarterTurns(
                isHuge.select(huge.count, moderate.count), isHuge.select(huge.rest, moderate.rest));
    }

    /**
     * Subtracts count times pi/2 in three parts (Cody and Waite). The first difference is exact: it is a multiple of
     * 2^-24 below one.
     */
    private static QuarterTurns ofModerate(Lane x) {
        Lane shifted = FloatExp.shifted(x, 0.63661975f, 0);
        Lane n = FloatExp.unshifted(shifted, 0);
        Lane rest = n.fma(f32(-1.5707964f), x);
        rest = n.fma(f32(4.371139e-08f), rest);
        rest = n.fma(f32(1.7151245e-15f), rest);
        return new QuarterTurns(shifted.bits(DType.I32), rest);
    }

    /**
     * Multiplies the significand by those bits of 2/pi that decide the product modulo 4 (Payne and Hanek): 96 of them,
     * since a float can come as close as 2^-30 to a multiple of pi/2. The words are unsigned.
     */
    private static QuarterTurns ofHuge(Lane x) {
        Lane bits = x.bits(DType.I32);
        Lane position = bits.ushr(23).sub(i32(127 + 15));
        Lane significand = bits.and(i32(0x007fffff)).or(i32(0x00800000));
        Lane first = word(position, 0);
        Lane second = word(position, 1);
        Lane third = word(position, 2);
        Lane fourth = word(position, 3);
        Lane high = join(first, second, position);
        Lane middle = join(second, third, position);
        Lane low = join(third, fourth, position);

        // A column of the product by bytes: carry below 2^24 plus 24 times 8 bits stays below 2^32.
        Lane carry = significand.mul(byteOf(low, 2)).ushr(8);
        carry = carry.add(significand.mul(byteOf(low, 3))).ushr(8);
        Lane fraction = significand.mul(middle).add(carry);
        for (int i = 0; i < 4; i++) {
            carry = carry.add(significand.mul(byteOf(middle, i))).ushr(8);
        }
        Lane turns = significand.mul(high).add(carry);

        // Two bits count quarter turns, rounded by the third; the others are a signed fraction of one. Its first 24 bits
        // are a float of their own, so that only the last addition rounds by more than a trifle.
        Lane count = turns.add(i32(1 << 29)).ushr(30);
        Lane leading = turns.shl(2).shr(1).or(fraction.ushr(31));
        Lane exact = leading.add(i32(0x40)).and(i32(~0x7f));
        Lane trailing = fraction.shl(1).ushr(8).convert(DType.F32);
        Lane more = trailing.fma(f32(0x1p-24), leading.sub(exact).convert(DType.F32));
        Lane most = exact.convert(DType.F32);
        Lane unit = f32(1.5707964f * 0x1p-31);
        Lane unitRest = f32(-4.371139e-08f * 0x1p-31);
        return new QuarterTurns(count, most.fma(unit, most.fma(unitRest, more.mul(unit))));
    }

    /** Word {@code offset} of those that begin with the one in which bit {@code position} lies. */
    private static Lane word(Lane position, int offset) {
        Lane word = i32(TWO_OVER_PI[offset + 3]);
        for (int i = 2; i >= 0; i--) {
            word = position.lt(i32(32 * (i + 1))).select(i32(TWO_OVER_PI[offset + i]), word);
        }
        return word;
    }

    /** 32 bits from {@code position} modulo 32 on; the shift by one serves position 0, as counts are modulo 32. */
    private static Lane join(Lane word, Lane next, Lane position) {
        return shiftLeft(word, position).or(shiftRight(next.ushr(1), position.not()));
    }

    private static Lane shiftLeft(Lane x, Lane count) {
        return new Lane.Binary(Lane.BinaryOp.SHL, x, count);
    }

    private static Lane shiftRight(Lane x, Lane count) {
        return new Lane.Binary(Lane.BinaryOp.USHR, x, count);
    }

    private static Lane byteOf(Lane word, int index) {
        return word.ushr(8 * index).and(i32(0xff));
    }
}
