package io.adjoint.optim.metric;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * A sum without rounding, as numbers that do not overlap (J. R. Shewchuk, "Adaptive precision floating-point arithmetic", 1997):
 * whatever the order in which numbers come, and in how many parts they are summed.
 */
final class ExactSum {
    private double[] parts = new double[4];
    private int count;
    /** The sum of infinities and NaNs, 0 if there was none. */
    private double special;

    void add(double number) {
        double x = number;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            double y = parts[i];
            double high = x + y;
            // what the addition rounded off (Knuth's two-sum)
            double part = high - x;
            double low = (x - (high - part)) + (y - part);
            if (low != 0 && Double.isFinite(high)) {
                parts[kept++] = low;
            }
            x = high;
        }
        count = kept;
        if (!Double.isFinite(x)) {
            special += x;
            return;
        }
        if (count == parts.length) {
            parts = Arrays.copyOf(parts, 2 * count);
        }
        parts[count++] = x;
    }

    /** Adds the square without rounding, unless it is below the least normal number. */
    void addSquare(double number) {
        double square = number * number;
        add(square);
        if (Double.isFinite(square)) {
            add(Math.fma(number, number, -square));
        }
    }

    void add(ExactSum other) {
        double more = other.special;
        for (double part : Arrays.copyOf(other.parts, other.count)) { // a copy, since it may be this one
            add(part);
        }
        special += more;
    }

    boolean isFinite() {
        return special == 0;
    }

    /** The sum of the finite numbers. */
    BigDecimal exact() {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < count; i++) {
            sum = sum.add(new BigDecimal(parts[i]));
        }
        return sum;
    }

    /** The sum, rounded once. */
    double value() {
        return isFinite() ? exact().doubleValue() : special;
    }
}
