package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Variables that programs read and update, between and during their runs. */
@Timeout(120)
class ProgramVariablesTest {
    private static Tensor vector(double... values) {
        return Tensor.of(values).cast(DType.F32);
    }

    private static void assertValues(Tensor found, double... expected) {
        assertArrayEquals(expected, found.cast(DType.F64).toDoubles());
    }

    private static Variable variable(double... values) {
        return Variable.buffer(vector(values));
    }

    @Test
    void aValueThatWasHandedOutStaysAsItWas() {
        Variable v = variable(1, 2);
        Program program = Program.compile(x -> {
            v.set(v.value().add(x));
            return v.value();
        });
        Tensor before = v.value();
        Tensor result = program.apply(vector(1, 1));
        Tensor between = v.value();
        Tensor view = between.flip(0);
        program.apply(vector(1, 1));
        program.apply(vector(1, 1));
        assertValues(before, 1, 2);
        assertValues(result, 2, 3);
        assertValues(between, 2, 3);
        assertValues(view, 3, 2);
        assertValues(v.value(), 4, 5);
    }

    @Test
    void whatIsSetBetweenRunsIsWhatTheNextRunSees() {
        Variable updated = variable(1, 1, 1, 1);
        Variable read = variable(1, 1, 1, 1);
        Program program = Program.compile(x -> {
            updated.set(updated.value().add(x));
            return updated.value().mul(10).add(read.value());
        });
        assertValues(program.apply(vector(0, 0, 0, 0)), 11, 11, 11, 11);
        Tensor long4 = vector(1, 2, 3, 4, 5, 6, 7, 8);
        Workspace workspace = new Workspace();
        List<UnaryOperator<Variable>> ways = List.of(
                v -> set(v, vector(5, 6, 7, 8)),
                v -> set(v, long4.slice(0, 0, 4)),
                v -> set(v, long4.slice(0, 4, 8)),
                v -> set(v, long4.slice(0, 0, 4).flip(0)),
                v -> set(v, vector(3).expand(4)),
                v -> set(v, long4.reshape(4, 2).select(1, 1)),
                v -> set(v, v.value().mul(2)),
                v -> {
                    workspace.run(() -> set(v, v.value().add(1)));
                    return v;
                });
        for (UnaryOperator<Variable> first : ways) {
            for (UnaryOperator<Variable> second : ways) {
                first.apply(updated);
                second.apply(read);
                Tensor expected = updated.value().add(1).mul(10).add(read.value());
                assertValues(program.apply(vector(1, 1, 1, 1)), expected.cast(DType.F64).toDoubles());
                second.apply(updated);
                first.apply(read);
                Tensor inWorkspace = updated.value().add(1).mul(10).add(read.value());
                assertValues(workspace.compute(() -> program.apply(vector(1, 1, 1, 1))),
                        inWorkspace.cast(DType.F64).toDoubles());
            }
        }
    }

    /** Factors that a program keeps packed: whoever changes them, the next run sees it. */
    @Test
    void factorsThatAreKeptFollowTheirVariable() {
        Rng rng = Rng.seed(1);
        Variable weight = Variable.buffer(rng.stream(1).normal(Shape.of(48, 40), DType.F32));
        Tensor x = rng.stream(2).normal(Shape.of(20, 48), DType.F32);
        Program product = Program.compile((Tensor in) -> in.matmul(weight.value()));
        // nobody reads the variable as a tensor, or the step would not write it in place; a factor that is computed is not kept
        Program plain = Program.compile((in, one) -> in.matmul(weight.value().mul(one)));
        Tensor one = Tensor.scalar(1);
        Program step = Program.compile(() -> {
            weight.set(weight.value().mul(0.5));
            return Tensor.scalar(0);
        });
        // many runs, so that SIMD code serves the later ones
        for (int run = 0; run < 12000; run++) {
            switch (run % 5) {
                case 1 -> weight.set(rng.stream(run).normal(weight.spec().shape(), DType.F32));
                case 2 -> weight.set(rng.stream(run).normal(Shape.of(40, 48), DType.F32).transpose());
                default -> step.apply(); // in place from the second time on
            }
            assertTrue(plain.apply(x, one).sameBits(product.apply(x)), "run " + run);
        }
    }

