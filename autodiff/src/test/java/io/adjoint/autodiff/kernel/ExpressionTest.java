package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import io.adjoint.autodiff.lane.LaneMath;
import org.junit.jupiter.api.Test;

/** What counts as one node. */
class ExpressionTest {
    private static final Lane X = Lane.input(0, DType.F32);
    private static final Lane Y = Lane.input(1, DType.F32);

    @Test
    void whatIsWrittenTwiceIsOneNode() {
        Lane first = LaneMath.exp(X.add(Y));
        Lane second = LaneMath.exp(Lane.input(0, DType.F32).add(Lane.input(1, DType.F32)));
        Expression both = new Expression(first.mul(second));
        assertEquals(new Expression(first).nodes().size() + 1, both.nodes().size());
        assertSame(both.canonical(first), both.canonical(second));
        assertEquals(2, both.uses(both.canonical(first)), "the product reads it twice");
    }

    /** Operands in another order, another operation, another constant, zeros of both signs, another dtype. */
    @Test
    void whatDiffersIsNot() {
        Lane difference = X.sub(Y);
        for (Lane other : new Lane[] {Y.sub(X), X.add(Y), X.sub(1), X.sub(X)}) {
            Expression both = new Expression(difference, other);
            assertNotSame(both.canonical(difference), both.canonical(other));
        }
        Lane zero = X.add(Lane.constant(DType.F32, 0.0));
        Lane minusZero = X.add(Lane.constant(DType.F32, -0.0));
        Expression zeros = new Expression(zero, minusZero);
        assertNotSame(zeros.canonical(zero), zeros.canonical(minusZero));
        assertNotEquals(new Expression(X).key(), new Expression(Lane.input(0, DType.F64)).key());
        assertNotEquals(new Expression(X, Y).key(), new Expression(Y, X).key());
    }

    /** The exponential is most of what a function and its slope have in common. */
    @Test
    void aFunctionAndItsSlopeShareWhatBothNeed() {
        int gelu = new Expression(LaneFunctions.gelu(X)).nodes().size();
        int slope = new Expression(LaneFunctions.geluSlope(X)).nodes().size();
        int both = new Expression(LaneFunctions.gelu(X), LaneFunctions.geluSlope(X)).nodes().size();
        assertTrue(both <= gelu + slope - 30, () -> gelu + " and " + slope + " make " + both);
    }
}
