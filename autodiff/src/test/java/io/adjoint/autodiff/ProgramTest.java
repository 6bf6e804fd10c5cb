package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** When programs trace, what they return, and when they run as plain functions. */
class ProgramTest {
    private static Tensor vector(double... values) {
        return Tensor.of(values).cast(DType.F32);
    }

    private static TensorSpec spec(int... dims) {
        return new TensorSpec(DType.F32, Shape.of(dims));
    }

    private static void assertValues(Tensor found, double... expected) {
        assertArrayEquals(expected, found.cast(DType.F64).toDoubles());
    }

    @Test
    void aSignatureIsTracedOnce() {
        AtomicInteger traces = new AtomicInteger();
        Program program = Program.compile(x -> {
            traces.incrementAndGet();
            return x.mul(2);
        });
        Tensor full = vector(1, 2, 3);
        Tensor rest = vector(1, 2);
        for (int epoch = 0; epoch < 3; epoch++) {
            assertValues(program.apply(full), 2, 4, 6);
            assertValues(program.apply(rest), 2, 4);
        }
        assertEquals(2, traces.get());
        Training.scope(() -> program.apply(full));
        Training.scope(() -> program.apply(full));
        assertEquals(3, traces.get());
        assertEquals(DType.F64, program.apply(Tensor.of(new double[] {1, 2, 3})).dtype());
        assertEquals(4, traces.get());
    }

    @Test
    void aProgramTakesNoneToThreeInputsAndMore() {
        assertValues(Program.compile(() -> vector(1, 2).add(1)).apply(), 2, 3);
        Program sum = Program.compileAll(in -> List.of(in.stream().reduce(Tensor::add).orElseThrow(), in.getFirst()));
        Tensor x = vector(1);
        for (int call = 0; call < 2; call++) {
            assertValues(sum.apply(x), 1);
            assertValues(sum.apply(x, x), 2);
            assertValues(sum.apply(x, x, x), 3);
            assertValues(sum.applyAll(x, x, x, x).getFirst(), 4);
        }
    }

    @Test
    void inputsConstantsAndTheSameTensorTwiceAreReturned() {
        Tensor constant = vector(7, 8);
        Program program = Program.compileAll(in -> {
            Tensor y = in.getFirst().add(1);
            return List.of(in.getFirst(), constant, y, y, y.flip(0));
        });
        for (int call = 0; call < 2; call++) {
            List<Tensor> results = program.applyAll(vector(1, 2));
            assertValues(results.get(0), 1, 2);
            assertValues(results.get(1), 7, 8);
            assertValues(results.get(2), 2, 3);
            assertValues(results.get(3), 2, 3);
            assertValues(results.get(4), 3, 2);
        }
    }

    @Test
    void whatWasReturnedIsLeftAloneByLaterRuns() {
        Program program = Program.compileAll(in -> List.of(in.getFirst(), in.getFirst().exp(), in.getFirst().sum()));
        List<Tensor> first = program.applyAll(vector(0, 0));
        program.applyAll(vector(5, 5));
        assertValues(first.get(0), 0, 0);
        assertValues(first.get(1), 1, 1);
        assertValues(first.get(2), 0);
    }

    @Test
    void inputsOfAnyLayoutAreTaken() {
        Program program = Program.compile(x -> x.mul(2));
        Tensor x = vector(1, 2, 3, 4).reshape(2, 2);
        for (Tensor view : List.of(x, x.transpose(), x.flip(1), x.slice(0, 1, 2).expand(2, 2))) {
            assertTrue(view.mul(2).sameBits(program.apply(view)));
        }
    }

    @Test
    void emptyTensorsAreComputed() {
        Variable variable = Variable.buffer(Tensor.zeros(Shape.of(0, 3), DType.F32));
        Program program = Program.compileAll(in -> {
            variable.set(variable.value().add(1));
            return List.of(in.getFirst().add(1), in.getFirst().sum(), in.getFirst().sum(0),
                    in.getFirst().matmul(in.getFirst().transpose()), variable.value());
        });
        for (int call = 0; call < 2; call++) {
            List<Tensor> results = program.applyAll(Tensor.zeros(Shape.of(0, 3), DType.F32));
            assertEquals(Shape.of(0, 3), results.get(0).shape());
            assertValues(results.get(1), 0);
            assertValues(results.get(2), 0, 0, 0);
            assertEquals(Shape.of(0, 0), results.get(3).shape());
            assertEquals(Shape.of(0, 3), results.get(4).shape());
        }
    }

    @Test
    void gradientsFlowThroughACallWithATrackedTensor() {
        Program program = Program.compile(x -> x.square());
        Tensor x = vector(3).tracked();
        assertValues(program.apply(x).sum().gradients(x).of(x), 6);
        assertFalse(program.apply(x.detached()).isTracked());
    }

