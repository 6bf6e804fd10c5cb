package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.graph;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of few bytes that are many things in memory: what they may take is bounded by their size, and 64 MB. */
class OnnxMemoryTest {
    private static final int MIB = 1 << 20;
    private static final int LARGEST = MIB;
    private static final String REFUSAL = "bytes of memory beside its tensors";

    @TempDir
    Path folder;

    // ---- files of one thing again and again

    /** Writes a part of a file. */
    private interface Part {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Part part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            part.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Each sort of message, and the fields that lead to it from the model. */
    private static Map<Descriptor, List<FieldDescriptor>> messages() {
        Map<Descriptor, List<FieldDescriptor>> paths = new LinkedHashMap<>();
        List<Descriptor> left = new ArrayList<>(List.of(ModelProto.getDescriptor()));
        paths.put(left.getFirst(), List.of());
        while (!left.isEmpty()) {
            Descriptor type = left.removeFirst();
            for (FieldDescriptor field : type.getFields()) {
                if (field.getJavaType() == JavaType.MESSAGE && !paths.containsKey(field.getMessageType())) {
                    List<FieldDescriptor> path = new ArrayList<>(paths.get(type));
                    path.add(field);
                    paths.put(field.getMessageType(), path);
                    left.add(field.getMessageType());
                }
            }
        }
        return paths;
    }

    /** What a field may be filled with, as little as can be. */
    private static Map<String, Part> values(FieldDescriptor field) {
        Map<String, Part> values = new LinkedHashMap<>();
        int number = field.getNumber();
        switch (field.getJavaType()) {
            case MESSAGE, STRING, BYTE_STRING -> {
                values.put("empty", out -> out.writeByteArray(number, new byte[0]));
                if (field.getJavaType() == JavaType.STRING) {
                    values.put("letters", out -> out.writeByteArray(number, "ab".getBytes()));
                    values.put("long", out -> out.writeByteArray(number, "a\u0153".repeat(LARGEST / 8).getBytes()));
                }
            }
            case FLOAT -> {
                values.put("single", out -> out.writeFixed32(number, 0));
                values.put("packed", out -> out.writeByteArray(number, new byte[4096]));
            }
            case DOUBLE -> values.put("single", out -> out.writeFixed64(number, 0));
            case INT, LONG, BOOLEAN, ENUM -> {
                values.put("single", out -> out.writeUInt64(number, 1));
                if (field.isRepeated()) {
                    values.put("packed", out -> out.writeByteArray(number, new byte[4096]));
                }
            }
        }
        return values;
    }

    private static byte[] wrapped(List<FieldDescriptor> path, byte[] inside) {
        byte[] message = inside;
        for (FieldDescriptor field : path.reversed()) {
            byte[] wrapped = message;
            message = bytes(out -> out.writeByteArray(field.getNumber(), wrapped));
        }
        byte[] whole = message;
        return bytes(out -> {
            out.writeRawBytes(whole);
            if (path.isEmpty() || path.getFirst().getNumber() != ModelProto.GRAPH_FIELD_NUMBER) {
                out.writeByteArray(ModelProto.GRAPH_FIELD_NUMBER, new byte[0]);
            }
        });
    }

    /** Files of about a size, by what there is so often in them. */
    private static Map<String, IntFunction<byte[]>> files() {
        Map<String, IntFunction<byte[]>> files = new LinkedHashMap<>();
        messages().forEach((type, path) -> {
            Map<String, Part> parts = new LinkedHashMap<>();
            type.getFields().forEach(field -> values(field).forEach((name, part) -> parts.put(field.getName() + " "
                    + name, part)));
            parts.put("unknown number", out -> out.writeUInt64(1000, 1));
            parts.put("unknown bytes", out -> out.writeByteArray(1000, new byte[0]));
            parts.put("unknown group", out -> {
                out.writeTag(1000, WireFormat.WIRETYPE_START_GROUP);
                out.writeTag(1000, WireFormat.WIRETYPE_END_GROUP);
            });
            parts.forEach((name, part) -> {
                files.put(type.getName() + " " + name, size -> wrapped(path, repeated(bytes(part), size)));
            });
        });
        files.put("unknown fields of many numbers", size -> wrapped(List.of(), bytes(out -> {
            for (int i = 0; i < size / 4; i++) {
                out.writeUInt64(1000 + i, 1);
            }
        })));
        files.put("nodes", size -> model(nodes(size / 30, "")));
        files.put("constants", size -> model(constants(size / 30)));
        files.put("initializers", size -> model(initializers(size / 30)));
        files.put("names that graphs within each other read", size -> model(captures(size / 20)));
        files.put("operators that are not there", size -> model(nodes(size / 30, "No")));
        return files;
    }

