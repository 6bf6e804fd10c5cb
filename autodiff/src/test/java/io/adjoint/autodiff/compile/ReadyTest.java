package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Equal loops that do not wait for each other are one unit, and no others are. */
class ReadyTest {
    private static final TensorSpec SPEC = new TensorSpec(DType.F32, Shape.of(64, 32));

    private static List<Variable> variables(int... sizes) {
        return Arrays.stream(sizes).mapToObj(size -> Variable.buffer(Rng.seed(size).normal(Shape.of(size), DType.F32)))
                .toList();
    }

    /** How many loops each unit is that gathers some. */
    private static List<Integer> gathered(Function<List<Tensor>, List<Tensor>> function) {
        Plan plan = Plan.of(Simplify.of(Graph.traceAll(function::apply, SPEC)));
        return plan.units().stream().filter(Unit.Gathered.class::isInstance).map(unit -> unit.parts().size()).toList();
    }

    private static Tensor moved(Variable variable, Tensor rate) {
        return variable.value().sub(variable.value().square().mul(rate));
    }

    @Test
    void updatesOfAllSizesAreOneUnit() {
        List<Variable> all = variables(5, 3000, 1, 70, 5);
        assertEquals(List.of(5), gathered(in -> {
            Tensor rate = in.getFirst().sum();
            all.forEach(variable -> variable.set(moved(variable, rate)));
            return List.of(rate);
        }));
    }

    @Test
    void otherExpressionsNumbersAndLayoutsAreUnitsOfTheirOwn() {
        List<Variable> all = variables(32, 64, 32, 32);
        assertEquals(List.of(), gathered(in -> {
            Tensor rate = in.getFirst().sum();
            all.get(0).set(moved(all.get(0), rate));
            all.get(1).set(moved(all.get(1), rate).neg());
            all.get(2).set(moved(all.get(2), Tensor.scalar(0.5f)));
            all.get(3).set(moved(all.get(3), in.getFirst().select(1, 0).slice(0, 0, 64, 2)));
            return List.of(rate);
        }));
    }

    @Test
    void loopsThatWaitForEachOtherAreNotGathered() {
        List<Variable> all = variables(8, 8, 8);
        assertEquals(List.of(), gathered(_ -> {
            Tensor rate = Tensor.scalar(0.5f);
            for (Variable variable : all) {
                variable.set(moved(variable, rate));
                rate = variable.value().sum();
            }
            return List.of(rate);
        }));
    }

    /** All of them would lie in the slab at once. */
    @Test
    void loopsWithLargeResultsAreNotGathered() {
        assertEquals(List.of(), gathered(in -> List.of(in.getFirst().exp().sum(), in.getFirst().mul(2).exp().sum(),
                in.getFirst().mul(3).matmul(Tensor.ones(32, 2)).exp().sum())));
    }

    /** Some variables move by what others moved to, or were, so that some wait for others. */
    private static List<Tensor> move(List<Variable> variables, long seed, Tensor x) {
        Random random = new Random(seed);
        List<Tensor> seen = new ArrayList<>(List.of(x.sum()));
        for (Variable variable : variables) {
            Tensor rate = seen.get(random.nextInt(seen.size()));
            variable.set(random.nextInt(4) == 0 ? moved(variable, rate).tanh() : moved(variable, rate));
            if (random.nextInt(3) == 0) {
                seen.add(variable.value().mean());
            }
        }
        return seen;
    }

    @Property(tries = 100)
    void gatheredUpdatesHaveTheBitsOfPlainOnes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        int[] sizes = random.ints(random.nextInt(2, 9), 1, random.nextBoolean() ? 40 : 60_000).toArray();
        List<Variable> plain = variables(sizes);
        List<Variable> compiled = variables(sizes);
        Tensor x = Rng.seed(seed).normal(Shape.of(4), DType.F32).mul(0.01);
        Program program = Program.compileAll(in -> move(compiled, seed, in.getFirst()));
        Threads.limit(threads, () -> {
            for (int call = 0; call < 3; call++) {
                List<Tensor> expected = move(plain, seed, x);
                List<Tensor> found = program.applyAll(x);
                for (int i = 0; i < expected.size(); i++) {
                    assertTrue(expected.get(i).sameBits(found.get(i)), "result " + i);
                }
            }
            return true;
        });
        for (int i = 0; i < sizes.length; i++) {
            int number = i;
            assertTrue(plain.get(i).value().sameBits(compiled.get(i).value()), () -> "variable " + number);
        }
    }
}
