package io.adjoint.autodiff.tape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Formula;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Observation;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Workspace;
import io.adjoint.autodiff.check.NotFiniteException;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Operations that are computed as one have the bits of those one by one, wherever they stand. */
class JointTest {
    private static final List<Unary> UNARIES =
            List.of(Unary.SIGMOID, Unary.TANH, Unary.NEG, Unary.RELU, Unary.EXP, Unary.GELU);

    private static final List<Binary> BINARIES =
            List.of(Binary.ADD, Binary.SUB, Binary.MUL, Binary.MAXIMUM, Binary.DIV);

    private static final Formula GATED = Formula.of(2, x -> x.get(0).sigmoid().mul(x.get(1).tanh()));

    private static final Tensor X = Rng.seed(3).normal(Shape.of(5, 4), DType.F32);

    @Property(tries = 400, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void bitsAreThoseOfTheOperationsOneByOne(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int arity = random.nextInt(1, 4);
        Function<List<Tensor>, Tensor> function = function(random.nextLong(), arity);
        DType type = random.nextBoolean() ? DType.F32 : DType.F64;
        int rows = random.nextInt(1, 40);
        long surroundings = random.nextLong();
        List<Tensor> plain = results(function, arity, type, rows, surroundings);
        Formula formula = Formula.of(arity, function);
        List<Tensor> joint =
                results(x -> formula.apply(x.toArray(Tensor[]::new)), arity, type, rows, surroundings);
        for (int i = 0; i < plain.size(); i++) {
            assertTrue(plain.get(i).sameBits(joint.get(i)),
                    "result " + i + " of seed " + seed);
        }
    }

    /** Operations on so many inputs, of which each result but the last is used once or twice. */
    private static Function<List<Tensor>, Tensor> function(long seed, int arity) {
        return inputs -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<Tensor> unused = new ArrayList<>(inputs);
            List<Tensor> usedOnce = new ArrayList<>();
            for (int steps = random.nextInt(2, 5); steps > 0 || unused.size() > 1; steps--) {
                Tensor a = unused.remove(random.nextInt(unused.size()));
                List<Tensor> others = random.nextInt(4) > 0 || usedOnce.isEmpty() ? unused : usedOnce;
                if (steps > 0 && random.nextInt(3) == 0) {
                    unused.add(UNARIES.get(random.nextInt(UNARIES.size())).of(a));
                    usedOnce.add(a);
                } else if (others.isEmpty()) {
                    unused.add(BINARIES.get(random.nextInt(BINARIES.size())).of(a, a));
                } else {
                    Tensor b = others.remove(random.nextInt(others.size()));
                    unused.add(BINARIES.get(random.nextInt(BINARIES.size())).of(a, b));
                    usedOnce.add(a);
                }
            }
            return unused.getFirst();
        };
    }

