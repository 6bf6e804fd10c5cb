package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.Pipes;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tensors in files beside a model: nothing outside of its folder is opened, nothing is written, and bytes are read once. */
class OnnxExternalDataTest {
    private static final int MIB = 1 << 20;
    private static final String OUTSIDE = ", outside of the model's folder; put the data beside the model";
    private static final String NOT_THERE =
            " is not there, or cannot be read; copy the model together with all its files";
    private static final String NO_FILE = " cannot be read, or is no file; copy the model together with all its files";

    @TempDir
    Path root;

    private Path folder;
    private Path file;

    /** A folder with a model, and files with secrets beside and above it. */
    @BeforeEach
    void folders() throws IOException {
        folder = Files.createDirectories(root.resolve("models").resolve("mine"));
        file = folder.resolve("model.onnx");
        Files.write(root.resolve("secret"), floats(7, 8));
        Files.write(Files.createDirectory(root.resolve("models").resolve("mine2")).resolve("secret"), floats(7, 8));
        Files.write(folder.resolve("data"), floats(1, 2, 3, 4));
        Files.write(Files.createDirectory(folder.resolve("sub")).resolve("data"), floats(5, 6));
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static StringStringEntryProto entry(String key, Object value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value.toString()).build();
    }

    private static TensorProto.Builder tensor(String name, int elements, Object... keysAndValues) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1).addDims(elements)
                .setDataLocation(DataLocation.EXTERNAL);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tensor.addExternalData(entry((String) keysAndValues[i], keysAndValues[i + 1]));
        }
        return tensor;
    }

    private void write(TensorProto.Builder... tensors) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        Stream.of(tensors).forEach(graph::addInitializer);
        write(graph);
    }

    private void write(GraphProto.Builder graph) {
        try {
            Files.write(file, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private float[] values(TensorProto.Builder tensor) {
        write(tensor);
        return Onnx.load(file).variables().get(tensor.getName()).value().toFloats();
    }

    private String refusal(TensorProto.Builder... tensors) {
        write(tensors);
        String message = assertTimeoutPreemptively(Duration.ofSeconds(10),
                () -> assertThrows(ModelFileException.class, () -> Onnx.load(file))).getMessage();
        String start = file + ": tensor \"t\": ";
        assertTrue(message.startsWith(start), message);
        return message.substring(start.length());
    }

    @Test
    void inTheFolder() throws IOException {
        assertArrayEquals(new float[] {1, 2, 3, 4}, values(tensor("t", 4, "location", "data")));
        assertArrayEquals(new float[] {3, 4}, values(tensor("t", 2, "location", "data", "offset", 8)));
        assertArrayEquals(new float[] {2}, values(tensor("t", 1, "location", "./data", "offset", 4, "length", 4)));
        assertArrayEquals(new float[] {5, 6}, values(tensor("t", 2, "location", "sub/data")));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("sub", "data"));
        assertArrayEquals(new float[] {5, 6}, values(tensor("t", 2, "location", "link")));
        Files.createSymbolicLink(folder.resolve("around"), Path.of("..", "mine", "sub"));
        assertArrayEquals(new float[] {5, 6}, values(tensor("t", 2, "location", "around/data")));
        assertArrayEquals(new float[0], values(tensor("t", 0, "location", "data", "offset", 16)));
    }

    private static String said(String location) {
        return "its data are said to be in \"" + location + "\"" + OUTSIDE;
    }

    @Test
    void namesThatLeadOut() {
        for (String location : List.of("../../secret", "..", "sub/../data", "sub/../../mine2/secret", "../mine/data",
                "",
                "/dev/zero", "/etc/passwd", root.resolve("secret").toString(), folder.resolve("data").toString(),
                "..\\..\\secret", "\\\\server\\share", "C:\\secret", "/")) {
            assertEquals(said(location), refusal(tensor("t", 2, "location", location)));
        }
        assertEquals(said(""), refusal(tensor("t", 2)));
    }

    @Test
    void hardNames() {
        assertEquals("no file can have the name \"\uFFFD\"; restore the file from a copy",
                refusal(tensor("t", 2, "location", "\0")));
        assertEquals("its data file \"" + "n".repeat(100) + "...\"" + NOT_THERE,
                refusal(tensor("t", 2, "location", "n".repeat(100_000))));
        for (String location : List.of("none", "sub/none", "data/none", "a\nb", "\u202Edata", " data", "data ")) {
            String message = refusal(tensor("t", 2, "location", location));
            assertTrue(message.endsWith(NOT_THERE), message);
        }
        for (String location : List.of(".", "./.", "sub", "sub/.")) {
            assertEquals("its data file \"" + location + "\"" + NO_FILE, refusal(tensor("t", 2, "location", location)));
        }
    }

    /** A link to a file, to a folder, to a link, to a link in a circle, and to nothing. */
    @Test
    void linksThatLeadOut() throws IOException {
        Path secret = root.resolve("secret");
        Files.createSymbolicLink(folder.resolve("absolute"), secret);
        Files.createSymbolicLink(folder.resolve("relative"), Path.of("..", "..", "secret"));
        Files.createSymbolicLink(folder.resolve("chain"), Path.of("relative"));
        Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("sibling"), Path.of("..", "mine2"));
        Files.createSymbolicLink(root.resolve("hop"), folder.resolve("absolute"));
        Files.createSymbolicLink(folder.resolve("hops"), root.resolve("hop"));
        for (String location : List.of("absolute", "relative", "chain", "up/mine2/secret", "sibling/secret", "hops")) {
            assertEquals(said(location), refusal(tensor("t", 2, "location", location)));
        }
        Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("none"));
        for (String location : List.of("circle", "dangling")) {
            assertEquals("its data file \"" + location + "\"" + NOT_THERE,
                    refusal(tensor("t", 2, "location", location)));
        }
    }

    /** To open a pipe would wait for ever: in the folder it is no file, outside it is not even looked into. */
    @Test
    void pipesAndDevices() throws IOException, InterruptedException {
        Pipes.make(folder.resolve("pipe"));
        Pipes.make(root.resolve("pipe"));
        Files.createSymbolicLink(folder.resolve("far"), root.resolve("pipe"));
        Files.createSymbolicLink(folder.resolve("zero"), Path.of("/dev/zero"));
        assertEquals("its data file \"pipe\"" + NO_FILE, refusal(tensor("t", 2, "location", "pipe")));
        assertEquals(said("far"), refusal(tensor("t", 2, "location", "far")));
        assertEquals(said("zero"), refusal(tensor("t", 2, "location", "zero")));
    }

    @TestFactory
    Stream<DynamicTest> placesThatAreNotThere() {
        return Stream.of(new String[] {"12", "8"}, new String[] {"17", "0"}, new String[] {"8", "9223372036854775807"},
                new String[] {"9223372036854775807", "9223372036854775807"}, new String[] {"9223372036854775807", "8"},
                new String[] {"0", "17"}, new String[] {"0", "2147483648"}, new String[] {"16", "8"})
                .map(place -> DynamicTest.dynamicTest(String.join(", ", place), () -> assertEquals("its " + place[1]
                        + " bytes at " + place[0] + " are not in \"data\" of 16 bytes; copy the model together with all"
                        + " its files",
                        refusal(tensor("t", 2, "location", "data", "offset", place[0], "length",
                                place[1])))));
    }

    @Test
    void numbersThatAreNone() {
        for (String number : List.of("-1", "-9223372036854775808", "9223372036854775808", "1e3", "", " 8", "0x8",
                "8 ")) {
            for (String key : List.of("offset", "length")) {
                assertEquals("its " + key + " is \"" + number + "\"; a number of bytes is expected",
                        refusal(tensor("t", 2, "location", "data", key, number)));
            }
        }
        assertEquals("it has 16 bytes of data where float[2] takes 8; restore the file from a copy",
                refusal(tensor("t", 2, "location", "data")));
    }

    /** What one tensor after another claims of the same bytes is shared, or is not more than there is. */
    @Test
    void manyTensorsOfTheSameBytes() throws IOException {
        int elements = 2 * MIB;
        Files.write(folder.resolve("data"), new byte[8 * MIB]);
        List<TensorProto.Builder> same = new ArrayList<>();
        List<TensorProto.Builder> other = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            same.add(tensor("t" + i, elements, "location", i % 2 == 0 ? "data" : "./data"));
            other.add(tensor(i == 0 ? "first" : "t", elements - i, "location", "data", "offset", 4 * i));
        }
        same.add(tensor("matrix", MIB, "location", "data").addDims(2));
        write(same.toArray(TensorProto.Builder[]::new));
        OnnxModel[] loaded = new OnnxModel[1];
        long allocated = HostileFiles.allocatedBy(() -> loaded[0] = Onnx.load(file));
        assertTrue(allocated < 20 * MIB, allocated + " bytes");
        assertEquals(elements, loaded[0].variables().get("matrix").value().size());
        allocated = HostileFiles.allocatedBy(() -> assertEquals(
                "with its 8388604 bytes the tensors in \"data\" are more"
                        + " than the file has, since they overlap; store each on its own",
                refusal(other.toArray(TensorProto.Builder[]::new))));
        assertTrue(allocated < 4 * MIB, allocated + " bytes");
    }

    /** All that is wrong is found before elements are read, which may be wider in memory than in the file. */
    @Test
    void elementsAreReadLast() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInitializer(TensorProto.newBuilder().setName("t").setDataType(ElementType.UINT8.number())
                        .addDims(40 * MIB).setRawData(ByteString.copyFrom(new byte[40 * MIB])))
                .addNode(NodeProto.newBuilder().setOpType("Nowhere").addInput("t").addOutput("y"));
        write(graph);
        long allocated = HostileFiles.allocatedBy(() -> assertThrows(ModelFileException.class, () -> Onnx.load(file)));
        assertTrue(allocated < Files.size(file) + 2 * MIB, allocated + " bytes");
        Files.delete(file);
        graph.setInitializer(0, TensorProto.newBuilder().setName("t").setDataType(ElementType.INT64.number())
                .addDims(4 * MIB).addInt64Data(ByteString.copyFrom(new byte[4 * MIB])));
        write(graph);
        allocated = HostileFiles.allocatedBy(() -> assertThrows(ModelFileException.class, () -> Onnx.load(file)));
        assertTrue(allocated < Files.size(file) + 2 * MIB, allocated + " bytes");
    }

    /** In each place where a tensor may be. */
    @Test
    void tensorsOfNodesToo() {
        write(GraphProto.newBuilder().addNode(NodeProto.newBuilder().setOpType("Constant").addOutput("c").addAttribute(
                AttributeProto.newBuilder().setName("value").setType(AttributeType.TENSOR)
                        .setT(tensor("t", 2, "location", "../../secret")))));
        assertTrue(assertThrows(ModelFileException.class, () -> Onnx.load(file)).getMessage()
                .endsWith(said("../../secret")));
    }

    @Test
    void readingChangesNothing() throws IOException {
        write(tensor("t", 4, "location", "data"), tensor("u", 2, "location", "sub/data"));
        Map<Path, FileTime> before = times();
        Onnx.inspect(file);
        Onnx.load(file);
        assertEquals(before, times());
    }

    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                times.put(path, Files.getLastModifiedTime(path));
            }
        }
        return times;
    }

    /** Larger than a buffer can be: what is refused is the tensor after it, before elements are read. */
    @Test
    void aTensorOf2GiB() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            large.setLength(1L << 31);
        }
        assertEquals("it has 16 bytes of data where float[2] takes 8; restore the file from a copy",
                refusal(tensor("large", 1 << 28, "location", "large").setDataType(ElementType.DOUBLE.number()),
                        tensor("t", 2, "location", "data")));
    }

    /** At an offset that no int counts, and that is no multiple of their size. */
    @Test
    void elementsBeyond2GiB() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            large.seek((1L << 31) + 3);
            large.write(floats(1.5f, -2));
        }
        assertArrayEquals(new float[] {1.5f, -2},
                values(tensor("t", 2, "location", "large", "offset", (1L << 31) + 3)));
    }
}
