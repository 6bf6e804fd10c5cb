package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.AdaptivePooling;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A search for maxima that writes the maxima too finds what gathering them would, to the bit. */
class MaximaTest {
    private static final DType F32 = DType.F32;

    @Property(tries = 100)
    void poolingHasTheBitsOfTheFunction(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? F32 : DType.F64;
        int size = 1 + random.nextInt(3);
        Shape shape = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(3), size + random.nextInt(20),
                size + random.nextInt(20));
        Window window = Window.of(size, size).stride(1 + random.nextInt(3));
        UnaryOperator<Tensor> values = random.nextBoolean() ? x -> Pooling.max(x, window)
                : x -> AdaptivePooling.max(x, 1 + (int) (seed & 3), 2);
        Variable shift = Variable.parameter(Tensor.zeros(shape, type));
        UnaryOperator<Tensor> function = x -> {
            Tensor pooled = values.apply(x.add(shift.value()).relu());
            return pooled.square().sum().gradients(shift).of(shift).add(pooled.detached().sum());
        };
        Program program = Program.compile(function);
        for (int call = 0; call < 3; call++) {
            Tensor x = Rng.seed(seed + call).normal(shape, type).mul(2).round(); // many are equal
            Tensor found = Threads.limit(threads, () -> program.apply(x));
            assertTrue(function.apply(x).sameBits(found), () -> "of " + x);
        }
        assertTrue(program.explain().contains("with the elements there"), program::explain);
    }

    private static Plan plan(Function<Tensor, Tensor> function, Tensor x) {
        return Plan.of(Simplify.of(Graph.traceAll(in -> List.of(function.apply(in.getFirst())), x.spec())));
    }

    @Test
    void oneUnitFindsPlacesAndValues() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 8, 8), F32);
        Plan plan = plan(y -> Pooling.max(y, Window.of(2, 2)), x);
        assertEquals(1, plan.units().size(), () -> plan.units().toString());
        assertEquals(x.size() + x.size() / 4, plan.lengths().get(F32), "the input and the result");
        assertEquals(x.size() / 4, plan.lengths().get(DType.I64), "places that nobody reads");
    }

    /** These are not the maxima, or not all of them. */
    @Test
    void whatIsGatheredElsewhereIsNotWritten() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 8, 8), F32);
        UnaryOperator<Tensor> function = y -> {
            Tensor places = Pooling.maxima(y, Window.of(2, 2)).places();
            Tensor others = y.neg().flatten(2).gather(-1, places.flatten(2));
            Tensor some = y.flatten(2).gather(-1, places.flatten(2).slice(-1, 0, 5));
            return others.sum(-1).add(some.sum(-1));
        };
        Plan plan = plan(function::apply, x);
        assertFalse(plan.units().stream().anyMatch(Unit.Maxima.class::isInstance), () -> plan.units().toString());
        assertTrue(function.apply(x).sameBits(Program.compile(function).apply(x)));
    }
}
