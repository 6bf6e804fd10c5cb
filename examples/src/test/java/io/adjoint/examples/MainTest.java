package io.adjoint.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void listsTheExamplesWithoutAName() {
        assertEquals(0, run(_ -> {}));
        assertEquals("Usage: examples/run NAME [options]%n  probe        Tries Main out%n".formatted(), text(out));
        assertEquals("", text(err));
    }

    @Test
    void handsOverWhatStandsBehindTheName() {
        List<String> seen = new ArrayList<>();
        assertEquals(0, run(seen::addAll, "probe", "--epochs", "3"));
        assertEquals(List.of("--epochs", "3"), seen);
        assertEquals("", text(out) + text(err));
    }

    @Test
    void answersAnUnknownNameWithTheList() {
        assertEquals(1, run(_ -> {}, "digit"));
        assertEquals("There is no example 'digit'.%nUsage: examples/run NAME [options]%n  probe        Tries Main out%n"
                .formatted(), text(err));
        assertEquals("", text(out));
    }

    @Test
    void answersAMistakeOfTheUserWithOneSentence() {
        assertEquals("probe: epochs must be positive",
                refusal(new IllegalArgumentException("epochs must be positive")));
        assertEquals("probe: no such file: a.csv", refusal(failure(new NoSuchFileException("a.csv"))));
        assertEquals("probe: a.csv: is a folder",
                refusal(failure(new FileSystemException("a.csv", null, "is a folder"))));
    }

    @Test
    void letsABugLeaveItsTrace() {
        IllegalStateException bug = new IllegalStateException();
        assertEquals(bug, assertThrows(IllegalStateException.class, () -> run(_ -> { throw bug; }, "probe")));
    }

    private String refusal(RuntimeException thrown) {
        err.reset();
        assertEquals(1, run(_ -> { throw thrown; }, "probe"));
        return text(err).strip();
    }

    private static UncheckedIOException failure(IOException cause) {
        return new UncheckedIOException(cause);
    }

    private int run(Consumer<List<String>> body, String... args) {
        Example probe = new Example() {
            @Override
            public String name() {
                return "probe";
            }

            @Override
            public String summary() {
                return "Tries Main out";
            }

            @Override
            public void run(List<String> args) {
                body.accept(args);
            }
        };
        return new Main(List.of(probe), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(List.of(args));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8);
    }
}
