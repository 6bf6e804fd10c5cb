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
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SgdTest {
    private record Model(Variable p) implements Module {}

    private static Model model(double... values) {
        return new Model(Variable.parameter(Tensor.of(values)));
    }

    @Provide
    Arbitrary<Sgd> variants() {
        Arbitrary<Double> unit = Arbitraries.doubles().between(0, 0.95);
        Arbitrary<Momentum> plain = Combinators.combine(unit, unit).as((m, d) -> new Momentum(m, d, false));
        Arbitrary<Momentum> nesterov = Arbitraries.doubles().between(0.1, 0.95).map(m -> new Momentum(m, 0, true));
        Arbitrary<Double> decay = Arbitraries.oneOf(Arbitraries.just(0.0), unit);
        return Combinators.combine(unit, Arbitraries.oneOf(plain, nesterov, Arbitraries.just(Momentum.of(0))), decay,
                Arbitraries.of(true, false)).as((rate, momentum, penalty, uphill) -> {
                    Sgd sgd = Sgd.of(rate).withMomentum(momentum).withWeightDecay(penalty);
                    return uphill ? sgd.maximizing() : sgd;
                });
    }

    /** The formulas of the documentation on one number, with a branch for the first step as PyTorch has it. */
    private static final class Plain {
        private double p;
        private double velocity;
        private boolean moved;

        void step(Sgd sgd, double gradient) {
            Tensor start = Tensor.scalar(0, DType.F64);
            double rate = sgd.learningRate().at(start).item();
            Momentum form = sgd.momentum();
            double g = (sgd.maximize() ? -gradient : gradient) + sgd.weightDecay().rate() * p;
            double momentum = form.momentum().at(start).item();
            if (momentum != 0) {
                velocity = moved ? momentum * velocity + (1 - form.dampening()) * g : g;
                moved = true;
                g = form.nesterov() ? g + momentum * velocity : velocity;
            }
            p = p - rate * g;
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void stepsFollowTheFormulas(@ForAll("variants") Sgd sgd, @ForAll long seed) {
        int count = 3;
        Model model = model(new double[count]);
        Optimizer optimizer = sgd.over(model);
        Plain[] plain = {new Plain(), new Plain(), new Plain()};
        for (int t = 0; t < 5; t++) {
            Tensor gradient = Rng.seed(seed).stream(t).normal(Shape.of(count), DType.F64);
            optimizer.step(List.of(gradient));
            for (int i = 0; i < count; i++) {
                plain[i].step(sgd, gradient.toDoubles()[i]);
                assertEquals(plain[i].p, model.p.value().toDoubles()[i], 1e-12, "element " + i + " after step " + t);
            }
        }
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aResumedOptimizerTakesTheSameSteps(@ForAll("variants") Sgd sgd, @ForAll @IntRange(max = 4) int before,
            @ForAll long seed) {
        Model model = model(1, -2, 3);
        Optimizer optimizer = sgd.over(model);
        run(optimizer, seed, 0, before);
        Model copy = new Model(Variable.parameter(model.p.value()));
        Optimizer resumed = sgd.over(copy);
        resumed.variables().forEach((path, variable) -> variable.set(optimizer.variables().get(path).value()));

        run(optimizer, seed, before, 8);
        run(resumed, seed, before, 8);

        assertTrue(model.p.value().sameBits(copy.p.value()));
        assertEquals(optimizer.steps(), resumed.steps());
    }

    private static void run(Optimizer optimizer, long seed, int from, int to) {
        for (int t = from; t < to; t++) {
            optimizer.step(List.of(Rng.seed(seed).stream(t).normal(Shape.of(3), DType.F64)));
        }
    }

    @Property(tries = 50)
    void findsTheLowestPointOfABowl(@ForAll long seed) {
        Tensor start = Rng.seed(seed).stream(0).normal(Shape.of(5), DType.F64).mul(10);
        Tensor lowest = Rng.seed(seed).stream(1).normal(Shape.of(5), DType.F64);
        Tensor steepness = Rng.seed(seed).stream(2).uniform(Shape.of(5), DType.F64).add(0.5);
        for (Sgd sgd : List.of(Sgd.of(0.5), Sgd.of(0.1).withMomentum(0.8), Sgd.of(0.1).withNesterov(0.8))) {
            Model model = new Model(Variable.parameter(start));
            Optimizer optimizer = sgd.over(model);
            for (int t = 0; t < 300; t++) {
                optimizer.minimize(() -> model.p.value().sub(lowest).square().mul(steepness).sum().mul(0.5));
            }
            assertEquals(0, model.p.value().sub(lowest).abs().max().item(), 1e-9, sgd.toString());
        }
    }

    @Test
    void theRateFollowsItsScheduleAndTheStepIsCounted() {
        Model model = model(0);
        Optimizer optimizer = Sgd.of(step -> step.add(1).reciprocal()).over(model);
        for (double expected : new double[] {-1, -1.5, -1.5 - 1 / 3.0}) {
            optimizer.step(List.of(Tensor.ones(1).cast(DType.F64)));
            assertEquals(expected, model.p.value().toDoubles()[0], 1e-15);
        }
        assertEquals(3, optimizer.steps());
    }

    @Test
    void float32ParametersStayFloat32() {
        Model model = new Model(Variable.parameter(Tensor.zeros(2)));
        Sgd.of(0.1).withMomentum(new Momentum(0.9, 0.5, false)).withWeightDecay(0.1).over(model)
                .step(List.of(Tensor.ones(2)));
        assertArrayEquals(new float[] {-0.1f, -0.1f}, model.p.value().toFloats());
    }

    @Test
    void theStateIsNamedByThePathsOfTheModel() {
        Model model = model(1);
        assertEquals(List.of("step"), List.copyOf(Sgd.of(0.1).over(model).variables().keySet()));
        assertEquals(List.of("step", "state.0.p.velocity"),
                List.copyOf(Sgd.of(0.1).withMomentum(0.9).over(model).variables().keySet()));
    }

    @Test
    void refusals() {
        assertEquals("momentum: Nesterov's form needs momentum and no dampening: momentum 0.0, dampening 0.0; "
                + "expected momentum above 0 and dampening 0", message(() -> Sgd.of(0.1).withNesterov(0)));
        assertEquals("momentum: Nesterov's form needs momentum and no dampening: momentum 0.9, dampening 0.1; "
                + "expected momentum above 0 and dampening 0", message(() -> new Momentum(0.9, 0.1, true)));
        String negative = "a hyperparameter is out of range: ";
        assertEquals("momentum: " + negative + "momentum -0.1; expected a finite number, 0 or more",
                message(() -> Sgd.of(0.1).withMomentum(-0.1)));
        assertEquals("weight_decay: " + negative + "rate -1.0; expected a finite number, 0 or more",
                message(() -> Sgd.of(0.1).withWeightDecay(-1)));
        assertEquals("sgd: " + negative + "rate -0.1; expected a finite number, 0 or more",
                message(() -> Sgd.of(-0.1)));
    }

    @Test
    void hyperparametersThatAreNotFiniteAreRefused() {
        for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NaN}) {
            message(() -> Sgd.of(value));
            message(() -> Sgd.of(0.1).withMomentum(value));
            message(() -> Sgd.of(0.1).withWeightDecay(value));
            message(() -> new Momentum(0.9, value, false));
            message(() -> Schedule.constant(value));
        }
    }

    private static String message(Runnable refused) {
        return assertThrows(ShapeException.class, refused::run).getMessage();
    }
}
