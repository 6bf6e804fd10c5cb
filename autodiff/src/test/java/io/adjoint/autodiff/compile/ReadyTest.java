package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Axes;
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
        return Arrays.stream(sizes).mapToObj(size -> normal(Shape.of(size), DType.F32)).toList();
    }

    private static Variable normal(Shape shape, DType type) {
        return Variable.buffer(Rng.seed(shape.size()).normal(shape, type));
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

    /** The sums along some axes: with the second one of a matrix numbers of its rows. */
    private static Tensor edge(Variable variable, int... axes) {
        return variable.value().sum(Axes.keep(axes));
    }

    @Test
    void matricesWithNumbersOfTheirRowsAreOneUnit() {
        Variable filters = normal(Shape.of(3, 4, 2, 3), DType.F32);
        List<Variable> all = List.of(normal(Shape.of(5, 7), DType.F32), normal(Shape.of(64, 100), DType.F32),
                normal(Shape.of(1, 9), DType.F32));
        assertEquals(List.of(4), gathered(_ -> {
            filters.set(moved(filters, edge(filters, 1, 2, 3)));
            all.forEach(variable -> variable.set(moved(variable, edge(variable, 1))));
            return List.of();
        }));
    }

    @Test
    void matricesWithNumbersOfTheirColumnsAreOneUnit() {
        List<Variable> all = List.of(normal(Shape.of(5, 7), DType.F32), normal(Shape.of(64, 100), DType.F32),
                normal(Shape.of(9, 2), DType.F32));
        assertEquals(List.of(3), gathered(_ -> {
            all.forEach(variable -> variable.set(moved(variable, edge(variable, 0))));
            return List.of();
        }));
        assertEquals(List.of(3), gathered(_ -> {
            all.forEach(variable -> variable.set(moved(variable, edge(variable, 0)).mul(edge(variable, 1))));
            return List.of();
        }));
    }

    @Test
    void numbersOfRowsAndOfColumnsAreUnitsOfTheirOwn() {
        List<Variable> all = List.of(normal(Shape.of(5, 7), DType.F32), normal(Shape.of(4, 6), DType.F32),
                normal(Shape.of(8, 9), DType.F32), normal(Shape.of(3, 2), DType.F32));
        assertEquals(List.of(2, 2), gathered(_ -> {
            for (int i = 0; i < all.size(); i++) {
                all.get(i).set(moved(all.get(i), edge(all.get(i), i % 2)));
            }
            return List.of();
        }));
    }

    @Test
    void loopsOverThreeAxesThatDoNotJoinAreNotGathered() {
        List<Variable> all = List.of(normal(Shape.of(2, 3, 4), DType.F32), normal(Shape.of(5, 2, 6), DType.F32));
        assertEquals(List.of(), gathered(_ -> {
            all.forEach(variable -> variable.set(moved(variable, edge(variable, 0, 2))));
            return List.of();
        }));
    }

    /** Those walk in tiles. */
    @Test
    void loopsThatReadAcrossTheirRowsAreNotGathered() {
        Variable read = normal(Shape.of(20, 20), DType.F32);
        List<Variable> all = List.of(normal(Shape.of(20, 20), DType.F32), normal(Shape.of(20, 20), DType.F32));
        assertEquals(List.of(2), gathered(_ -> {
            all.forEach(variable -> variable.set(moved(variable, read.value())));
            return List.of();
        }));
        assertEquals(List.of(), gathered(_ -> {
            all.forEach(variable -> variable.set(moved(variable, read.value().transpose())));
            return List.of();
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

    /** Some variables move by what others moved to, or were, so that some wait for others; and some by numbers of rows or columns. */
    private static List<Tensor> move(List<Variable> variables, long seed, Tensor x) {
        Random random = new Random(seed);
        List<Tensor> seen = new ArrayList<>(List.of(x.sum()));
        for (Variable variable : variables) {
            Tensor rate = seen.get(random.nextInt(seen.size()));
            for (int axis = 0; axis < variable.spec().shape().rank(); axis++) {
                rate = random.nextInt(3) == 0 ? rate.mul(edge(variable, axis).tanh()) : rate;
            }
            variable.set(random.nextInt(4) == 0 ? moved(variable, rate).tanh() : moved(variable, rate));
            if (random.nextInt(3) == 0) {
                seen.add(variable.value().mean());
            }
        }
        return seen;
    }

    /** Vectors, matrices and matrices side by side, of a number of elements or somewhat less. */
    private static Shape shape(Random random, int size) {
        int columns = random.nextInt(1, size + 1);
        int rows = Math.max(1, size / columns);
        return switch (random.nextInt(4)) {
            case 0 -> Shape.of(size);
            case 1 -> Shape.of(Math.ceilDiv(rows, 3), Math.min(rows, 3), columns);
            default -> random.nextBoolean() ? Shape.of(rows, columns) : Shape.of(columns, rows);
        };
    }

    @Property(tries = 300)
    void gatheredUpdatesHaveTheBitsOfPlainOnes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextInt(3) == 0 ? DType.F64 : DType.F32;
        List<Shape> shapes = random.ints(random.nextInt(2, 9), 1, random.nextBoolean() ? 40 : 60_000)
                .mapToObj(size -> shape(random, size)).toList();
        List<Variable> plain = shapes.stream().map(shape -> normal(shape, type)).toList();
        List<Variable> compiled = shapes.stream().map(shape -> normal(shape, type)).toList();
        Tensor x = Rng.seed(seed).normal(Shape.of(4), type).mul(0.01);
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
        for (int i = 0; i < shapes.size(); i++) {
            int number = i;
            assertTrue(plain.get(i).value().sameBits(compiled.get(i).value()),
                    () -> "variable " + number + " of " + shapes);
        }
    }
}
