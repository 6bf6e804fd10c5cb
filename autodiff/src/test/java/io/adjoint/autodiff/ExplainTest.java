package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.MatMulAdd;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What programs say of themselves. */
class ExplainTest {
    private static TensorSpec spec(int... dims) {
        return new TensorSpec(DType.F32, Shape.of(dims));
    }

    private static Variable variable(int... dims) {
        return Variable.buffer(Tensor.ones(dims));
    }

    private static String explained(Program program, TensorSpec... specs) {
        program.memory(specs);
        return program.explain();
    }

    @Test
    void unitsWorkMemoryAndVariablesAreNamed() {
        Variable weight = variable(4, 3);
        Variable old = variable(4, 3);
        Program program = Program.compile((x, i) -> {
            Tensor y = x.matmul(weight.value()).tanh().add(1);
            old.set(weight.value());
            weight.set(weight.value().mul(0.5).sub(y.sum()));
            return y.indexSelect(0, i);
        });
        String text = explained(program, spec(2, 4), new TensorSpec(DType.I64, Shape.of(2)));
        for (String expected : List.of(
                " (F32[2, 4], I64[2])\n  8 operations in 5 units, ",
                "matmul{left=PLAIN, right=PLAIN} of F32[2, 4], F32[4, 3] to F32[2, 3], with the epilogue fused [tanh, add] of "
                        + "[2, 3], 2 operations, ",
                "; 366 FLOPs, 80 bytes read, 24 written",
                "  memory: ", " 96 of variables, 0 of factors kept packed, 48 of inputs, 24 of outputs",
                "variable $0 F32[4, 3] updated in place by unit",
                "variable $1 F32[4, 3] updated in place by unit")) {
            assertTrue(text.contains(expected), () -> expected + " is not in\n" + text);
        }
        assertFalse(text.contains("allocates in each run"), text);
    }

    @Test
    void gatheredLoopsAreNamedWithWhatTheyUpdate() {
        List<Variable> all = List.of(variable(4), variable(2, 3), variable(4));
        String text = explained(Program.compile(x -> {
            Tensor rate = x.sum();
            all.forEach(each -> each.set(each.value().mul(rate).neg()));
            return rate;
        }), spec(4));
        assertTrue(text.contains(
                "unit 1: 3 equal loops as one: fused [mul, neg] of 2 x [4], 1 x [2, 3], 2 operations, 4 nodes each, "
                        + "3 variables updated in place; 56 FLOPs, 60 bytes read, 56 written"),
                text);
    }

    @Test
    void soAreThoseOfMatricesWithNumbersOfTheirRows() {
        List<Variable> all = List.of(variable(3, 4), variable(2, 3));
        String text = explained(Program.compile(x -> {
            all.forEach(each -> each.set(each.value().mul(each.value().sum(Axes.keep(1))).neg()));
            return x.sum();
        }), spec(4));
        assertTrue(text.contains(
                "2 equal loops as one: fused [mul, neg] of 1 x [3, 4], 1 x [2, 3], 2 operations, 4 nodes each, "
                        + "2 variables updated in place; 72 FLOPs, 92 bytes read, 72 written"),
                text);
    }

    /** Multiplications and additions of the product, and one addition more for each element that it is added to. */
    @Test
    void aProductThatIsAddedCountsAsOne() {
        MatMulAdd op = new MatMulAdd(MatMul.Side.PLAIN, MatMul.Side.PLAIN);
        String text = explained(Program.compileAll(in -> List.of(op.apply(in.get(0), in.get(1), in.get(2)))),
                spec(2, 3), spec(2, 4), spec(4, 3));
        assertTrue(text.contains("matmul_add{left=PLAIN, right=PLAIN} of F32[2, 3], F32[2, 4], F32[4, 3] to F32[2, 3]; "
                + "54 FLOPs, "), text);
    }

    @Test
    void operationsWithoutALaunchOfTheirOwnAreNamed() {
        String text = explained(Program.compile((UnaryOperator<Tensor>) x -> x.exp().argsort(0)), spec(4));
        assertTrue(text.contains("allocates in each run: sort_places (1 times)"), text);
    }

