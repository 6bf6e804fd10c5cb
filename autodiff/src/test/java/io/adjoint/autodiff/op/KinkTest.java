package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Gradients where a function has none, or several: conventions, written down one by one. They are PyTorch's, so that a
 * model trains alike in both.
 */
class KinkTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static double[] slopes(UnaryOperator<Tensor> f, double... points) {
        Tensor x = Tensor.of(points).tracked();
        return f.apply(x).sum().gradients(x).of(x).toDoubles();
    }

    @Test
    void reluIsFlatAtZero() {
        assertArrayEquals(new double[] {0, 0, 0, 1}, slopes(Tensor::relu, -1, -0.0, 0, 1e-300));
    }

    @Test
    void absIsFlatAtZero() {
        assertArrayEquals(new double[] {-1, -0.0, 0, 1}, slopes(Tensor::abs, -1e-300, -0.0, 0, 1));
    }

    @Test
    void stepsAreFlatEverywhere() {
        double[] steps = {-1, -0.5, 0, 0.5, 2};
        assertArrayEquals(new double[5], slopes(Tensor::sign, steps));
        assertArrayEquals(new double[5], slopes(Tensor::floor, steps));
        assertArrayEquals(new double[5], slopes(Tensor::ceil, steps));
        assertArrayEquals(new double[5], slopes(Tensor::round, steps));
    }

    @Test
    void rootsAndLogarithmsAreInfinitelySteepAtZero() {
        assertArrayEquals(new double[] {INFINITY, 0.25}, slopes(Tensor::sqrt, 0, 4));
        assertArrayEquals(new double[] {INFINITY, 0.25}, slopes(Tensor::log, 0, 4));
        assertArrayEquals(new double[] {NAN}, slopes(Tensor::sqrt, -1));
    }

    @Test
    void bothSidesOfATieGetHalf() {
        Tensor a = Tensor.of(new double[] {1, 2, 3}).tracked();
        Tensor b = Tensor.of(new double[] {2, 2, 2}).tracked();
        var maximum = a.maximum(b).sum().gradients(a, b);
        assertArrayEquals(new double[] {0, 0.5, 1}, maximum.of(a).toDoubles());
        assertArrayEquals(new double[] {1, 0.5, 0}, maximum.of(b).toDoubles());
        var minimum = a.minimum(b).sum().gradients(a, b);
        assertArrayEquals(new double[] {1, 0.5, 0}, minimum.of(a).toDoubles());
        assertArrayEquals(new double[] {0, 0.5, 1}, minimum.of(b).toDoubles());
    }

    @Test
    void aTensorTiedWithItselfGetsTheWholeGradient() {
        assertArrayEquals(new double[] {1, 1}, slopes(x -> x.maximum(x), -1, 3));
    }

    @Test
    void equalsShareTheGradientOfAnExtremeEvenly() {
        assertArrayEquals(new double[] {0.5, 0, 0.5}, slopes(x -> x.max(), 7, 1, 7));
        assertArrayEquals(new double[] {0.25, 0.25, 0.25, 0.25}, slopes(x -> x.min(), 3, 3, 3, 3));
        assertArrayEquals(new double[] {0.5, 1, 0.5, 0}, slopes(x -> x.reshape(2, 2).max(0), 5, 4, 5, 2));
    }

    @Test
    void normsAreFlatAtZero() {
        for (double order : new double[] {0, 0.5, 1, 1.5, 2, 3, INFINITY}) {
            assertArrayEquals(new double[] {0, 0}, slopes(x -> x.norm(order), 0, 0), "order " + order);
        }
        assertArrayEquals(new double[] {0, 1}, slopes(x -> x.norm(0.5), 0, 4), 1e-15);
        assertArrayEquals(new double[] {0, -1}, slopes(x -> x.norm(1.5), 0, -4), 1e-15);
        assertArrayEquals(new double[] {0, -0.0}, slopes(x -> x.norm(-1), 0, 4), "one zero decides");
        assertArrayEquals(new double[] {0, 0}, slopes(x -> x.norm(0), 1, 4));
        assertArrayEquals(new double[] {0.5, -0.5, 0}, slopes(x -> x.norm(INFINITY), 7, -7, 1));
        assertArrayEquals(new double[] {0.5, -0.5, 0}, slopes(x -> x.norm(-INFINITY), 1, -1, 7));
        assertArrayEquals(new double[] {0, 0}, slopes(x -> x.normalize(2, 2, 0).mul(0), 0, 0));
    }

    @Test
    void deviationsAreFlatWhereNothingDeviates() {
        assertArrayEquals(new double[] {0, 0, 0}, slopes(x -> x.std(), 5, 5, 5));
        assertArrayEquals(new double[] {NAN}, slopes(x -> x.std(), 5), "of too few elements");
    }

    @Test
    void aChosenExtremeGetsTheWholeGradient() {
        assertArrayEquals(new double[] {1, 0, 0}, slopes(x -> x.chooseMax(0).values(), 7, 1, 7));
        assertArrayEquals(new double[] {0, 1, 0}, slopes(x -> x.chooseMin().values(), 7, 1, 1));
    }

    @Test
    void powersAtZeroAreThoseOfTheLimitOrOfConvention() {
        // d/dx x^2 = 0, x^1 = 1, x^0 = 0 (a constant), x^0.5 = infinite, at 0
        Tensor exponents = Tensor.of(new double[] {2, 1, 0, 0.5});
        assertArrayEquals(new double[] {0, 1, 0, INFINITY}, slopes(x -> x.pow(exponents), 0, 0, 0, 0));
        // d/db 0^b = 0 where 0^b is flat or a jump, not 0 * ln 0; below zero it is minus infinity times infinity
        assertArrayEquals(new double[] {0, 0}, slopes(b -> Tensor.scalar(0, DType.F64).pow(b), 2, 0));
        assertArrayEquals(new double[] {2 * Math.log(2)}, slopes(b -> Tensor.scalar(2, DType.F64).pow(b), 1), 1e-15);
    }

    @Test
    void powersOfZeroAreFlatInEveryOrder() {
        Tensor b = Tensor.of(new double[] {2, 0.5}).tracked();
        Tensor g = Tensor.of(new double[] {1, 3}).tracked();
        Tensor slope = Tensor.scalar(0, DType.F64).pow(b).vjp(g, b).of(b);
        assertArrayEquals(new double[] {0, 0}, slope.sum().gradients(b, g).of(b).toDoubles());
        assertArrayEquals(new double[] {0, 0}, slope.sum().gradients(b, g).of(g).toDoubles());
        // x^0 is constant, also at 0
        assertArrayEquals(new double[] {0},
                slopes(x -> x.pow(0).vjp(Tensor.scalar(1, DType.F64).expand(1), x).of(x), 0));
    }

    @Test
    void theBranchNotTakenHasNoInfluenceEvenIfItIsNotANumber() {
        // where(x > 0, log x, 0): the slope of log at 0 is infinite, but nothing flows there
        Tensor x = Tensor.of(new double[] {0, 2}).tracked();
        Tensor branch = x.detached().add(0).tracked();
        Tensor chosen = x.gt(0).where(branch.log(), 0);
        assertArrayEquals(new double[] {NAN, 0.5}, chosen.sum().gradients(branch).of(branch).toDoubles(),
                "0 / 0: as in PyTorch, make the argument harmless first, not the result");
        Tensor harmless = x.gt(0).where(x, 1);
        assertArrayEquals(new double[] {0, 0.5}, x.gt(0).where(harmless.log(), 0).sum().gradients(x).of(x).toDoubles());
    }

    @Test
    void bendsOfActivations() {
        double[] points = {-3, 0, 3};
        assertArrayEquals(new double[] {0, 1 / 6.0, 0}, slopes(Tensor::hardsigmoid, points), 1e-16);
        assertArrayEquals(new double[] {-0.5, 0.5, 1.5}, slopes(Tensor::hardswish, points), 1e-16);
        assertArrayEquals(new double[] {0, 0, 1}, slopes(Tensor::relu6, points));
        assertArrayEquals(new double[] {0, 0}, slopes(Tensor::relu6, 6, 7));
        assertArrayEquals(new double[] {0, 0, 0}, slopes(x -> x.hardtanh(-3, 0), points));
        assertArrayEquals(new double[] {1, 1, 0}, slopes(x -> x.clamp(-3, 0), points), "its bounds are inside");
        assertArrayEquals(new double[] {0.1, 0.1, 1}, slopes(x -> x.leakyRelu(0.1), points));
        assertArrayEquals(new double[] {2, 1}, slopes(x -> x.elu(2), 0, 1));
        assertArrayEquals(new double[] {1, 1}, slopes(x -> x.celu(2), 0, 1));
        assertArrayEquals(new double[] {1, 0, 0, 0, 1}, slopes(x -> x.hardshrink(1), -2, -1, 0, 1, 2));
        assertArrayEquals(new double[] {1, 0, 0, 0, 1}, slopes(x -> x.softshrink(1), -2, -1, 0, 1, 2));
        assertArrayEquals(new double[] {0, 0, 1}, slopes(x -> x.threshold(1, 7), 0, 1, 2));
        assertArrayEquals(new double[] {1, 1, 1}, slopes(x -> x.softplus(1, 2), 3, 100, INFINITY));
    }

    @Test
    void whatInfinityDoesBeyondABendIsHidden() {
        assertArrayEquals(new double[] {0, 1}, slopes(Tensor::hardswish, -1e300, INFINITY));
        assertArrayEquals(new double[] {1, 1}, slopes(Tensor::selu, INFINITY, 1e9), 0.06);
        assertArrayEquals(new double[] {0, 0}, slopes(x -> x.clamp(-1, 1), -INFINITY, INFINITY));
        Tensor x = Tensor.of(new double[] {INFINITY, 2}).tracked();
        Tensor weight = Tensor.of(new double[] {0.5}).tracked();
        assertArrayEquals(new double[] {0}, x.prelu(weight).sum().gradients(weight).of(weight).toDoubles());
    }

    @Test
    void theLeftSideOfFmaxAndFminGetsTheWholeGradientOfATie() {
        Tensor a = Tensor.of(new double[] {1, NAN, 3}).tracked();
        Tensor b = Tensor.of(new double[] {1, 2, NAN}).tracked();
        var fmax = a.fmax(b).sum().gradients(a, b);
        assertArrayEquals(new double[] {1, 0, 1}, fmax.of(a).toDoubles());
        assertArrayEquals(new double[] {0, 1, 0}, fmax.of(b).toDoubles());
        var fmin = a.fmin(b).sum().gradients(a, b);
        assertArrayEquals(new double[] {1, 0, 1}, fmin.of(a).toDoubles());
        assertArrayEquals(new double[] {0, 1, 0}, fmin.of(b).toDoubles());
    }

    @Test
    void functionsThatEndAreSteepThere() {
        assertArrayEquals(new double[] {INFINITY, INFINITY}, slopes(Tensor::asin, -1, 1));
        assertArrayEquals(new double[] {-INFINITY, -INFINITY}, slopes(Tensor::acos, -1, 1));
        assertArrayEquals(new double[] {INFINITY}, slopes(Tensor::acosh, 1));
        assertArrayEquals(new double[] {INFINITY, INFINITY}, slopes(Tensor::erfinv, -1, 1));
        assertArrayEquals(new double[] {INFINITY, INFINITY, NAN}, slopes(Tensor::logit, 0, 1, 2));
        assertArrayEquals(new double[] {INFINITY}, slopes(Tensor::entr, 0));
        assertArrayEquals(new double[] {0, 0}, slopes(x -> x.logit(0.25), 0.1, 0.9), "moved to the bound");
    }

    @Test
    void theStepBelongsToWhoeverFillsIt() {
        Tensor values = Tensor.of(new double[] {5, 5, 5}).tracked();
        Tensor steps = Tensor.of(new double[] {-1, 0, 1}).heaviside(values);
        assertArrayEquals(new double[] {0, 5, 1}, steps.detached().toDoubles());
        assertArrayEquals(new double[] {0, 1, 0}, steps.sum().gradients(values).of(values).toDoubles());
    }

    @Test
    void notANumber() {
        assertArrayEquals(new double[] {0}, slopes(Tensor::abs, NAN), "the sign of NaN is 0");
        assertArrayEquals(new double[] {NAN}, slopes(Tensor::square, NAN));
        assertArrayEquals(new double[] {1}, slopes(Tensor::relu, NAN), "its slope is 1 unless x <= 0");
    }
}