    @Test
    void aFunctionWithATrackedResultRunsAsItIs() {
        Variable weight = Variable.parameter(vector(2));
        Program program = Program.compile(x -> x.mul(weight.value()));
        Tensor y = Training.scope(() -> program.apply(vector(5)));
        assertValues(y.sum().gradients(weight).of(weight), 5);
        assertTrue(program.explain().contains("runs as the plain function, since its result is tracked"));
        assertThrows(IllegalStateException.class, () -> Training.scope(() -> program.memory(spec(1))));
    }

    @Test
    void aProgramInAProgramAndInATraceIsItsFunction() {
        Program inner = Program.compile(x -> x.mul(2));
        Program outer = Program.compile(x -> inner.apply(x).add(1));
        assertValues(outer.apply(vector(1)), 3);
        assertValues(outer.apply(vector(2)), 5);
        assertEquals(Graph.trace(x -> x.mul(2), spec(1)).toString(), Graph.trace(inner::apply, spec(1)).toString());
    }

    @Test
    void resultsOutliveTheRunOfAWorkspace() {
        Variable count = Variable.buffer(vector(0));
        Program program = Program.compile(x -> {
            count.set(count.value().add(1));
            return x.mul(count.value());
        });
        Workspace workspace = new Workspace();
        List<Tensor> leaked = new ArrayList<>();
        for (int call = 1; call < 4; call++) {
            Tensor result = workspace.compute(() -> {
                leaked.add(program.apply(vector(5)));
                return program.apply(vector(10));
            });
            assertValues(result, 20 * call);
            assertValues(count.value(), 2 * call);
        }
        assertValues(leaked.getFirst(), 5);
        assertValues(program.apply(vector(1)), 7);
    }

    @Test
    void eagerlyAFunctionIsCalledEachTime() {
        List<Boolean> readable = new ArrayList<>();
        Program program = Program.compile(x -> {
            readable.add(canRead(x));
            return x.add(1);
        });
        program.apply(vector(1));
        program.apply(vector(1));
        assertEquals(List.of(false), readable);
        assertValues(Program.eagerly(() -> program.apply(vector(1))), 2);
        assertValues(Program.eagerly(() -> program.applyAll(vector(1)).getFirst()), 2);
        assertEquals(List.of(false, true, true), readable);
        program.apply(vector(1));
        assertEquals(3, readable.size());
    }

    private static boolean canRead(Tensor x) {
        try {
            return x.toFloats().length > 0;
        } catch (TraceException e) {
            return false;
        }
    }

    @Test
    void aSignatureIsHeldTo() {
        Program program = Program.compile((x, y) -> x.add(y)).withSignature(spec(2), spec(2));
        assertValues(program.apply(vector(1, 2), vector(1, 2)), 2, 4);
        for (Runnable call : List.<Runnable>of(() -> program.apply(vector(1, 2), vector(1)),
                () -> Program.eagerly(() -> program.apply(vector(1, 2), vector(1))),
                () -> program.memory(spec(2), spec(1)))) {
            assertEquals(
                    "program: the inputs do not fit its signature: inputs (F32[2], F32[1]); expected (F32[2], F32[2])",
                    assertThrows(ShapeException.class, call::run).getMessage());
        }
        assertThrows(ShapeException.class, () -> program.apply(vector(1, 2)));
    }

    @Test
    void aFailedTraceChangesNothingAndTheNextCallWorks() {
        Variable count = Variable.buffer(vector(0));
        boolean[] fails = {true};
        IllegalArgumentException thrown = new IllegalArgumentException("mine");
        Program program = Program.compile(x -> {
            count.set(count.value().add(x));
            if (fails[0]) {
                throw thrown;
            }
            return count.value();
        });
        assertSame(thrown, assertThrows(IllegalArgumentException.class, () -> program.apply(vector(1))));
        assertValues(count.value(), 0);
        fails[0] = false;
        assertValues(program.apply(vector(2)), 2);
        assertValues(count.value(), 2);
    }

    /** What counts is known at run time only: a label to be ignored, one that there is not. */
    @Test
    void crossEntropyOfLabelsIsCompiled() {
        Tensor logits = Rng.seed(1).normal(Shape.of(4, 3), DType.F32);
        List<ClassOptions> options = List.of(ClassOptions.DEFAULT, ClassOptions.DEFAULT.withSmoothing(0.1));
        for (ClassOptions each : options) {
            BinaryOperator<Tensor> gradient = (x, y) -> {
                Tensor tracked = x.tracked();
                return Losses.crossEntropy(tracked, y, each, Reduction.MEAN).gradients(tracked).of(tracked);
            };
            Program program = Program.compile(gradient);
            for (long[] labels : new long[][] {{0, 1, 2, 0}, {-100, 1, 2, -100}}) {
                Tensor y = Tensor.of(labels);
                assertTrue(gradient.apply(logits, y).sameBits(program.apply(logits, y)));
            }
            assertThrows(ShapeException.class, () -> program.apply(logits, Tensor.of(new long[] {0, 1, 2, 3})));
            assertThrows(ShapeException.class, () -> gradient.apply(logits, Tensor.of(new long[] {0, 1, 2, 3})));
        }
    }
}
