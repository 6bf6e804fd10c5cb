package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders as they are found on disks. */
class CheckpointFileTest {
    @TempDir
    Path folder;

    private static String refusal(Path file, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(ModelFileException.class, call).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertFalse(message.contains("\n"), message);
        return message.substring(file.toString().length() + 2);
    }

    private static String loading(Path file) {
        String message = refusal(file, () -> Checkpoint.read(file));
        assertEquals(message, refusal(file, () -> Checkpoint.load(file, Trees.small(1))));
        return message;
    }

    private static String saving(Path file) {
        return refusal(file, () -> Checkpoint.save(file, Trees.small(1), Map.of()));
    }

    private static void save(Path file, long seed) {
        Checkpoint.save(file, Trees.small(seed), Map.of("seed", "" + seed));
    }

    private static void assertHolds(Path file, long seed) {
        CheckpointContents contents = Checkpoint.read(file);
        assertEquals(Map.of("seed", "" + seed), contents.metadata());
        Trees.assertSameTensors(Trees.tensors(Trees.small(seed)), contents.tensors());
    }

    private void assertOnly(String... names) throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(Arrays.stream(names).sorted().toList(),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    /** Whatever became of the tensors. */
    @Test
    void metadataStandAtTheBeginning() throws IOException {
        Path file = folder.resolve("model");
        save(file, 1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2]++;
        Files.write(file, bytes);
        assertTrue(loading(file).contains("the data are damaged"));
        assertEquals(Map.of("seed", "1"), Checkpoint.metadata(file));
        Files.write(file, Arrays.copyOf(bytes, 30));
        assertEquals("the file is truncated; restore the file from a copy or save it again",
                refusal(file, () -> Checkpoint.metadata(file)));
        bytes[20]++;
        Files.write(file, bytes);
        assertTrue(refusal(file, () -> Checkpoint.metadata(file)).startsWith("the data are damaged (checksum "));
    }

    @Test
    void whatCannotBeRead() throws IOException {
        assertEquals("no such file; check the path, and that the file can be read", loading(folder.resolve("missing")));
        assertEquals("this is a folder; name a file in it", loading(folder));
        Path inFile = Files.createFile(folder.resolve("file")).resolve("in");
        assertTrue(loading(inFile).startsWith("cannot be read: ") || loading(inFile).startsWith("no such file"));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        assertTrue(loading(dangling).startsWith("no such file"));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertTrue(loading(loop).startsWith("cannot be read: "));
        assertEquals("the file is empty; restore it from a copy or save it again", loading(folder.resolve("file")));
    }

    @Test
    void devicesAreNotRead() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/zero")), "no such device here");
        assertEquals("this is not a regular file; name a file", loading(Path.of("/dev/zero")));
    }

    /** A pipe of the test's own: a save that wrongly replaced a device would harm the machine. */
    @Test
    void pipesAreNotReplaced() throws IOException, InterruptedException {
        Path pipe = Pipes.make(folder.resolve("pipe"));
        assertTrue(saving(pipe).startsWith("cannot be written: it is not a regular file; "));
        assertFalse(Files.isRegularFile(pipe));
        assertOnly("pipe");
    }

    @Test
    void whatCannotBeWritten() throws IOException {
        assertEquals(
                "its folder does not exist; nothing was changed; check the path, its permissions and the free space, and"
                        + " save again",
                saving(folder.resolve("missing/model")));
        assertTrue(saving(folder).startsWith("cannot be written: it is a folder; "));
        Path file = Files.createFile(folder.resolve("file"));
        assertTrue(saving(file.resolve("model")).contains("; nothing was changed; "));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertTrue(saving(loop).startsWith("symbolic links lead in a circle; "));
        assertOnly("file", "loop");
    }