    /** One function for each thing that may be in the way of a loop. */
    @Test
    void theReasonsForTheEndOfALoopAreNamed() {
        assertBreak("add F32[3, 4] (unit 1) with exp F32[4] (unit 0), since their shapes differ",
                x -> x.exp().add(Tensor.ones(3, 1)), spec(4));
        assertBreak(
                "cast{target=F64} F64[4] (unit 1) with exp F32[4] (unit 0), since their numbers are of different widths",
                x -> x.exp().cast(DType.F64), spec(4));
        assertBreak("neg F32[4] (unit 1) with exp F32[4] (unit 0), since there is a view between them",
                x -> x.exp().flip(0).neg(), spec(4));
        assertBreak("since the loop would have more than", x -> {
            Tensor y = x;
            for (int i = 0; i < 30; i++) {
                y = y.tanh().exp();
            }
            return y;
        }, spec(4));
        assertBreak("since a step outside of the loop would have to run in the middle of it",
                x -> x.exp().sub(x.exp().sum()), spec(4));
        assertBreak("since the loop would walk along more than", x -> {
            Tensor y = x;
            for (Variable each : MANY) {
                y = y.add(each.value());
            }
            return y;
        }, spec(4));
    }

    private static final List<Variable> MANY =
            Stream.generate(() -> variable(4)).limit(20).toList();

    private static void assertBreak(String expected, UnaryOperator<Tensor> function, TensorSpec spec) {
        String text = explained(Program.compile(function), spec);
        assertTrue(text.contains("not fused: ") && text.contains(expected), () -> expected + " is not in\n" + text);
    }

    @Test
    void theReasonsForACopyAreNamed() {
        Variable v = variable(4);
        Variable w = variable(4);
        assertCopied("is no result of a unit", x -> {
            v.set(x);
            return x;
        });
        assertCopied("reads the old one at other places", x -> {
            v.set(v.value().flip(0).add(x));
            return x;
        });
        assertCopied("is stored in another variable too", x -> {
            Tensor y = x.exp();
            v.set(y);
            w.set(y);
            return x;
        });
        assertCopied("is read by what needs the new one", x -> {
            Tensor old = v.value();
            v.set(x.exp().softmax(0).exp());
            return old.mul(v.value().sum());
        });
        assertCopied("may refuse its inputs", i -> {
            v.set(v.value().add(i));
            return v.value().indexSelect(0, v.value().cast(DType.I64));
        });
    }

    private static void assertCopied(String expected, UnaryOperator<Tensor> function) {
        String text = explained(Program.compile(function), spec(4));
        assertTrue(text.contains("copied in the end, since ") && text.contains(expected),
                () -> expected + " is not in\n" + text);
    }

    /**
     * A step over matrices. The first copies of it allocate more: code that is emitted for all later ones, and what kernels
     * need until they are compiled; and less, since only SIMD code keeps factors packed.
     */
    @Test
    void theForecastIsWhatTheFirstRunAllocates() {
        double ratio = firstRun();
        for (int copy = 0; copy < 200 && Math.abs(ratio - 1) > 0.1; copy++) {
            ratio = firstRun();
        }
        assertEquals(1, ratio, 0.1);
    }

    /** What the first run of a fresh step allocates in relation to the forecast. */
    private static double firstRun() {
        int n = 256;
        Tensor x = Tensor.full(Shape.of(n, n), DType.F32, 1);
        Variable weight = Variable.parameter(Tensor.ones(n, n));
        Variable momentum = variable(n, n);
        Variable frozen = Variable.buffer(Tensor.ones(n, n));
        Program step = Program.compile(in -> Training.scope(() -> {
            Tensor hidden = in.matmul(weight.value()).tanh();
            Tensor loss = hidden.matmul(frozen.value()).matmul(weight.value()).softmax(1).square().mean();
            Tensor gradient = loss.gradients(weight).of(weight);
            momentum.set(momentum.value().mul(0.9).add(gradient));
            weight.set(weight.value().detached().sub(momentum.value().mul(0.1)));
            return hidden.detached();
        }));
        ProgramMemory forecast = Threads.limit(1, () -> step.memory(x.spec())); // planned and run with one thread
        assertEquals(List.of(forecast), step.memories());
        assertEquals(4L * n * n, forecast.inputs());
        assertEquals(12L * n * n, forecast.variables());
        assertEquals(12L * n * n, forecast.kept()); // the frozen one for the loss and for its gradient; the weight, for two products
        assertEquals(4L * n * n, forecast.outputs());
        long before = allocated();
        Threads.limit(1, () -> step.apply(x));
        long used = allocated() - before; // inputs and constants were there before
        return used / (double) (forecast.peak() - forecast.inputs() - forecast.constants());
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