    private static byte[] repeated(byte[] one, int size) {
        byte[] many = new byte[Math.max(1, size / one.length) * one.length];
        for (int i = 0; i < many.length; i += one.length) {
            System.arraycopy(one, 0, many, i, one.length);
        }
        return many;
    }

    private static byte[] model(GraphProto.Builder graph) {
        return ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    }

    private static String name(int i) {
        return "v" + Integer.toString(i, Character.MAX_RADIX);
    }

    private static GraphProto.Builder nodes(int count, String operator) {
        GraphProto.Builder graph = graph(List.of("x"), List.of()).toBuilder();
        for (int i = 0; i < count; i++) {
            graph.addNode(NodeProto.newBuilder().addInput("x").addOutput(name(i))
                    .setOpType(operator.isEmpty() ? "Abs" : operator + i));
        }
        return graph;
    }

    private static GraphProto.Builder constants(int count) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < count; i++) {
            graph.addNode(NodeProto.newBuilder().addOutput(name(i)).setOpType("Constant").addAttribute(AttributeProto
                    .newBuilder().setName("value_int").setI(i)));
        }
        return graph;
    }

    private static GraphProto.Builder initializers(int count) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < count; i++) {
            graph.addInitializer(TensorProto.newBuilder().setDataType(2).setName(name(i)).addDims(1)
                    .setRawData(ByteString.copyFrom(new byte[1])));
        }
        return graph;
    }

    private static GraphProto.Builder captures(int count) {
        GraphProto.Builder inner = GraphProto.newBuilder();
        NodeProto.Builder reading = node("y = Sum");
        for (int i = 0; i < count; i++) {
            reading.addInput(name(i));
        }
        inner.addNode(reading);
        for (int i = 0; i < 25; i++) {
            inner = GraphProto.newBuilder().addNode(node("y = If go").addAttribute(body("then_branch", inner)));
        }
        inner.addInput(ValueInfoProto.newBuilder().setName("go"));
        for (int i = 0; i < count; i++) {
            inner.addInput(ValueInfoProto.newBuilder().setName(name(i)));
        }
        return inner;
    }

    private static AttributeProto.Builder body(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph);
    }

    /**
     * Read in a process whose heap is as large as the largest file and 64 MiB: first a file that large, then ever smaller ones
     * until one is within the limit. What is garbage does not count, what is kept does.
     */
    @Test
    void manyThingsInASmallHeap() throws IOException, InterruptedException {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (LARGEST / MIB + 64) + "m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Reading.class.getName());
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        int refused = 0;
        Map<String, IntFunction<byte[]>> files = files();
        try (PrintStream told = new PrintStream(process.getOutputStream(), true);
                BufferedReader ends = process.inputReader()) {
            for (Map.Entry<String, IntFunction<byte[]>> entry : files.entrySet()) {
                int size = LARGEST;
                while (isTooMuch(entry, size, told, ends, errors)) {
                    size /= 2;
                }
                refused += size < LARGEST ? 1 : 0;
            }
        }
        assertEquals(0, process.waitFor(), () -> read(errors));
        assertTrue(refused > files.size() / 3, refused + " of " + files.size()); // a third are too many in the largest file
    }

    /** Whether a file of this size is refused for its memory; if not, it has to be read, or refused for another reason. */
    private boolean isTooMuch(Map.Entry<String, IntFunction<byte[]>> entry, int size, PrintStream told,
            BufferedReader ends, Path errors) throws IOException {
        Path file = folder.resolve("many.onnx");
        Files.deleteIfExists(file);
        told.println(Files.write(file, entry.getValue().apply(size)));
        String end = String.valueOf(ends.readLine());
        assertTrue(end.isEmpty() || end.equals(REFUSAL),
                () -> entry.getKey() + " in " + size + " bytes: " + end + read(errors));
        return !end.isEmpty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The process with the small heap: says how each file ends that it is told of. */
    static final class Reading {
        private static final long CPU_NANOS = 1_000_000_000;

        private Reading() {}

        public static void main(String[] arguments) throws IOException {
            BufferedReader files = new BufferedReader(new InputStreamReader(System.in));
            for (String file = files.readLine(); file != null; file = files.readLine()) {
                Path path = Path.of(file);
                System.out.println(Stream.of(end(() -> Onnx.load(path)), end(() -> Onnx.inspect(path).toString()))
                        .distinct().collect(Collectors.joining(", ")));
            }
        }

        /** Empty if a file is read or refused as it should be, but not for its memory. */
        private static String end(Runnable read) {
            long time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            String end = "";
            try {
                read.run();
            } catch (ModelFileException e) {
                end = e.getMessage().contains(REFUSAL) ? REFUSAL : "";
            } catch (Throwable e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                end = trace.toString().lines().limit(20).collect(Collectors.joining(" "));
            }
            time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - time;
            return time > CPU_NANOS ? "too long: " + time : end;
        }
    }
}
