package io.adjoint.serialization.weights;

import static io.adjoint.serialization.HostileFiles.allocatedBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files may cost: about what they hold, and nothing for what they claim. */
class WeightsMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private static String refusal(Runnable read) {
        return assertThrows(ModelFileException.class, read::run).getMessage();
    }

    /** Within the limit, yet the bytes never come. */
    @Test
    void claimsOfAnArchiveAreFree() throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (6000000,)}";
        byte[] array = NumpyRefusalTest.file(1, header, new byte[100_000]);
        for (int method : new int[] {ZipEntry.STORED, ZipEntry.DEFLATED}) {
            Path file = Files.write(folder.resolve("claim.npz"), NumpyRefusalTest.zip(method, "a.npy", array));
            refusal(() -> Npz.read(file)); // classes are loaded
            long allocated = allocatedBy(() -> assertTrue(refusal(() -> Npz.read(file)).contains("truncated")));
            assertTrue(allocated < MIB, allocated + " bytes");
        }
    }

    /** Entries may lie on top of each other: a hundred of one MiB in a file of one MiB. */
    @Test
    void entriesOnTopOfEachOtherCountEach() throws IOException {
        byte[] array = NumpyRoundTripTest.npy(Tensor.ones(1 << 18));
        byte[] one = NumpyRefusalTest.zip(ZipEntry.STORED, "a00.npy", array);
        ByteBuffer end = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN);
        int endAt = one.length - 22;
        int directoryAt = end.getInt(endAt + 16);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(one, 0, directoryAt);
        for (int i = 0; i < 100; i++) {
            byte[] entry = Arrays.copyOfRange(one, directoryAt, endAt);
            System.arraycopy("a%02d.npy".formatted(i).getBytes(StandardCharsets.US_ASCII), 0, entry, 46, 7);
            out.writeBytes(entry);
        }
        end.putShort(endAt + 8, (short) 100).putShort(endAt + 10, (short) 100).putInt(endAt + 12,
                100 * (endAt - directoryAt));
        out.write(one, endAt, 22);
        Path file = Files.write(folder.resolve("bomb.npz"), out.toByteArray());
        assertEquals(file + ": tensor \"a32.npy\": with it the tensors would take 34603008 bytes, and the limit is "
                + Math.max(24 * MIB, 32 * Files.size(file))
                + "; name a greater limit in the call if you trust the file",
                refusal(() -> Npz.read(file)));
        assertEquals(100, Npz.read(file, 100 * MIB).size());
    }

    @Test
    void readingTakesTwiceTheFile() {
        SequencedMap<String, Tensor> tensors = NumpyRoundTripTest.map("large", Tensor.ones(8 << 20));
        SafeTensors.write(folder.resolve("safe"), tensors, Map.of());
        Npy.write(folder.resolve("npy"), tensors.get("large"));
        for (Runnable read : List.<Runnable>of(() -> SafeTensors.read(folder.resolve("safe")),
                () -> Npy.read(folder.resolve("npy")))) {
            long allocated = allocatedBy(read);
            assertTrue(allocated >= 64 * MIB, "nothing was measured: " + allocated);
            assertTrue(allocated <= 68 * MIB, allocated + " bytes");
        }
    }

    /** A tensor that is not asked for costs nothing, and another model's tensors neither. */
    @Test
    void openingCostsTheHeader() {
        SequencedMap<String, Tensor> tensors = NumpyRoundTripTest.map("large", Tensor.ones(8 << 20));
        tensors.put("small", Tensor.ones(3));
        Path file = folder.resolve("safe");
        SafeTensors.write(file, tensors, Map.of());
        Runnable one = () -> {
            try (SafeTensorsFile opened = SafeTensors.open(file)) {
                assertEquals(3, opened.tensor("small").size());
            }
        };
        one.run(); // classes are loaded
        long allocated = allocatedBy(one);
        assertTrue(allocated < MIB, allocated + " bytes");
        SequencedMap<String, Variable> model = Trees.of("large", Tensor.ones(2), "small", Tensor.ones(3));
        long refused = allocatedBy(() -> refusal(() -> SafeTensors.load(file, model)));
        assertTrue(refused < MIB, refused + " bytes");
    }

    /** One tensor at a time, and stretches: {@code ones} is a view of one element, so the copy is the writer's. */
    @Test
    void writingTakesOneTensorAtATime() {
        SequencedMap<String, Tensor> tensors = NumpyRoundTripTest.map("a", Tensor.ones(8 << 20));
        for (Runnable write : List.<Runnable>of(() -> SafeTensors.write(folder.resolve("safe"), tensors, Map.of()),
                () -> Npy.write(folder.resolve("npy"), tensors.get("a")))) {
            long allocated = allocatedBy(write);
            assertTrue(allocated < 72 * MIB, allocated + " bytes");
        }
    }

    /** The files that make a reader keep or parse most in proportion to their bytes. */
    private List<Path> greedyFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        String axes = IntStream.range(0, 64).mapToObj(_ -> "0").collect(Collectors.joining(",", "[", "]"));
        files.add(write("axes", IntStream.range(0, 1 << 16).mapToObj(
                i -> "\"" + i + "\":{\"dtype\":\"F32\",\"shape\":" + axes + ",\"data_offsets\":[0,0]}")));
        files.add(write("metadata without text", IntStream.of(0).mapToObj(_ -> IntStream.range(0, 1 << 16)
                .mapToObj(i -> "\"" + i + "\":\"\"").collect(Collectors.joining(",", "\"__metadata__\":{", "}")))));
        files.add(write("long text", IntStream.of(0).mapToObj(_ -> IntStream.range(0, 2)
                .mapToObj(i -> "\"" + i + "\":\"\u0416" + "x".repeat((4 << 20) - 10) + "\"")
                .collect(Collectors.joining(",", "\"__metadata__\":{", "}")))));
        files.add(write("long names", IntStream.range(0, 500).mapToObj(i -> "\"" + i + "\u0416" + "x".repeat(16_000)
                + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}")));
        return files;
    }

    private Path write(String name, Stream<String> entries) throws IOException {
        return Files.write(folder.resolve(name),
                SafeTensorsRefusalTest.file(entries.collect(Collectors.joining(",", "{", "}")), 0));
    }

    /** In a process with a heap of 64 MiB, JVM included: what is garbage does not count, what is kept does. */
    @Test
    void greedyHeadersAreReadInASmallHeap() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                        "-cp", System.getProperty("java.class.path"), Reading.class.getName()));
        greedyFiles().forEach(file -> command.add(file.toString()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        int exit = process.waitFor();
        String lines = Files.readString(output);
        assertEquals(0, exit, lines);
        assertEquals(List.of("axes: 65536 tensors, 0 metadata", "metadata without text: 0 tensors, 65536 metadata",
                "long text: 0 tensors, 2 metadata", "long names: 500 tensors, 0 metadata"),
                lines.lines().map(line -> line.replace(folder + "/", "")).toList());
    }

    /** The process with the small heap. */
    static final class Reading {
        private Reading() {}

        public static void main(String[] files) {
            for (String file : files) {
                try (SafeTensorsFile opened = SafeTensors.open(Path.of(file))) {
                    System.out.println(file + ": " + opened.specs().size() + " tensors, " + opened.metadata().size()
                            + " metadata");
                }
            }
        }
    }
}
