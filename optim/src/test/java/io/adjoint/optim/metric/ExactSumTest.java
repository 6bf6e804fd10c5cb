package io.adjoint.optim.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ExactSumTest {
    @Property(tries = 300)
    void theSumIsThatOfDecimals(@ForAll List<Double> numbers,
            @ForAll List<@DoubleRange(min = -1e6, max = 1e6) Double> squares) {
        ExactSum sum = new ExactSum();
        BigDecimal expected = BigDecimal.ZERO;
        for (double number : numbers) {
            sum.add(number / 1e10); // so that no sum overflows
            expected = expected.add(new BigDecimal(number / 1e10));
        }
        for (double number : squares) {
            sum.addSquare(number);
            expected = expected.add(new BigDecimal(number).pow(2));
        }
        assertEquals(0, expected.compareTo(sum.exact()), () -> "exact sum " + sum.exact());
        assertEquals(expected.doubleValue(), sum.value());
    }

    @Test
    void infinitiesAndNaNsStay() {
        ExactSum sum = new ExactSum();
        sum.add(Double.POSITIVE_INFINITY);
        sum.add(1);
        assertEquals(Double.POSITIVE_INFINITY, sum.value());
        sum.add(Double.NEGATIVE_INFINITY);
        assertTrue(Double.isNaN(sum.value()));
        ExactSum large = new ExactSum();
        large.add(Double.MAX_VALUE);
        large.add(Double.MAX_VALUE);
        assertEquals(Double.POSITIVE_INFINITY, large.value());
    }
}
