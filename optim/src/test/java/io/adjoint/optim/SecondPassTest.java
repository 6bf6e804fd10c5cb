package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Transforms;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.optim.transform.ClipByGlobalNorm;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Optimizers that look at the loss more than once: SAM, Sophia, L-BFGS and the range test. */
class SecondPassTest {
    private record Model(Variable p) implements Module {
        static Model of(double... values) {
            return new Model(Variable.parameter(Tensor.of(values)));
        }

        Tensor value() {
            return p.value();
        }
    }

    @Example
    void samStepsWithTheGradientFromUphill() {
        Model model = Model.of(3, 4);
        List<double[]> seen = new ArrayList<>();
        Optimizer optimizer = Sam.of(Sgd.of(0.1)).withRho(0.5).over(model);
        Tensor loss = optimizer.minimize(() -> {
            seen.add(model.value().detached().toDoubles());
            return model.value().square().sum().mul(0.5);
        });
        assertEquals(12.5, loss.item(), 1e-12);
        assertEquals(2, seen.size());
        assertArrayEquals(new double[] {3.3, 4.4}, seen.get(1), 1e-9);
        assertArrayEquals(new double[] {3 - 0.33, 4 - 0.44}, model.value().toDoubles(), 1e-9);
    }

    @Example
    void samIsFoundInsideAChainAndPutsTheParametersBackIfTheSecondLossFails() {
        Model model = Model.of(3, 4);
        Optimizer optimizer = Chain.of(new ClipByGlobalNorm(1e-6), Sam.of(Sgd.of(1)).withRho(1)).over(model);
        int[] calls = new int[1];
        assertThrows(IllegalStateException.class, () -> optimizer.minimize(() -> {
            if (calls[0]++ == 1) {
                throw new IllegalStateException("no more data");
            }
            return model.value().square().sum();
        }));
        assertEquals(2, calls[0]);
        assertArrayEquals(new double[] {3, 4}, model.value().toDoubles());
        assertEquals(0, optimizer.steps());
    }

    @Example
    void theAdaptiveFormMeasuresInUnitsOfTheParameters() {
        Model model = Model.of(1, 2);
        List<double[]> seen = new ArrayList<>();
        Sam.of(Sgd.of(0.1)).withRho(0.5).adaptive().over(model).minimize(() -> {
            seen.add(model.value().detached().toDoubles());
            return model.value().sum();
        });
        double length = Math.sqrt(5);
        assertArrayEquals(new double[] {1 + 0.5 / length, 2 + 0.5 * 4 / length}, seen.get(1), 1e-9);
    }

