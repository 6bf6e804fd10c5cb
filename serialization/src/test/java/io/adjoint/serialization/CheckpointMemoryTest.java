package io.adjoint.serialization;

import static io.adjoint.serialization.proto.ElementType.BOOL;
import static io.adjoint.serialization.proto.ElementType.F32;
import static io.adjoint.serialization.proto.ElementType.I64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Selection;
import io.adjoint.serialization.proto.Metadata;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files may cost that are as long as they say: about what they hold. */
class CheckpointMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    /** The file that makes a reader keep or parse most in proportion to its bytes, one of each sort. */
    private List<Path> greedyFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(write("unknown fields in the header", new Forge().raw(true,
                Forge.field(out -> out.writeByteArray(1, unknownFields(CheckpointFormat.MAX_HEADER - 8)))).end(0)));
        files.add(write("metadata without text", new Forge().raw(true,
                Forge.field(out -> out.writeByteArray(1, emptyMetadata(CheckpointFormat.MAX_HEADER - 8)))).end(0)));
        Forge unknown = Forge.begun();
        Forge extents = Forge.begun();
        for (int i = 0; i < 100; i++) {
            int number = i;
            unknown.raw(true, Forge.field(out -> {
                out.writeRawBytes(Forge.begun().tensor("t" + number, F32).body(1));
                out.writeRawBytes(unknownFields(CheckpointFormat.MAX_TENSOR_HEADER - 100));
            })).chunk(4);
            extents.tensor("t" + i, F32, new long[64]).chunk(0);
        }
        files.add(write("unknown fields in tensors", unknown.end(100)));
        files.add(write("axes", extents.end(100)));
        Forge chunks = Forge.begun().tensor("a", I64, 1 << 17);
        for (int i = 0; i < 16; i++) {
            chunks.chunk(1 << 16);
        }
        files.add(write("chunks as small as may be", chunks.end(1)));
        Forge tensors = Forge.begun();
        for (int i = 0; i < CheckpointFormat.MAX_TENSORS; i++) {
            tensors.tensor(Integer.toString(i, 36), BOOL, 0).chunk(0);
        }
        files.add(write("as many tensors as may be", tensors.end(CheckpointFormat.MAX_TENSORS)));
        files.add(write("one tensor too many", tensors.tensor("more", F32).chunk(4).end(0)));
        return files;
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    /** Fields with numbers that the schema does not have, three bytes each. */
    private static byte[] unknownFields(int bytes) {
        return Forge.field(out -> {
            for (int i = 0; i < bytes / 3; i++) {
                out.writeBool(100 + i % 1900, true);
            }
        });
    }

    private static byte[] emptyMetadata(int bytes) {
        return Forge.field(out -> {
            for (int i = 0; i < bytes / 2; i++) {
                out.writeByteArray(2, new byte[0]);
            }
        });
    }

    /** In a process with a small heap: what is garbage does not count, what is kept does. */
    @Test
    void greedyFilesAreReadInASmallHeap() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m", "-cp", System.getProperty("java.class.path"), Reading.class.getName()));
        greedyFiles().forEach(file -> command.add(file.toString()));
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).redirectOutput(output.toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> read(errors));
        assertEquals(List.of("unknown fields in the header: 0 tensors",
                "metadata without text: a metadata key is there twice; restore the file from a copy or save it again",
                "unknown fields in tensors: 100 tensors", "axes: 100 tensors", "chunks as small as may be: 1 tensors",
                "as many tensors as may be: 65536 tensors",
                "one tensor too many: tensor \"more\": the file holds more than 65536 tensors; restore the file from a copy or"
                        + " save it again"),
                read(output).lines().map(line -> line.replace(folder + "/", "")).toList());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The process with the small heap. */
    static final class Reading {
        private Reading() {}

        public static void main(String[] files) {
            for (String file : files) {
                try {
                    System.out.println(file + ": " + Checkpoint.read(Path.of(file)).tensors().size() + " tensors");
                } catch (ModelFileException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    /** The elements once as they are read and once as a tensor; nothing more of that order. */
    @Test
    void readingTakesTwiceTheFile() {
        Path file = folder.resolve("large");
        Checkpoint.save(file, Trees.of("a", Tensor.ones(4 << 20), "b", Tensor.ones(4 << 20)), Map.of());
        long allocated =
                CheckpointHostileTest.allocatedBy(() -> assertEquals(2, Checkpoint.read(file).tensors().size()));
        assertTrue(allocated >= 64 * MIB, "nothing was measured: " + allocated);
        assertTrue(allocated <= 72 * MIB, allocated + " bytes");
    }

    /** What the model cannot take is verified, but not kept. */
    @Test
    void aMuchLargerModelCostsNothing() {
        Path file = folder.resolve("large");
        Checkpoint.save(file, Trees.of("a", Tensor.ones(8 << 20)), Map.of());
        SequencedMap<String, Variable> model = Trees.of("a", Tensor.zeros(1));
        long allocated = CheckpointHostileTest.allocatedBy(
                () -> assertThrows(ModelFileException.class, () -> Checkpoint.load(file, model)));
        assertTrue(allocated < 8 * MIB, allocated + " bytes");
    }

    /** One tensor at a time, and buffers: {@code ones} is a view of one element, so the copy is the writer's. */
    @Test
    void savingTakesOneTensorAtATime() {
        SequencedMap<String, Variable> model = Trees.of("a", Tensor.ones(8 << 20));
        long allocated = CheckpointHostileTest
                .allocatedBy(() -> Checkpoint.save(folder.resolve("large"), model, Map.of()));
        assertTrue(allocated < 72 * MIB, allocated + " bytes");
    }

    /** More than 2 GiB through a pipe, from one thread to another: nothing counts bytes with an int, and no tensor is held. */
    @Test
    void moreThanTwoGibibytes() throws IOException, InterruptedException {
        int count = 140;
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            tensors.put("layers." + i, Tensor.ones(4 << 20)); // a view of one element
        }
        long size = count * (16 * MIB + 1024) + MIB; // an upper bound
        try (PipedInputStream in = new PipedInputStream(1 << 20); PipedOutputStream out = new PipedOutputStream(in)) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try (out) {
                    new CheckpointWriter(folder, out).write("1", new TreeMap<>(), tensors);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            int[] seen = {0};
            // The bound is no file's size, so the only thing amiss at the end is that bytes are left.
            ModelFileException end = assertThrows(ModelFileException.class,
                    () -> CheckpointReader.read(folder, in, size, new CountingSink(seen)));
            assertTrue(end.getMessage().contains("the file goes on after its end"), end.getMessage());
            writer.join();
            assertEquals(count, seen[0]);
        }
    }

    private record CountingSink(int[] seen) implements CheckpointReader.Sink {
        @Override
        public void metadata(String libraryVersion, List<Metadata> metadata) {
            assertEquals("1", libraryVersion);
        }

        @Override
        public boolean wants(String path, TensorSpec spec) {
            seen[0]++;
            return false;
        }

        @Override
        public void tensor(String path, Tensor tensor) {
            throw new AssertionError("not wanted");
        }
    }

    /** A tree four times the heap is saved, looked at, and loaded in part; what is loaded has to fit, and nothing else. */
    @Test
    void aTreeLargerThanTheHeap() throws IOException, InterruptedException {
        Path file = folder.resolve("larger");
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m", "-cp", System.getProperty("java.class.path"), Larger.class.getName(), file.toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertEquals(0, process.waitFor(), () -> read(output));
        assertEquals(List.of("48 tensors, 1 loaded, 1.0"),
                read(output).lines().filter(l -> l.contains("loaded")).toList());
        assertTrue(Files.size(file) > 192 * MIB);
    }

    /** The process that saves and loads a tree larger than its heap: all of its values are views of one element. */
    static final class Larger {
        private Larger() {}

        public static void main(String[] arguments) {
            SequencedMap<String, Variable> tree = new LinkedHashMap<>();
            for (int i = 0; i < 48; i++) {
                tree.put("layers." + i, Variable.parameter(Tensor.ones(1 << 20)));
            }
            Path file = Path.of(arguments[0]);
            Checkpoint.save(file, tree, Map.of());
            SequencedMap<String, Variable> part = Trees.of("layers.7", Tensor.zeros(1 << 20));
            LoadReport report = Checkpoint.load(file, new Selection(part), Match.only("layers.7"));
            System.out.println(Checkpoint.specs(file).size() + " tensors, " + report.loaded().size() + " loaded, "
                    + part.get("layers.7").value().toFloats()[12_345]);
        }
    }
}