    @Test
    void protectedFilesAndFolders() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Path file = locked.resolve("model");
        save(file, 1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            Assumptions.assumeFalse(Files.isWritable(locked), "the superuser may write everywhere");
            assertTrue(saving(file).startsWith("permission to write it, or a file beside it, is denied; "));
            assertTrue(saving(locked.resolve("new"))
                    .startsWith("permission to write it, or a file beside it, is denied; "));
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertTrue(saving(file).startsWith("permission to write it, or a file beside it, is denied; "));
        assertHolds(file, 1);
    }

    @Test
    void replacingKeepsPermissionsAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("model");
        save(file, 1);
        for (String permissions : List.of("rw-------", "rw-rw-rw-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            save(file, 2);
            assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertHolds(file, 2);
        assertOnly("model");
    }

    @Test
    void symbolicLinksAreFollowed() throws IOException {
        Path store = Files.createDirectory(folder.resolve("store"));
        Path target = store.resolve("epoch-3");
        save(target, 1);
        Path latest = Files.createSymbolicLink(store.resolve("latest"), Path.of("epoch-3"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("store/latest"));
        save(link, 2);
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(latest));
        assertFalse(Files.isSymbolicLink(target));
        assertHolds(target, 2);
        assertHolds(link, 2);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("store/new"));
        save(dangling, 3);
        assertHolds(store.resolve("new"), 3);
        assertTrue(Files.isSymbolicLink(dangling));
    }

    @Test
    void relativeNamesAndLongNames() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Assumptions.assumeTrue(here.getRoot().equals(folder.getRoot()), "another drive");
        Path relative = here.relativize(folder.toRealPath()).resolve("relative");
        save(relative, 1);
        assertHolds(folder.resolve("relative"), 1);
        Path longest = folder.resolve("n".repeat(255));
        save(longest, 2);
        assertHolds(longest, 2);
    }

    @Test
    void leftoversOfKilledProcessesAreSwept() throws IOException {
        Files.write(folder.resolve(".adjoint-dead-1.part"), new byte[100]);
        Files.write(folder.resolve("mine.part"), new byte[1]);
        Files.createDirectory(folder.resolve(".adjoint-folder.part"));
        Files.createSymbolicLink(folder.resolve(".adjoint-link.part"), Path.of("mine.part"));
        save(folder.resolve("model"), 1);
        assertOnly(".adjoint-folder.part", ".adjoint-link.part", "mine.part", "model");
    }

    /** The library may be loaded twice in a process; CheckpointKillTest tries two processes. */
    @Test
    void filesThatAreBeingWrittenAreNotSwept() throws IOException {
        Path alive = folder.resolve(".adjoint-alive-1.part");
        try (FileChannel channel = FileChannel.open(alive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertTrue(lock.isValid());
            save(folder.resolve("model"), 1);
            assertOnly(".adjoint-alive-1.part", "model");
        }
    }

    /** Many readers and writers of one file: a reader sees one save's values, never a mixture, and no save disturbs another. */
    @Test
    void readersAndWritersAtOnce() throws Exception {
        Path file = folder.resolve("model");
        save(file, 0);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long seed = i % 5;
            tasks.add(() -> {
                save(file, seed);
                return null;
            });
            tasks.add(() -> {
                CheckpointContents contents = Checkpoint.read(file);
                Trees.assertSameTensors(Trees.tensors(Trees.small(Long.parseLong(contents.metadata().get("seed")))),
                        contents.tensors());
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
        assertOnly("model");
    }

    @Test
    void anInterruptedThread() throws IOException {
        Path file = folder.resolve("model");
        save(file, 1);
        byte[] before = Files.readAllBytes(file);
        SequencedMap<String, Variable> model = Trees.of("w", Tensor.ones(1));
        try {
            Thread.currentThread().interrupt();
            assertTrue(refusal(file, () -> Checkpoint.load(file, model))
                    .startsWith("the thread was interrupted while reading"));
            assertTrue(Thread.currentThread().isInterrupted());
            assertTrue(refusal(file, () -> Checkpoint.save(file, model, Map.of()))
                    .startsWith("the thread was interrupted while writing it; nothing was changed; "));
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertArrayEquals(before, Files.readAllBytes(file));
        assertOnly("model");
    }
}