    /** Where the Hessian is diagonal every estimate is exact. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void hutchinsonFindsADiagonalHessian(@ForAll @LongRange(min = 0) long seed) {
        Model model = new Model(Variable.parameter(Rng.seed(seed).normal(Shape.of(4), DType.F64)));
        Curvature estimate = Curvature.hutchinson(() -> model.value().square().square().sum(), Rng.seed(seed).key());
        Tensor expected = model.value().square().mul(12);
        assertArrayEquals(expected.toDoubles(), estimate.diagonal(List.of(model.p)).getFirst().toDoubles(), 1e-9);
    }

    @Example
    void theMeanOfHutchinsonsEstimatesIsTheDiagonal() {
        Model model = Model.of(1, 1);
        Tensor matrix = Tensor.of(new double[] {2, 1, 1, 3}, 2, 2);
        double[] sums = new double[2];
        for (int i = 0; i < 400; i++) {
            Curvature estimate = Curvature.hutchinson(
                    () -> model.value().dot(matrix.mv(model.value())).mul(0.5), Rng.seed(1).stream(i).key());
            double[] found = estimate.diagonal(List.of(model.p)).getFirst().toDoubles();
            sums[0] += found[0] / 400;
            sums[1] += found[1] / 400;
        }
        assertArrayEquals(new double[] {2, 3}, sums, 0.2);
    }

    @Example
    void sophiaDividesByTheCurvatureItWasShown() {
        Model model = Model.of(1, 1);
        Optimizer optimizer = Sophia.of(0.1).withBetas(0, 0.5).withGamma(1).withWeightDecay(0).over(model);
        Tensor scale = Tensor.of(new double[] {4, 400});
        optimizer.learn(Curvature.gaussNewtonBartlett(() -> model.value().mul(scale.sqrt()).sum(), 1));
        optimizer.step(List.of(Tensor.of(new double[] {1, 1e4})));
        // h is half of the estimate
        assertArrayEquals(new double[] {1 - 0.1 * 1 / 2, 1 - 0.1}, model.value().toDoubles(), 1e-12);
    }

    @Example
    void curvatureThatNobodyUsesIsRefused() {
        Model model = Model.of(1);
        assertEquals("learn: no transformation uses the curvature: steps 0; expected an optimizer such as Sophia",
                assertThrows(ShapeException.class, () -> Sgd.of(1).over(model)
                        .learn(Curvature.gaussNewtonBartlett(() -> model.value().sum(), 1))).getMessage());
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void lbfgsFindsTheLowestPoint(@ForAll @LongRange(min = 0) long seed) {
        Model model = new Model(Variable.parameter(Rng.seed(seed).uniform(Shape.of(4), DType.F64).mul(4).sub(2)));
        LbfgsOptimizer optimizer = Lbfgs.of(1).withStrongWolfe().withHistory(5).over(model);
        for (int t = 0; t < 8; t++) {
            optimizer.minimize(() -> rosenbrock(model.value()));
        }
        // the valley of four numbers has a second lowest point near (-1, 1, 1, 1)
        assertTrue(rosenbrock(model.value()).item() < 1e-6 || model.value().toDoubles()[0] < -0.5,
                () -> "ends at " + model.value());
        Tensor slope = Transforms.grad(SecondPassTest::rosenbrock).apply(model.value());
        assertTrue(slope.abs().max().item() < 0.05, () -> "slope " + slope);
    }

    private static Tensor rosenbrock(Tensor x) {
        Tensor head = x.slice(0, 0, x.size() - 1);
        Tensor tail = x.slice(0, 1, x.size());
        return head.rsub(1).square().add(tail.sub(head.square()).square().mul(100)).sum();
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void lbfgsGoesOnFromACopyOfItsState(@ForAll @LongRange(min = 0) long seed) {
        Model model = new Model(Variable.parameter(Rng.seed(seed).normal(Shape.of(5), DType.F64)));
        Lbfgs form = Lbfgs.of(0.5).withIterations(3).withHistory(2).withStrongWolfe();
        LbfgsOptimizer optimizer = form.over(model);
        for (int t = 0; t < 3; t++) {
            optimizer.minimize(() -> rosenbrock(model.value()));
        }
        Model copy = new Model(Variable.parameter(model.value()));
        LbfgsOptimizer resumed = form.over(copy);
        resumed.variables().forEach((path, variable) -> variable.set(optimizer.variables().get(path).value()));
        for (int t = 0; t < 3; t++) {
            optimizer.minimize(() -> rosenbrock(model.value()));
            resumed.minimize(() -> rosenbrock(copy.value()));
        }
        assertTrue(model.value().sameBits(copy.value()));
    }

    @Example
    void aRefusedStepOfLbfgsChangesNothing() {
        Model model = Model.of(1, 2, 3);
        LbfgsOptimizer optimizer = Lbfgs.of(1).over(model);
        int[] calls = new int[1];
        assertThrows(IllegalStateException.class, () -> optimizer.minimize(() -> {
            if (calls[0]++ == 3) {
                throw new IllegalStateException("no more data");
            }
            return rosenbrock(model.value());
        }));
        assertArrayEquals(new double[] {1, 2, 3}, model.value().toDoubles());
        optimizer.variables().forEach((path, variable) -> assertEquals(0, variable.value().sum().item(), path));
    }

    @Example
    void theRangeTestFindsARateThatLearnsAndLeavesTheModelAlone() {
        Linear model = Linear.Config.of(3, 1).withDType(DType.F64).create(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(Shape.of(50, 3), DType.F64);
        Tensor y = x.sum(1).unsqueeze(1);
        Tensor before = model.weight().value();
        RangeTest.Result result = new RangeTest(1e-5, 10, 120).run(model, Sgd::of,
                () -> model.forward(x).sub(y).square().mean());
        assertTrue(before.sameBits(model.weight().value()));
        assertTrue(result.rates().size() < 120, "it went on after the loss had diverged");
        assertEquals(result.rates().size(), result.losses().size());
        double rate = result.suggestion();
        assertTrue(rate > 1e-3 && rate < 1, () -> "suggested " + rate);
    }

    @Example
    void theRangeTestHasNoSuggestionWithoutASlope() {
        for (double last : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            for (int finite = 0; finite < 3; finite++) {
                Linear model = Linear.Config.of(3, 1).withDType(DType.F64).create(Rng.seed(1));
                Iterator<Double> factors = Stream.concat(Stream.generate(() -> 1.0).limit(finite), Stream.of(last))
                        .iterator();
                RangeTest.Result result = new RangeTest(1e-5, 10, 120).run(model, Sgd::of,
                        () -> model.forward(Tensor.ones(1, 3).cast(DType.F64)).square().sum().mul(factors.next()));
                assertEquals(finite, result.losses().size());
                String message = assertThrows(ShapeException.class, result::suggestion).getMessage();
                assertTrue(message.startsWith("range_test: "), message);
                assertTrue(message.contains("; expected 3 losses or more"), message);
            }
        }
    }
}