    /**
     * A factor that several products of a run read is kept although the run changes it at its end: the next run sees the change, and
     * so does a program that only reads it, and a value of it that was captured.
     */
    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void factorsThatRunsReadManyTimesAreKeptUntilTheyChange(DType dtype) {
        Tensor start = Rng.seed(1).normal(Shape.of(48, 48), dtype).mul(0.1);
        Tensor x = Rng.seed(2).normal(Shape.of(20, 48), dtype);
        Tensor one = Tensor.full(Shape.of(), dtype, 1);
        Variable weight = Variable.buffer(start);
        Variable twin = Variable.buffer(start);
        Program keeping = Program.compile((in, by) -> recurrent(in, weight.value(), weight, by));
        Program plain = Program.compile((in, by) -> recurrent(in, twin.value().mul(by), twin, by));
        Program reading = Program.compile((Tensor in) -> in.matmul(weight.value()).matmul(weight.value().transpose()));
        Program readingTwin = Program.compile(
                (in, by) -> in.matmul(twin.value().mul(by)).matmul(twin.value().mul(by).transpose()));
        // many runs, so that SIMD code serves the later ones
        for (int run = 0; run < 6000; run++) {
            assertTrue(plain.apply(x, one).sameBits(keeping.apply(x, one)), "run " + run);
            assertTrue(readingTwin.apply(x, one).sameBits(reading.apply(x)), "reading after run " + run);
        }
        Tensor value = weight.value();
        assertTrue(twin.value().sameBits(value));
        assertTrue(readingTwin.apply(x, one).sameBits(
                Program.compile((Tensor in) -> in.matmul(value).matmul(value.transpose())).apply(x)));
        assertEquals(0, plain.memories().getFirst().kept());
    }

    private static Tensor recurrent(Tensor x, Tensor factor, Variable weight, Tensor by) {
        Tensor hidden = x;
        for (int step = 0; step < 3; step++) {
            hidden = x.add(hidden.matmul(factor)).tanh().add(hidden.matmul(factor.transpose()));
        }
        weight.set(weight.value().mul(by).mul(0.999));
        return hidden;
    }

    private static Variable set(Variable variable, Tensor value) {
        variable.set(value);
        return variable;
    }

    /** Both variables hold one array, which was read in between. */
    @Test
    void variablesThatHoldTheSameTensorAreUpdatedApart() {
        Variable a = variable(1);
        Variable b = variable(2);
        Program program = Program.compile(x -> {
            a.set(a.value().add(x));
            return a.value().mul(10).add(b.value());
        });
        program.apply(vector(1));
        b.set(a.value());
        assertValues(program.apply(vector(1)), 32);
        assertValues(b.value(), 2);
        a.set(b.value());
        assertValues(program.apply(vector(1)), 32);
        assertValues(a.value(), 3);
        assertValues(b.value(), 2);
    }

    @Test
    void oldValuesAreReturnedAndMoved() {
        Variable a = variable(1, 2);
        Variable b = variable(3, 4);
        Program swap = Program.compileAll(in -> {
            Tensor old = a.value();
            a.set(b.value());
            b.set(old);
            return List.of(old, old.flip(0));
        });
        List<Tensor> results = swap.applyAll();
        assertValues(results.get(0), 1, 2);
        assertValues(results.get(1), 2, 1);
        assertValues(a.value(), 3, 4);
        assertValues(b.value(), 1, 2);
        swap.applyAll();
        assertValues(a.value(), 1, 2);
        Program push = Program.compile(x -> {
            Tensor old = a.value();
            a.set(x);
            b.set(old.flip(0));
            return old;
        });
        assertValues(push.apply(vector(8, 9)), 1, 2);
        assertValues(b.value(), 2, 1);
        assertValues(push.apply(vector(0, 0)), 8, 9);
        assertValues(b.value(), 9, 8);
        Program turn = Program.compile(() -> {
            b.set(b.value().flip(0));
            a.set(a.value());
            return b.value();
        });
        assertValues(turn.apply(), 8, 9);
        assertValues(b.value(), 8, 9);
        assertValues(a.value(), 0, 0);
    }

    /** The second result reads what the first one's update replaces. */
    @Test
    void everyoneWhoReadsTheOldValueReadsIt() {
        Variable v = variable(1, 2);
        Program program = Program.compileAll(in -> {
            Tensor old = v.value();
            Tensor next = old.add(in.getFirst());
            v.set(next);
            return List.of(next.sum().mul(old), old.sum(), old.flip(0).mul(next));
        });
        List<Tensor> results = program.applyAll(vector(10, 10));
        assertValues(results.get(0), 23, 46);
        assertValues(results.get(1), 3);
        assertValues(results.get(2), 22, 12);
        assertValues(v.value(), 11, 12);
    }

    @Test
    void anUpdateThatReadsElsewhereWritesApart() {
        Variable v = variable(1, 2, 3, 4);
        Program program = Program.compile(() -> {
            v.set(v.value().add(v.value().flip(0).mul(10)));
            return v.value();
        });
        assertValues(program.apply(), 41, 32, 23, 14);
        assertValues(v.value(), 41, 32, 23, 14);
    }

