package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder is told of programs. */
class FlightTest {
    @TempDir
    private Path folder;

    private interface Body {
        void run();
    }

    private List<RecordedEvent> recorded(Body body) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.adjoint.Compilation");
            recording.enable("io.adjoint.Recompilation");
            recording.enable("io.adjoint.SlowStep");
            recording.enable("io.adjoint.SlowOperation").withThreshold(Duration.ZERO);
            recording.start();
            body.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        return events.stream().filter(event -> event.getEventType().getName().startsWith("io.adjoint.")).toList();
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals("io.adjoint." + name)).toList();
    }

    @Test
    void compilationsAndOperationsAreReported() throws IOException {
        Variable v = Variable.buffer(Tensor.zeros(Shape.of(2), DType.F32));
        Program program = Program.compile(x -> {
            v.set(x.flip(0).slice(0, 0, 2));
            return x.exp().sum();
        });
        List<RecordedEvent> events = recorded(() -> {
            program.apply(Tensor.ones(2));
            program.apply(Tensor.ones(2));
            program.apply(Tensor.ones(3));
        });
        List<RecordedEvent> compilations = of(events, "Compilation");
        assertEquals(List.of("(F32[2])", "(F32[3])"),
                compilations.stream().map(event -> event.getString("signature")).toList());
        RecordedEvent first = compilations.getFirst();
        assertTrue(first.getInt("steps") >= 5 && first.getInt("units") == 2, first::toString);
        assertTrue(first.getDuration("taken").isPositive() && !first.getString("function").isEmpty(), first::toString);
        List<RecordedEvent> again = of(events, "Recompilation");
        assertEquals(1, again.size());
        assertEquals("(F32[3])", again.getFirst().getString("signature"));
        assertEquals(1, again.getFirst().getInt("known"));
        assertEquals(List.of("exp", "sum{axes=[0]}", "copy to a variable").stream().sorted().toList(),
                of(events, "SlowOperation").stream().map(event -> event.getString("operations")).distinct().sorted()
                        .collect(Collectors.toList()));
    }

    @Test
    void aSlowStepIsReportedWithTheMedian() throws IOException {
        List<RecordedEvent> events = recorded(() -> {
            assertTrue(Flight.wantsSlowSteps());
            Flight.slowStep("mine", "(F32[2])", 5_000, 1_000);
        });
        RecordedEvent event = of(events, "SlowStep").getFirst();
        assertEquals("mine (F32[2]) 5000 1000", event.getString("function") + " " + event.getString("signature") + " "
                + event.getDuration("taken").toNanos() + " " + event.getDuration("median").toNanos());
    }

    @Test
    void slowIsWhatTakesSeveralTimesTheMedianOfTheLast() {
        Pace pace = new Pace();
        for (int i = 0; i < Pace.REMEMBERED; i++) {
            assertEquals(0, pace.add(i == 3 ? 1_000_000 : 100 + i));
        }
        assertEquals(0, pace.add(Pace.SLOWER * 100));
        assertEquals(110, pace.add(Pace.SLOWER * 110 + 1));
        for (int i = 0; i < 100; i++) {
            pace.add(1000);
        }
        assertEquals(0, pace.add(Pace.SLOWER * 1000));
        assertEquals(1000, pace.add(Pace.SLOWER * 1000 + 1));
    }

    @Test
    void withoutARecordingNothingIsWantedAndNothingAllocated() {
        assertEquals(0, leastBytes(() -> {
            if (Flight.wantsSlowSteps() || Flight.wantsSlowOperations()) {
                throw new AssertionError("nobody records");
            }
        }));
    }

    private static long leastBytes(Body body) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 100; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            body.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** What a virtual machine of its own prints. */
    private static List<String> printed(Class<?> main, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        ProcessBuilder java = new ProcessBuilder(command);
        try (var lines = java.redirectError(ProcessBuilder.Redirect.DISCARD).start().inputReader()) {
            return lines.lines().toList();
        }
    }

    @Test
    void aMachineWithoutRecorderRunsPrograms() throws IOException {
        assertEquals(List.of("no recorder", "[4.0, 4.0]"), printed(Alone.class, "--limit-modules", "java.base"));
    }

    @Test
    void eventsAreLoadedForARecorderOnly() throws IOException {
        List<String> lines = printed(Alone.class, "-Xlog:class+load:stdout");
        assertTrue(lines.contains("a recorder") && lines.contains("[4.0, 4.0]"), lines::toString);
        assertEquals(List.of(), lines.stream().filter(line -> line.contains("FlightEvents")).toList());
    }

    @Test
    void aRecorderThatComesLateIsTold() throws IOException {
        assertEquals(List.of("(F32[3])"), printed(Late.class));
    }

    /** Prints the signatures whose compilation is recorded; the recording begins when a program has run for others. */
    static final class Late {
        private Late() {}

        public static void main(String[] arguments) throws IOException {
            Program program = Program.compile(x -> x.add(1).square());
            program.apply(Tensor.ones(2));
            Path file = Files.createTempFile("late", ".jfr");
            try (Recording recording = new Recording()) {
                recording.enable("io.adjoint.Compilation");
                recording.start();
                program.apply(Tensor.ones(3));
                recording.stop();
                recording.dump(file);
            }
            RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals("io.adjoint.Compilation"))
                    .forEach(event -> System.out.println(event.getString("signature")));
            Files.delete(file);
        }
    }

    /** Runs a program in a virtual machine of its own. */
    static final class Alone {
        private Alone() {}

        /** Prints whether there is a recorder, and a result. */
        public static void main(String[] arguments) {
            System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "a recorder" : "no recorder");
            Program program = Program.compile(x -> x.add(1).square());
            program.apply(Tensor.ones(2));
            System.out.println(Arrays.toString(program.apply(Tensor.ones(2)).toFloats()));
        }
    }
}
