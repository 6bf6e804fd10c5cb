package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.schedule.Anneal;
import io.adjoint.optim.schedule.CosineRestarts;
import io.adjoint.optim.schedule.Cyclic;
import io.adjoint.optim.schedule.ExponentialDecay;
import io.adjoint.optim.schedule.InverseSquareRoot;
import io.adjoint.optim.schedule.Linear;
import io.adjoint.optim.schedule.Multiplicative;
import io.adjoint.optim.schedule.OneCycle;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.schedule.Sequence;
import io.adjoint.optim.schedule.StepDecay;
import io.adjoint.optim.schedule.WarmupCosine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schedules beyond the cases that PyTorch's values hold. */
class ScheduleTest {
    private static double at(Schedule schedule, double step) {
        return schedule.at(Tensor.scalar(step, DType.F64)).item();
    }

    private static void assertValues(Schedule schedule, double... expected) {
        for (int t = 0; t < expected.length; t++) {
            assertEquals(expected[t], at(schedule, t), 1e-12, "step " + t);
        }
    }

    @Test
    void warmUpThenHalfAWaveThenStill() {
        assertValues(new WarmupCosine(1, 0.2, 2, 6), 0.5, 1, 1, 0.2 + 0.4 * (1 + Math.sqrt(0.5)), 0.6,
                0.2 + 0.4 * (1 - Math.sqrt(0.5)), 0.2, 0.2);
        assertValues(new WarmupCosine(1, 0, 0, 2), 1, 0.5, 0);
    }

    @Test
    void inverseSquareRoot() {
        assertValues(new InverseSquareRoot(2, 4), 0.5, 1, 1.5, 2, 2 * Math.sqrt(4 / 5.0), 2 * Math.sqrt(4 / 6.0));
    }

    @Test
    void cycles() {
        assertValues(Cyclic.of(1, 3, 2), 1, 2, 3, 2, 1, 2, 3);
        assertValues(new Cyclic(1, 3, 1, 2, Cyclic.Shape.halved()), 1, 3, 2, 1, 2, 1.5, 1);
        assertValues(new Cyclic(0.9, 0.8, 1, 1, Cyclic.Shape.same()), 0.9, 0.8, 0.9);
    }

    @Test
    void oneCycleInTwoPhasesEndsAndStays() {
        OneCycle cycle = new OneCycle(1, 5, 0, 11, 5 / 11.0, Anneal.LINEAR, OneCycle.Phases.TWO);
        assertEquals(1, at(cycle, 0), 1e-12);
        assertEquals(3, at(cycle, 2), 1e-12);
        assertEquals(5, at(cycle, 4), 1e-12);
        assertEquals(2.5, at(cycle, 7), 1e-12);
        assertEquals(0, at(cycle, 10), 1e-12);
        assertEquals(0, at(cycle, 100), 1e-12);
    }

    @Test
    void restartsFallOnTheStep() {
        CosineRestarts waves = new CosineRestarts(1, 0, 3, 3);
        for (int begin : new int[] {0, 3, 12, 39, 120, 363}) {
            assertEquals(1, at(waves, begin), 1e-15);
            assertTrue(begin == 0 || at(waves, begin - 1) < 0.3);
        }
        assertEquals(1, at(new CosineRestarts(1, 0, 7, 1), 700_000), 1e-15);
    }

    @Test
    void epochsProductsAndSequences() {
        assertValues(new StepDecay(1, 1, 0.5).perEpoch(2), 1, 1, 0.5, 0.5, 0.25);
        assertValues(new Linear(0, 1, 2).times(new ExponentialDecay(4, 0.5)), 0, 1, 1, 0.5);
        assertValues(new Sequence(List.of(Schedule.constant(9), new ExponentialDecay(4, 0.5)), List.of(2L)), 9, 9, 4,
                2);
    }

    @Test
    void aProductThatIsAskedTwiceIsTheSame() {
        Multiplicative schedule = Multiplicative.of(1, Schedule.constant(0.5));
        assertEquals(1, at(schedule, 0));
        assertEquals(0.5, at(schedule, 1));
        assertEquals(0.5, at(schedule, 1));
        assertEquals(0.25, at(schedule, 2));
    }

    @Test
    void whatAScheduleRemembersIsSavedWithTheOptimizer() {
        record Model(Variable p) implements Module {}
        Plateau plateau = Plateau.of(0.5, Plateau.Options.DEFAULT.withPatience(0).withGoal(Plateau.Goal.HIGH));
        Optimizer optimizer = Sgd.of(plateau).over(new Model(Variable.parameter(Tensor.ones(1))));
        assertEquals(List.of("step", "state.0.rate.rate", "state.0.rate.best", "state.0.rate.idle",
                "state.0.rate.cooling"), List.copyOf(optimizer.variables().keySet()));
        plateau.observe(1);
        plateau.observe(1);
        assertEquals(0.05, optimizer.variables().get("state.0.rate.rate").value().item(), 1e-15);
    }

    /** Of metrics that are better by the threshold and a little, none reduces the rate; by a little less, each does. */
    @Test
    void aPlateauByDifferences() {
        for (Plateau.Goal goal : Plateau.Goal.values()) {
            double better = goal == Plateau.Goal.LOW ? -1 : 1;
            Plateau plateau = Plateau.of(1, Plateau.Options.DEFAULT.withPatience(0).withGoal(goal).withThreshold(0.5,
                    Plateau.Measure.ABSOLUTE));
            plateau.observe(10);
            plateau.observe(10 + 0.6 * better);
            plateau.observe(10 + 1.2 * better);
            assertEquals(1, at(plateau, 0), 1e-15, goal + " while better");
            plateau.observe(10 + 1.6 * better);
            assertEquals(0.1, at(plateau, 0), 1e-15, goal + " while hardly better");
        }
    }

    @Test
    void refusals() {
        List<Runnable> refused = List.of(() -> new Linear(0, Double.NaN, 3), () -> new Linear(0, 1, 0),
                () -> new StepDecay(1, 0, 0.1), () -> new ExponentialDecay(1, -1), () -> new OneCycle(0, 1, 0, 1),
                () -> new OneCycle(0, 1, 0, 10, 0.6, Anneal.COSINE, OneCycle.Phases.THREE),
                () -> new WarmupCosine(1, 0, 5, 5), () -> new CosineRestarts(1, 0, 0, 1), () -> Plateau.of(-1),
                () -> Plateau.of(1, Plateau.Options.DEFAULT.withFactor(1)),
                () -> new Sequence(List.of(Schedule.constant(1)), List.of(3L)));
        for (Runnable one : refused) {
            String message = assertThrows(ShapeException.class, one::run).getMessage();
            assertTrue(message.contains("; expected "), message);
        }
    }
}