    @Test
    void variablesMadeInsideLiveForOneCall() {
        Variable outer = variable(0);
        Program program = Program.compile(x -> {
            Variable inner = Variable.buffer(x);
            for (int i = 0; i < 3; i++) {
                inner.set(inner.value().mul(2));
            }
            outer.set(inner.value());
            return inner.value().add(outer.value());
        });
        assertValues(program.apply(vector(1)), 16);
        assertValues(program.apply(vector(2)), 32);
        assertValues(outer.value(), 16);
    }

    @Test
    void aRunThatIsRefusedChangesNoVariable() {
        Tensor table = vector(10, 20, 30);
        Variable first = variable(1);
        Variable second = variable(2);
        Variable third = variable(3);
        Program program = Program.compile(i -> {
            first.set(first.value().add(1));
            second.set(table.indexSelect(0, i.add(first.value().cast(DType.I64)).sub(2)));
            third.set(third.value().mul(second.value()));
            return first.value();
        });
        Tensor good = Tensor.of(new long[] {0});
        program.apply(good);
        assertThrows(ShapeException.class, () -> program.apply(Tensor.of(new long[] {7})));
        assertValues(first.value(), 2);
        assertValues(second.value(), 10);
        assertValues(third.value(), 30);
        assertValues(program.apply(good), 3);
        assertValues(second.value(), 20);
        assertValues(third.value(), 600);
    }

    // ---- threads

    @Test
    void threadsThatInferDoNotDisturbEachOther() throws InterruptedException {
        Variable weight = variable(2, 3);
        Program program = Program.compile(x -> x.mul(weight.value()).exp().sum());
        Tensor[] found = new Tensor[8];
        all(8, thread -> {
            for (int call = 0; call < 50; call++) {
                found[thread] = program.apply(vector(thread, call % 2));
            }
        });
        for (int thread = 0; thread < found.length; thread++) {
            Tensor expected = vector(thread, 1).mul(vector(2, 3)).exp().sum();
            assertValues(found[thread], expected.cast(DType.F64).toDoubles());
        }
    }

    /** Each adds its number to both variables, in the one order or in the other; no call may be lost or seen by half. */
    @RepeatedTest(100)
    void programsThatUpdateTheSameVariablesTakeTurns() throws InterruptedException {
        Variable a = variable(0);
        Variable b = variable(0);
        Program one = Program.compile(x -> {
            a.set(a.value().add(x));
            b.set(b.value().add(x));
            return a.value().sub(b.value());
        });
        Program other = Program.compile(x -> {
            b.set(b.value().sub(x));
            a.set(a.value().sub(x));
            return b.value().sub(a.value());
        });
        Program reader = Program.compile(() -> a.value().sub(b.value()));
        List<Double> differences = new ArrayList<>();
        all(4, thread -> {
            List<Double> seen = new ArrayList<>();
            for (int call = 0; call < 50; call++) {
                seen.add((thread % 2 == 0 ? one.apply(vector(3)) : other.apply(vector(1))).sum().item());
                seen.add(reader.apply().sum().item());
            }
            synchronized (differences) {
                differences.addAll(seen);
            }
        });
        assertEquals(400, differences.size());
        assertEquals(0, differences.stream().filter(difference -> difference != 0).count());
        assertValues(a.value(), 200);
        assertValues(b.value(), 200);
    }

    /** Adds what a variable holds, behind the back of whoever records it. */
    private record Peeking(Variable variable) implements Custom {
        @Override
        public String id() {
            return "peeking";
        }

        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            return inputs.getFirst().add(variable.value());
        }

        @Override
        public Gradient gradient() {
            return Gradient.none("a test");
        }
    }

    @Test
    @Timeout(60)
    void anOperationThatReadsWhatTheRunWritesIsRefusedAndNotWaitedForEver() {
        Variable a = Variable.buffer(vector(1));
        Program program = Program.compile((UnaryOperator<Tensor>) x -> {
            a.set(a.value().add(1));
            return new Peeking(a).apply(x);
        });
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> program.apply(vector(2)));
        assertEquals("variable: an operation of a program reads a variable that the program updates in the same run;"
                + " expected the variable's value as an input of the operation", refusal.getMessage());
        assertValues(a.value(), 1);
    }

    private interface Body {
        void run(int thread);
    }

    private static void all(int count, Body body) throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    body.run(number);
                } catch (Throwable thrown) {
                    synchronized (failures) {
                        failures.add(thrown);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }
}
