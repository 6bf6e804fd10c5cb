package io.adjoint.autodiff.tape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Unary;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuleTraceTest {
    private static final Tensor HALF = Tensor.of(new float[] {0.5f, 0.25f}).tracked();

    @ParameterizedTest
    @EnumSource(Unary.class)
    void theRuleOfAFunctionOfOneElementHasAFormula(Unary function) {
        if (function.gradient().absence().isEmpty()) {
            Node node = Internals.node(function.of(HALF));
            assertNotNull(RuleTrace.of(node, function.gradient().partial(0).vjp()));
        }
    }

    @ParameterizedTest
    @EnumSource(Binary.class)
    void theRulesOfAFunctionOfTwoElementsHaveFormulas(Binary function) {
        if (function.gradient().absence().isEmpty()) {
            Tensor result = function.of(HALF, HALF.add(1));
            for (int input = 0; input < 2; input++) {
                Gradient.Partial partial = function.gradient().partial(input);
                if (partial.flows() && result.isTracked()) {
                    assertNotNull(RuleTrace.of(Internals.node(result), partial.vjp()), "input " + input);
                }
            }
        }
    }

    @Test
    void aFormulaReadsWhatTheRuleReads() {
        Node node = Internals.node(HALF.sigmoid());
        RuleTrace.Formula formula = RuleTrace.of(node, Unary.SIGMOID.gradient().partial(0).vjp());
        assertEquals(3, formula.operations());
        assertEquals(2, formula.sources().size());
    }

    @Test
    void aRuleWithASumHasNone() {
        Node node = Internals.node(HALF.exp());
        assertNull(RuleTrace.of(node, v -> v.cotangent().mul(v.output()).sum(0)));
    }

    @Test
    void aRuleWithALargerConstantHasNone() {
        Node node = Internals.node(HALF.exp());
        Tensor constant = Tensor.of(Arrays.copyOf(new float[] {1}, 2));
        assertNull(RuleTrace.of(node, v -> v.cotangent().mul(constant)));
    }
}
