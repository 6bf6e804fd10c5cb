package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.RandomFunction;
import io.adjoint.autodiff.RandomFunctions;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Variable;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units in strips compute what they compute one after the other, to the bit. */
class StripsTest {
    private static final DType F32 = DType.F32;

    @Provide
    Arbitrary<RandomFunction> functions() {
        return RandomFunctions.upTo(40);
    }

    /** From pieces as large as they can be to single rows. */
    @Provide
    Arbitrary<Strips.Sizes> sizes() {
        return Arbitraries.of(Long.MAX_VALUE, 1000L, 300L, 100L).map(piece -> new Strips.Sizes(piece, 1));
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void stripsHaveTheBitsOfTheFunction(@ForAll("functions") RandomFunction function,
            @ForAll("sizes") Strips.Sizes sizes,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        RandomFunction.State eager = new RandomFunction.State(function);
        RandomFunction.State compiled = new RandomFunction.State(function);
        Executable executable = Threads.limit(threads,
                () -> executable(in -> function.call(compiled, in), function.inputs(0), sizes));
        for (int call = 0; call < 3; call++) {
            List<Tensor> inputs = function.inputs(call);
            List<Tensor> expected = function.call(eager, inputs);
            List<Tensor> found = Threads.limit(threads, () -> run(executable, inputs));
            for (int i = 0; i < expected.size(); i++) {
                assertSame(expected.get(i), found.get(i), "result " + i + " of call " + call);
            }
            for (int i = 0; i < eager.values().size(); i++) {
                assertSame(eager.values().get(i), compiled.values().get(i), "variable " + i + " after call " + call);
            }
        }
    }

    private static Executable executable(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs,
            Strips.Sizes sizes) {
        Graph graph = Graph.traceAll(function, inputs.stream().map(Tensor::spec).toArray(TensorSpec[]::new));
        return new Executable(Plan.of(OldValues.copied(Simplify.of(graph)).verify(), sizes));
    }

    private static List<Tensor> run(Executable executable, List<Tensor> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            executable.give(i, inputs.get(i));
        }
        executable.run();
        return Arrays.asList(executable.results());
    }

    private static void assertSame(Tensor expected, Tensor found, String what) {
        assertTrue(expected.sameBits(found), () -> what + ": expected " + expected + ", found " + found);
    }

    private static Tensor attention(Tensor q, Tensor k, Tensor v) {
        return q.matmul(k.transpose()).mul(0.25).softmax(-1).matmul(v);
    }