    /** The function's value among other operations, and gradients of first and second order. */
    private static List<Tensor> results(Function<List<Tensor>, Tensor> function, int arity, DType type, int rows,
            long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor[] leaves = new Tensor[3];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = Rng.seed(random.nextLong()).normal(Shape.of(rows, 6), type).tracked();
        }
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            Tensor leaf = leaves[random.nextInt(leaves.length)];
            inputs.add(switch (random.nextInt(5)) {
                case 0 -> leaf;
                case 1 -> leaf.mul(leaves[random.nextInt(leaves.length)]);
                case 2 -> leaf.detached();
                case 3 -> leaf.transpose().exp().transpose();
                default -> Tensor.concat(1, leaf, leaf.sin()).narrow(1, random.nextInt(7), 6);
            });
        }
        Tensor y = function.apply(inputs);
        List<Tensor> parts = new ArrayList<>(List.of(y.mul(leaves[0]), leaves[1].cos(), leaves[0].mul(leaves[2])));
        parts.addAll(inputs);
        while (parts.size() > 1) {
            Tensor a = parts.remove(random.nextInt(parts.size()));
            Tensor b = parts.remove(random.nextInt(parts.size()));
            parts.add(a.add(b));
        }
        Tensor loss = parts.getFirst().square().sum();
        List<Tensor> results = new ArrayList<>(List.of(y, loss));
        results.addAll(loss.gradients(leaves).values());
        results.addAll(new Workspace().compute(() -> loss.gradients(leaves[1]).of(leaves[1])).unbind(0));
        Gradients slopes = loss.differentiableGradients(leaves);
        results.addAll(slopes.values());
        Tensor all = Arrays.stream(leaves).map(leaf -> slopes.of(leaf).square().sum()).reduce(Tensor::add).get();
        results.addAll(all.gradients(leaves).values());
        return results;
    }

    @Test
    void anInputThatIsConstantGetsNothing() {
        Tensor x = X.tracked();
        assertTrue(GATED.apply(X, x).sum().gradients(x).of(x)
                .sameBits(X.sigmoid().mul(x.tanh()).sum().gradients(x).of(x)));
        assertFalse(GATED.apply(X, X).isTracked());
    }

    @Test
    void oneTensorMayBeSeveralInputs() {
        Tensor x = X.tracked();
        assertTrue(GATED.apply(x, x).sum().gradients(x).of(x)
                .sameBits(x.sigmoid().mul(x.tanh()).sum().gradients(x).of(x)));
    }

    @Test
    void gradientsMayBeTakenByTheResult() {
        Tensor x = X.tracked();
        Tensor y = GATED.apply(x, X);
        Gradients gradients = y.mul(y).sum().gradients(y, x);
        assertTrue(gradients.of(y).sameBits(y.detached().add(y.detached())));
        assertTrue(y.sum().gradients(y).of(y).sameBits(Tensor.ones(5, 4)));
    }

    @Test
    void aWatchSeesTheOperations() {
        Tensor zero = X.mul(0);
        Formula root = Formula.of(1, x -> x.getFirst().sqrt().mul(x.getFirst()));
        Tensor x = zero.tracked();
        Tensor y = root.apply(x);
        NotFiniteException refusal =
                assertThrows(NotFiniteException.class, () -> FiniteWatch.run(value -> !Double.isFinite(value),
                        () -> y.sum().gradients(x).of(x)));
        assertTrue(refusal.getMessage().contains("in the gradient of sqrt"), refusal.getMessage());
    }

    @Test
    void aGraphHoldsTheOperations() {
        Graph graph = Graph.traceAll(x -> List.of(GATED.apply(x.getFirst(), x.getFirst())), X.spec());
        assertEquals(Graph.traceAll(x -> List.of(x.getFirst().sigmoid().mul(x.getFirst().tanh())), X.spec()).toString(),
                graph.toString());
    }

    @Test
    void whatOneLoopWouldNotDoRunsAsItIsWritten() {
        Tensor row = X.select(0, 0).tracked();
        assertRunsAsWritten(GATED, X, row);
        assertRunsAsWritten(GATED, X, row.cast(DType.F64).expand(5, 4));
        assertRunsAsWritten(Formula.of(1, x -> x.getFirst().exp().sum(0)), X.tracked());
        assertRunsAsWritten(Formula.of(1, x -> x.getFirst().exp().mul(3)), X.tracked());
        assertRunsAsWritten(Formula.of(1, x -> {
            Tensor e = x.getFirst().exp();
            return e.mul(e).mul(e);
        }), X.tracked());
        assertRunsAsWritten(Formula.of(1, x -> {
            x.getFirst().exp();
            return x.getFirst().sin().cos();
        }), X.tracked());
    }

    private static void assertRunsAsWritten(Formula formula, Tensor... inputs) {
        assertNull(Internals.node(formula.apply(inputs)).call());
    }

    @Test
    void anotherNumberOfInputsIsRefused() {
        ShapeException refusal = assertThrows(ShapeException.class, () -> GATED.apply(X));
        assertTrue(refusal.getMessage().contains("expected 2 inputs"), refusal.getMessage());
    }

    /** The others are too long. */
    @Test
    void mostOfTheseFunctionsAreComputedAsOne() {
        long joined = LongStream.range(0, 100)
                .filter(seed -> Internals.node(Formula.of(1, function(seed, 1)).apply(X.tracked())).call() != null)
                .count();
        assertTrue(joined > 60, () -> joined + " of 100");
    }

    @Test
    void aLongFormulaIsComputedOperationByOperation() {
        Function<List<Tensor>, Tensor> chain = inputs -> {
            Tensor y = inputs.getFirst();
            for (int i = 0; i < 60; i++) {
                y = y.tanh();
            }
            return y;
        };
        Tensor x = X.tracked();
        Tensor y = Formula.of(1, chain).apply(x);
        assertNull(Internals.node(y).call());
        assertTrue(y.sameBits(chain.apply(List.of(x))));
    }

    /** Along axes that a scalar does not have, or passes for having. */
    @Test
    void whatIsNotElementwiseRunsAsItIsWritten() {
        List<UnaryOperator<Tensor>> functions = List.of(x -> x.exp().transpose(0, -1).tanh(),
                x -> x.exp().flip(0).tanh(), x -> x.exp().flip(-1).tanh(), x -> x.softmax(-1).exp().tanh(),
                x -> x.exp().cumsum(-1).tanh(), x -> x.exp().tanh().sum(-1), x -> x.exp().tanh().mean(),
                x -> x.narrow(1, 0, 2).exp().tanh(), x -> x.exp().tanh().select(1, 2), x -> x.exp().tanh().flatten(0),
                x -> x.exp().reshape(4, 5).tanh(), x -> x.exp().tanh().unsqueeze(0), x -> x.exp().tanh().matmul(X));
        for (UnaryOperator<Tensor> function : functions) {
            Formula formula = Formula.of(1, x -> function.apply(x.getFirst()));
            Tensor square = Rng.seed(4).normal(Shape.of(5, 5), DType.F32);
            for (Tensor x : List.of(Tensor.scalar(2), X, square)) {
                Tensor expected;
                try {
                    expected = function.apply(x);
                } catch (ShapeException refused) {
                    assertEquals(refused.getMessage(),
                            assertThrows(ShapeException.class, () -> formula.apply(x)).getMessage());
                    continue;
                }
                assertTrue(expected.sameBits(formula.apply(x)), () -> "of " + x.spec());
            }
        }
    }

    @Test
    void aResultThatNoGradientFlowsBackThrough() {
        for (Function<List<Tensor>, Tensor> function : List.<Function<List<Tensor>, Tensor>>of(
                x -> x.getFirst().exp().floor().mul(x.getFirst()), x -> x.getFirst().exp().mul(3).floor(),
                x -> x.getFirst().exp().sin().floor(), x -> x.getFirst().mul(x.getFirst().exp().sign()).tanh())) {
            Tensor x = X.tracked();
            Tensor expected = function.apply(List.of(x));
            Tensor y = Formula.of(1, function).apply(x);
            assertTrue(expected.sameBits(y));
            assertEquals(expected.isTracked(), y.isTracked());
            if (y.isTracked()) {
                assertTrue(expected.sum().gradients(x).of(x).sameBits(y.sum().gradients(x).of(x)));
            }
        }
    }

    @Test
    void anObserverOfGradientsSeesThoseOfTheOperations() {
        Tensor x = X.tracked();
        assertEquals(gradientOperations(x.sigmoid().mul(x.tanh()), x), gradientOperations(GATED.apply(x, x), x));
    }

    private static List<String> gradientOperations(Tensor y, Tensor x) {
        List<String> seen = new ArrayList<>();
        Observation.scope((op, _, _) -> seen.add(op.id()), () -> y.sum().gradients(x).of(x));
        return seen;
    }

    @Test
    void anotherShapeMayNeedOperationsThatTheFirstOneDidNot() {
        Function<List<Tensor>, Tensor> function = inputs -> inputs.getFirst().exp().reshape(2, 10).tanh();
        Formula formula = Formula.of(1, function);
        for (Shape shape : List.of(Shape.of(2, 10), Shape.of(5, 4))) {
            Tensor x = X.reshape(shape);
            assertTrue(function.apply(List.of(x)).sameBits(formula.apply(x)), () -> "of " + shape);
        }
    }

    @Test
    void aFormulaOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Formula.of(0, inputs -> X));
    }
}
