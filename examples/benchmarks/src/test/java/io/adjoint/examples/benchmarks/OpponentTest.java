package io.adjoint.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpponentTest {
    /** What a crashing JVM prints. */
    static final class Crash {
        private Crash() {}

        public static void main(String[] arguments) {
            System.out.println("# A fatal error has been detected");
        }
    }

    @Test
    void aCrashIsNoAnswer() {
        Contender contender = new Contender("crash", Crash.class.getName(), 1, List.of(), Map.of());
        try (Opponent opponent = Opponent.start(contender)) {
            String message = assertThrows(BenchmarkException.class, () -> opponent.prepare(Workload.all().getFirst()))
                    .getMessage();
            assertTrue(message.startsWith("crash answers no numbers"), message);
        }
    }
}