    private static Plan plan(Function<Tensor, Tensor> function, Tensor x) {
        return Plan.of(Simplify.of(Graph.traceAll(in -> List.of(function.apply(in.getFirst())), x.spec())));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void attentionIsOneStripAndKeepsAPieceOfTheScores(int threads) {
        Tensor x = Rng.seed(1).normal(Shape.of(4, 8, 128, 16), F32);
        Plan plan = Threads.limit(threads, () -> plan(y -> attention(y, y, y), x));
        assertEquals(1, plan.units().size(), () -> plan.units().toString());
        Unit.Strip strip = (Unit.Strip) plan.units().getFirst();
        assertEquals(3, strip.locals().size());
        assertEquals(threads == 1 ? 1 : 8, strip.shares());
        // input and result, and the scores before softmax and after it
        int scores = 4 * 8 * 128 * 128;
        assertEquals(2 * x.size() + 2 * scores / strip.pieces() * strip.shares(), plan.lengths().get(F32));
        Program program = Threads.limit(threads, () -> Program.compile(y -> attention(y, y, y)));
        for (int run = 0; run < 3; run++) {
            assertSame(attention(x, x, x), Threads.limit(threads, () -> program.apply(x)), "attention");
        }
    }

    /** Products write heads side by side where that is how they are read: within an example, which a piece has whole. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void headsSideBySideDoNotEndAStrip(int threads) {
        Tensor x = Rng.seed(1).normal(Shape.of(8, 4, 128, 16), F32);
        UnaryOperator<Tensor> function = y -> attention(y, y, y).transpose(1, 2).flatten(2).cos();
        assertEquals(1, Threads.limit(threads, () -> plan(function::apply, x)).units().size());
        Program program = Threads.limit(threads, () -> Program.compile(function));
        for (int run = 0; run < 3; run++) {
            assertSame(function.apply(x), Threads.limit(threads, () -> program.apply(x)), "run " + run);
        }
        Tensor one = Rng.seed(1).normal(Shape.of(1, 32, 128, 16), F32); // heads are pieces here, and lie apart
        assertEquals(2, Threads.limit(threads, () -> plan(function::apply, one)).units().size());
    }

    /** Their right factors stay packed, so some rows at a time are as good as all. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void layersAreRunByRows(int threads) {
        Variable first = Variable.parameter(Rng.seed(1).normal(Shape.of(128, 512), F32));
        Variable second = Variable.parameter(Rng.seed(2).normal(Shape.of(512, 64), F32));
        Function<Tensor, Tensor> layers = x -> x.matmul(first.value()).gelu().matmul(second.value());
        Tensor x = Rng.seed(3).normal(Shape.of(2, 512, 128), F32);
        Program program = Threads.limit(threads, () -> Program.compile(layers::apply));
        for (int run = 0; run < 3; run++) {
            assertSame(layers.apply(x), Threads.limit(threads, () -> program.apply(x)), "layers");
        }
        assertTrue(program.explain().contains("3 units in turns"), program::explain);
    }

    /** One thread may be at the end of its share when another begins: local values of different sizes come and go on the way. */
    @Test
    void threadsDoNotShareLocalMemory() {
        Tensor x = Rng.seed(1).normal(Shape.of(64, 256, 32), F32);
        UnaryOperator<Tensor> function =
                a -> a.matmul(a.transpose()).softmax(-1).matmul(a).softmax(-1).exp().sum(-1);
        Plan plan = Threads.limit(2, () -> plan(function::apply, x));
        Unit.Strip strip = (Unit.Strip) plan.units().getFirst();
        assertTrue(strip.shares() > 1);
        IntSummaryStatistics begins =
                strip.locals().stream().mapToInt(step -> plan.place(step).offset()).summaryStatistics();
        IntSummaryStatistics ends = strip.locals().stream().map(plan::place)
                .mapToInt(place -> place.offset() + place.length()).summaryStatistics();
        assertEquals(plan.shareLengths(strip).get(F32), ends.getMax() - begins.getMin(),
                "each share in a window of its own");
        Tensor expected = function.apply(x);
        Program program = Threads.limit(2, () -> Program.compile(function::apply));
        for (int run = 0; run < 30; run++) {
            assertSame(expected, Threads.limit(2, () -> program.apply(x)), "run " + run);
        }
    }

    /** Rows of a number that no other divides would be pieces by themselves. */
    @Test
    void rowsAreNotCutOneByOne() {
        Tensor x = Tensor.zeros(Shape.of(65537, 8), F32);
        assertTrue(plan(y -> y.exp().softmax(-1).exp(), x).units().stream().noneMatch(Unit.Strip.class::isInstance));
    }

    @Test
    void whatStaysInCacheAnywayIsNotCut() {
        Tensor x = Rng.seed(1).normal(Shape.of(4, 8, 16, 16), F32);
        assertTrue(plan(y -> attention(y, y, y), x).units().stream().noneMatch(Unit.Strip.class::isInstance));
    }

    /** A unit between two others that reads what they read joins them; one that reads something else divides them. */
    @Test
    void whatReadsTheSameDoesNotEndAStrip() {
        Tensor x = Rng.seed(1).normal(Shape.of(4, 8, 128, 64), F32);
        assertEquals(1, besideAttention(List.of(x), Tensor::cos).size());
        assertEquals(3, besideAttention(List.of(x, x), Tensor::cos).size());
    }

    /** The units of scores, of something else and of what becomes of the scores. */
    private static List<Unit> besideAttention(List<Tensor> inputs, UnaryOperator<Tensor> other) {
        return Threads.limit(1, () -> Plan.of(Simplify.of(Graph.traceAll(in -> {
            Tensor scores = in.getFirst().matmul(in.getFirst().transpose());
            Tensor beside = other.apply(in.getLast());
            return List.of(scores.softmax(-1), beside);
        }, inputs.stream().map(Tensor::spec).toArray(TensorSpec[]::new))))).units();
    }

    /** A piece of a flipped or transposed value is not where the unit before wrote its piece. */
    @Test
    void whatIsReadElsewhereThanItWasWrittenEndsAStrip() {
        Tensor x = Rng.seed(1).normal(Shape.of(16, 128, 128), F32);
        assertEquals(2, plan(y -> y.exp().flip(0).softmax(-1), x).units().size());
        assertEquals(2, plan(y -> y.exp().transpose(0, 1).softmax(-1), x).units().size());
        assertEquals(1, plan(y -> y.exp().transpose(1, 2).softmax(-1), x).units().size());
    }
}
