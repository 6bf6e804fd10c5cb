package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Selection;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.AtomicFile.Call;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a save in the middle, a whole file is there, and the next save succeeds. */
class CheckpointKillTest {
    private static final int HALTED = 77;

    @TempDir
    Path folder;

    /** Takes several writes. */
    private static SequencedMap<String, Variable> tree(long seed) {
        Random random = new Random(seed);
        return Trees.of("a", Trees.random(random, new TensorSpec(DType.F32, Shape.of(300_000))), "b",
                Trees.random(random, new TensorSpec(DType.I64, Shape.of(200_000))));
    }

    private static List<Call> callsOf(Path file) {
        List<Call> calls = new ArrayList<>();
        Checkpoint.save(file, tree(2), Map.of(), Previous.DISCARD, calls::add);
        return calls;
    }

    private List<String> left(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theCallsOfASave() {
        List<Call> calls = callsOf(folder.resolve("model"));
        assertEquals(List.of(Call.CREATE, Call.WRITE, Call.FORCE, Call.RENAME, Call.FORCE_FOLDER),
                calls.stream().distinct().toList());
        assertTrue(calls.stream().filter(Call.WRITE::equals).count() >= 4, calls.toString());
    }

    /** A full disk and its like: at each call in turn, an exception or an error. */
    @TestFactory
    Stream<DynamicTest> failingAtEachCall() throws IOException {
        List<Supplier<Throwable>> failures = List.of(() -> new IOException("No space left on device"),
                () -> new OutOfMemoryError("planned"));
        return failures.stream().flatMap(failure -> {
            String kind = failure.get().getClass().getSimpleName();
            Path directory = folder.resolve(kind);
            List<Call> calls = callsOf(create(directory).resolve("model"));
            return IntStream.range(0, calls.indexOf(Call.FORCE_FOLDER))
                    .mapToObj(n -> DynamicTest.dynamicTest(kind + " at call " + n + ", " + calls.get(n), () -> {
                        Path file = directory.resolve("model");
                        Checkpoint.save(file, tree(1), Map.of());
                        Throwable thrown = assertThrows(Throwable.class,
                                () -> Checkpoint.save(file, tree(2), Map.of(), Previous.DISCARD,
                                        failingAt(n, failure)));
                        assertTrue(thrown instanceof OutOfMemoryError || thrown.getMessage().equals(file
                                + ": cannot be written: No space left on device; nothing was changed; check the path, its"
                                + " permissions and the free space, and save again"), thrown.toString());
                        assertEquals(List.of("model"), left(directory));
                        SequencedMap<String, Variable> loaded = Trees.blank(tree(1));
                        Checkpoint.load(file, loaded);
                        Trees.assertSame(tree(1), loaded);
                    }));
        });
    }

    private static Path create(Path directory) {
        try {
            return Files.createDirectory(directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static AtomicFile.Watch failingAt(int call, Supplier<Throwable> failure) {
        int[] seen = {0};
        return _ -> {
            if (seen[0]++ == call) {
                switch (failure.get()) {
                    case IOException e -> throw e;
                    case Error e -> throw e;
                    case Throwable other -> throw new AssertionError(other);
                }
            }
        };
    }

    /** Where the folder cannot be forced the file is there all the same. */
    @Test
    void theLastCallMayFail() {
        Path file = folder.resolve("model");
        int last = callsOf(file).size() - 1;
        Checkpoint.save(file, tree(3), Map.of(), Previous.DISCARD, failingAt(last, () -> new IOException("planned")));
        SequencedMap<String, Variable> loaded = Trees.blank(tree(3));
        Checkpoint.load(file, loaded);
        Trees.assertSame(tree(3), loaded);
    }

    /** A process that ends without a chance to clean up, at each call in turn. */
    @TestFactory
    Stream<DynamicTest> killedAtEachCall() {
        List<Call> calls = callsOf(folder.resolve("counted"));
        // First and last of each kind of call: starting a process takes a while.
        return IntStream.range(0, calls.size())
                .filter(n -> calls.indexOf(calls.get(n)) == n || calls.lastIndexOf(calls.get(n)) == n)
                .mapToObj(n -> DynamicTest.dynamicTest("call " + n + ", " + calls.get(n), () -> {
                    Path directory = Files.createDirectory(folder.resolve("killed-" + n));
                    Path file = directory.resolve("model");
                    Checkpoint.save(file, tree(1), Map.of());
                    byte[] old = Files.readAllBytes(file);

                    assertEquals(HALTED, saveInAProcessThatHalts(file, n, Previous.DISCARD));
                    boolean renamed = calls.get(n) == Call.FORCE_FOLDER;
                    assertEquals(n == 0 || renamed ? 1 : 2, left(directory).size(), left(directory).toString());
                    if (!renamed) {
                        assertArrayEquals(old, Files.readAllBytes(file));
                    }
                    SequencedMap<String, Variable> loaded = Trees.blank(tree(1));
                    Checkpoint.load(file, loaded);
                    Trees.assertSame(tree(renamed ? 2 : 1), loaded);

                    Checkpoint.save(file, tree(3), Map.of());
                    Checkpoint.load(file, loaded);
                    Trees.assertSame(tree(3), loaded);
                    assertEquals(List.of("model"), left(directory));
                }));
    }

    private static final List<Call> KEEPING =
            List.of(Call.CREATE, Call.WRITE, Call.FORCE, Call.DELETE_PREVIOUS, Call.LINK,
                    Call.RENAME, Call.FORCE_FOLDER);

    private static List<Call> callsOfKeeping(Path file) {
        List<Call> calls = new ArrayList<>();
        Checkpoint.save(file, tree(2), Map.of(), Previous.KEEP, calls::add);
        return calls;
    }

    @Test
    void theCallsOfASaveThatKeepsThePrevious() {
        Path file = folder.resolve("model");
        assertEquals(List.of(Call.CREATE, Call.WRITE, Call.FORCE, Call.RENAME, Call.FORCE_FOLDER),
                callsOfKeeping(file).stream().distinct().toList());
        assertEquals(KEEPING, callsOfKeeping(file).stream().distinct().toList());
    }

    /** The file has its old contents or its new ones, whole; beside it are those before, or for a moment none. */
    @TestFactory
    Stream<DynamicTest> killedWhileThePreviousIsKept() {
        Path counted = folder.resolve("counted");
        Checkpoint.save(counted, tree(1), Map.of());
        List<Call> calls = callsOfKeeping(counted);
        return KEEPING.stream().filter(call -> call != Call.CREATE)
                .map(call -> DynamicTest.dynamicTest(call.name(), () -> {
                    Path directory = Files.createDirectory(folder.resolve(call.name()));
                    Path file = directory.resolve("model");
                    Path previous = directory.resolve("model.previous");
                    Checkpoint.save(file, tree(0), Map.of());
                    Checkpoint.save(file, new Selection(tree(1)), Map.of(), Previous.KEEP);
                    assertEquals(HALTED, saveInAProcessThatHalts(file, calls.indexOf(call), Previous.KEEP));

                    assertHolds(file, call == Call.FORCE_FOLDER ? 2 : 1);
                    switch (call) {
                        case LINK -> assertEquals(false, Files.exists(previous));
                        case RENAME, FORCE_FOLDER -> assertHolds(previous, 1);
                        default -> assertHolds(previous, 0);
                    }
                    Checkpoint.save(file, new Selection(tree(3)), Map.of(), Previous.KEEP);
                    assertHolds(file, 3);
                    assertHolds(previous, call == Call.FORCE_FOLDER ? 2 : 1);
                    assertEquals(List.of("model", "model.previous"), left(directory));
                }));
    }

    private static void assertHolds(Path file, long seed) {
        SequencedMap<String, Variable> loaded = Trees.blank(tree(seed));
        Checkpoint.load(file, loaded);
        Trees.assertSame(tree(seed), loaded);
    }

    @TestFactory
    Stream<DynamicTest> failingWhileThePreviousIsKept() {
        return Stream.of(Call.DELETE_PREVIOUS, Call.LINK, Call.COPY, Call.RENAME)
                .map(call -> DynamicTest.dynamicTest(call.name(), () -> {
                    Path directory = Files.createDirectory(folder.resolve(call.name()));
                    Path file = directory.resolve("model");
                    Checkpoint.save(file, tree(0), Map.of());
                    Checkpoint.save(file, new Selection(tree(1)), Map.of(), Previous.KEEP);
                    assertThrows(ModelFileException.class,
                            () -> Checkpoint.save(file, tree(2), Map.of(), Previous.KEEP, at -> {
                                if (at == Call.LINK) {
                                    throw call == Call.COPY ? new FileSystemException("no hard links here")
                                            : new IOException("planned");
                                }
                                if (at == call) {
                                    throw new IOException("planned");
                                }
                            }));
                    assertHolds(file, 1);
                    Checkpoint.save(file, new Selection(tree(3)), Map.of(), Previous.KEEP);
                    assertHolds(directory.resolve("model.previous"), 1);
                    assertEquals(List.of("model", "model.previous"), left(directory));
                }));
    }

    /** Where there are no hard links the previous contents are copied. */
    @Test
    void withoutHardLinks() throws IOException {
        Path file = folder.resolve("model");
        Checkpoint.save(file, tree(1), Map.of());
        Checkpoint.save(file, tree(2), Map.of(), Previous.KEEP, call -> {
            if (call == Call.LINK) {
                throw new FileSystemException("no hard links here");
            }
        });
        assertHolds(file, 2);
        assertHolds(folder.resolve("model.previous"), 1);
        assertEquals(List.of("model", "model.previous"), left(folder));
    }

    private static int saveInAProcessThatHalts(Path file, int call, Previous previous)
            throws IOException, InterruptedException {
        return java(Halting.class, file.toString(), Integer.toString(call), previous.name())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    private static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** A save that another process is in the middle of is not taken for a leftover. */
    @Test
    void twoProcessesAtOnce() throws IOException, InterruptedException {
        Path file = folder.resolve("model");
        Process other = java(Pausing.class, file.toString()).start();
        assertEquals('p', other.getInputStream().read());
        Checkpoint.save(file, tree(1), Map.of());
        SequencedMap<String, Variable> loaded = Trees.blank(tree(1));
        Checkpoint.load(file, loaded);
        Trees.assertSame(tree(1), loaded);
        assertEquals(2, left(folder).size());
        other.getOutputStream().close(); // go on
        assertEquals(0, other.waitFor());
        Checkpoint.load(file, loaded);
        Trees.assertSame(tree(2), loaded);
        assertEquals(List.of("model"), left(folder));
    }

    /** The process that waits in the middle of a save until its input ends. */
    static final class Pausing {
        private Pausing() {}

        public static void main(String[] arguments) {
            Checkpoint.save(Path.of(arguments[0]), tree(2), Map.of(), Previous.DISCARD, call -> {
                if (call == Call.FORCE) {
                    System.out.println("pause");
                    System.in.read();
                }
            });
        }
    }

    /** The process that is killed. */
    static final class Halting {
        private Halting() {}

        public static void main(String[] arguments) {
            int[] left = {Integer.parseInt(arguments[1])};
            Checkpoint.save(Path.of(arguments[0]), tree(2), Map.of(), Previous.valueOf(arguments[2]), _ -> {
                if (left[0]-- == 0) {
                    Runtime.getRuntime().halt(HALTED);
                }
            });
        }
    }
}
