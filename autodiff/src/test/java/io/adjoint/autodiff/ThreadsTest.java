package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    /** Law 3 for whole graphs; for each operation alone it is held by {@code SameBitsLawTest}. */
    @Property(tries = 60)
    void graphsHaveTheSameBitsWithAnyNumberOfThreads(@ForAll("graphs") ThreadedGraph graph) {
        List<Tensor> alone = Threads.limit(1, graph::resultAndGradients);
        for (int threads : new int[] {2, 3, 5}) {
            List<Tensor> shared = Threads.limit(threads, graph::resultAndGradients);
            for (int i = 0; i < alone.size(); i++) {
                assertTrue(alone.get(i).sameBits(shared.get(i)),
                        graph + " with " + threads + " threads: " + (i == 0 ? "the result" : "gradient " + (i - 1)));
            }
        }
    }

    @Provide
    Arbitrary<ThreadedGraph> graphs() {
        Arbitrary<Integer> quarters = Arbitraries.integers().between(24, 64);
        Arbitrary<List<ThreadedGraph.Step>> steps =
                Arbitraries.of(ThreadedGraph.Step.class).list().ofMinSize(1).ofMaxSize(6);
        return Combinators.combine(steps, quarters, quarters, Arbitraries.of(DType.F32, DType.F64), Arbitraries.longs())
                .as(ThreadedGraph::new);
    }

    @Test
    void aLimitHoldsForItsBody() {
        int outside = Threads.available();
        assertEquals(7, Threads.limit(7, () -> {
            assertEquals(2, Threads.limit(2, Threads::available));
            return Threads.available();
        }));
        assertEquals(outside, Threads.available());
    }

    @Test
    void nothingIsComputedWithoutAThread() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Threads.limit(0, () -> "nothing"));
        assertEquals("threads: 0; expected a number of 1 or more", refusal.getMessage());
    }

    @Test
    void aPropertyThatMakesNoSenseIsRefusedEachTimeAndALimitStillHolds() throws IOException {
        assertEquals(List.of("3", "3", "1"), answers("3"));
        for (String wrong : List.of("0", "-1", "two", "")) {
            String refusal = "system property adjoint.threads: " + wrong + "; expected a number of 1 or more";
            assertEquals(List.of(refusal, refusal, "1"), answers(wrong));
        }
    }

    private static List<String> answers(String property) throws IOException {
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dadjoint.threads=" + property,
                "-cp", System.getProperty("java.class.path"), Asker.class.getName());
        try (var lines = java.redirectError(ProcessBuilder.Redirect.DISCARD).start().inputReader()) {
            return lines.lines().toList();
        }
    }

    /** Says in a virtual machine of its own what the number of threads is: twice, and then within a limit. */
    static final class Asker {
        private Asker() {}

        /** Asks. */
        public static void main(String[] arguments) {
            System.out.println(answer());
            System.out.println(answer());
            System.out.println(Threads.limit(1, Asker::answer));
        }

        private static String answer() {
            try {
                return Integer.toString(Threads.available());
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        }
    }
}
