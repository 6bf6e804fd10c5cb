package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.function.Losses;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A warm step allocates nothing but its result, on the calling thread and on workers. */
class ProgramAllocationTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int CALLS = 100;

    /** A parameter with its momentum and some average. */
    private record Weight(Variable value, Variable momentum, Variable average) {
        static Weight of(long seed, int... dims) {
            Tensor start = Rng.seed(seed).normal(Shape.of(dims), DType.F32).mul(0.1);
            return new Weight(Variable.parameter(start), Variable.buffer(start.mul(0)), Variable.buffer(start.mul(0)));
        }

        void step(Gradients gradients) {
            momentum.set(momentum.value().mul(0.9).add(gradients.of(value)));
            Tensor old = value.value().detached();
            average.set(average.value().add(old.mul(old.sum(Axes.keep(-1))))); // a number of each row of a matrix, and one of a vector
            value.set(old.sub(momentum.value().mul(0.01)));
        }
    }

    private static Program step(int inputs, int hidden, int classes) {
        List<Weight> weights =
                List.of(Weight.of(1, inputs, hidden), Weight.of(2, hidden), Weight.of(3, hidden, classes),
                        Weight.of(4, classes));
        Variable[] values = weights.stream().map(Weight::value).toArray(Variable[]::new);
        return Program.compile((x, y) -> Training.scope(() -> {
            // labels as distributions, since operations with indices allocate
            Tensor h = x.matmul(values[0].value()).add(values[1].value()).relu();
            Tensor loss = Losses.crossEntropy(h.matmul(values[2].value()).add(values[3].value()), y);
            Gradients gradients = loss.gradients(values);
            weights.forEach(weight -> weight.step(gradients));
            return loss.detached();
        }));
    }

    @Test
    void aTrainingStepAllocatesItsResultOnly() {
        int batch = 64;
        Tensor x = Rng.seed(5).normal(Shape.of(batch, 128), DType.F32);
        Tensor y = Rng.seed(6).normal(Shape.of(batch, 10), DType.F32).softmax(1);
        Program step = step(128, 96, 10);
        Program result = Program.compile((a, b) -> Tensor.zeros());
        for (int threads : new int[] {1, 3}) {
            Threads.limit(threads, () -> {
                for (int i = 0; i < 3 * CALLS; i++) {
                    step.apply(x, y);
                    result.apply(x, y);
                }
                long[] workers = workers();
                long ofResult = least(() -> result.apply(x, y));
                assertEquals(ofResult, least(() -> step.apply(x, y)),
                        "bytes on the calling thread, with " + threads + " threads");
                assertArrayEquals(workers, workers(), "bytes on the workers");
                return true;
            });
        }
        String text = step.explain();
        assertTrue(
                text.contains(
                        " 4 equal loops as one: fused [mul, add] of 1 x [128, 96], 1 x [96], 1 x [96, 10], 1 x [10], "),
                text);
        assertFalse(text.contains("allocates in each run"), text);
    }

    @Test
    void callsWithUpToThreeInputsCostAsLittle() {
        Program program = Program.compileAll(_ -> List.of(Tensor.zeros()));
        Tensor x = Tensor.of(new float[] {1, 2, 3}); // row-major, or it would be copied by a launch of its own
        List<Supplier<Tensor>> calls = List.of(program::apply, () -> program.apply(x), () -> program.apply(x, x),
                () -> program.apply(x, x, x));
        for (int i = 0; i < CALLS; i++) {
            calls.forEach(Supplier::get);
        }
        List<Long> bytes = calls.stream().map(ProgramAllocationTest::least).toList();
        assertEquals(Collections.nCopies(4, bytes.getFirst()), bytes);
    }

    /** The compiler may allocate on a thread's account while it replaces code, so that the least of all calls counts. */
    private static long least(Supplier<Tensor> call) {
        long[] bytes = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            call.get();
            bytes[i] = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        return Arrays.stream(bytes).min().orElseThrow();
    }

    /** Bytes that each worker has allocated so far. */
    private static long[] workers() {
        List<Long> bytes = new ArrayList<>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("adjoint-worker-")) {
                bytes.add(THREADS.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        return bytes.stream().mapToLong(Long::longValue).toArray();
    }
}
