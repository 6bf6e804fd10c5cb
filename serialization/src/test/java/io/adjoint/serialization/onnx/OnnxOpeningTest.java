package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.Pipes;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no model, cannot be opened, or changes meanwhile; and what looks odd and is one. */
class OnnxOpeningTest {
    @TempDir
    Path folder;

    private static String refusal(Path file) {
        List<String> messages = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> List.of(
                assertThrows(ModelFileException.class, () -> Onnx.load(file)).getMessage(),
                assertThrows(ModelFileException.class, () -> Onnx.inspect(file)).getMessage()));
        assertEquals(messages.getFirst(), messages.getLast());
        String start = file + ": ";
        assertTrue(messages.getFirst().startsWith(start), messages.getFirst());
        return messages.getFirst().substring(start.length());
    }

    private String refusal(int... bytes) throws IOException {
        Path file = folder.resolve("model.onnx");
        Files.deleteIfExists(file);
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return refusal(Files.write(file, all));
    }

    @Test
    void whatCannotBeOpened() throws IOException {
        assertEquals("this is a folder; name a file in it", refusal(folder));
        assertEquals("no such file; check the path, and that the file can be read", refusal(folder.resolve("none")));
        assertEquals("this is not a regular file; name a file", refusal(Path.of("/dev/zero")));
        Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        assertTrue(refusal(circle).endsWith("; check the path, and that the file can be read"), refusal(circle));
    }

    @Test
    void pipesAreNotOpened() throws IOException, InterruptedException {
        assertEquals("this is not a regular file; name a file", refusal(Pipes.make(folder.resolve("pipe"))));
    }

    @Test
    void whatIsNoModel() throws IOException {
        String restore = "; restore it from a copy or export it again";
        assertEquals("the file is empty" + restore, refusal());
        assertEquals("this is not an ONNX model, or one without a graph; name a file that an exporter wrote",
                refusal(8, 9));
        String damaged = "this is not an ONNX model, or it is damaged (at byte ";
        assertEquals(damaged + "2)" + restore, refusal(7 << 3 | 2, 1)); // a graph of a byte that is not there
        assertEquals(damaged + "6)" + restore, refusal(7 << 3 | 2, 255, 255, 255, 255, 15));
        assertEquals(damaged + "1)" + restore, refusal(0));
        assertEquals(damaged + "1)" + restore, refusal(8));
        assertEquals(damaged + "1)" + restore, refusal(8 | 4)); // the end of a group
        assertEquals(damaged + "1)" + restore, refusal(8 | 7));
        assertEquals(damaged + "11)" + restore, refusal(8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1));
        assertEquals(damaged + "3)" + restore, refusal(7 << 3 | 2, 1, 10)); // a node whose length is missing
        assertTrue(refusal(18, 1, 255, 7 << 3 | 2, 0).startsWith("this is not an ONNX model, or it is damaged ("));
    }

    private static ModelProto.Builder model(TensorProto... tensors) {
        GraphProto.Builder graph = GraphProto.newBuilder().addAllInitializer(List.of(tensors));
        for (TensorProto tensor : tensors) {
            graph.addOutput(ValueInfoProto.newBuilder().setName(tensor.getName()));
        }
        return ModelProto.newBuilder().setGraph(graph);
    }

    /** A model that was read needs its file no more. */
    @Test
    void aFileThatBecomesShorter() throws IOException {
        byte[] bytes = model(TensorProto.newBuilder().setName("t").setDataType(ElementType.INT32.number())
                .addDims(1 << 20).setRawData(ByteString.copyFrom(new byte[4 << 20])).build()).build().toByteArray();
        Path file = Files.write(folder.resolve("model.onnx"), bytes);
        OnnxModel model = Onnx.load(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(4096);
        }
        model.save(file);
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    /** Numbers may be packed, in one or several stretches, or stand one by one. */
    @Test
    void elementsInEachWay() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeInt64(TensorProto.DIMS_FIELD_NUMBER, 3);
        out.writeInt32(TensorProto.DATA_TYPE_FIELD_NUMBER, ElementType.INT64.number());
        out.writeString(TensorProto.NAME_FIELD_NUMBER, "single");
        for (long value : new long[] {1, -2, Long.MIN_VALUE}) {
            out.writeInt64(TensorProto.INT64_DATA_FIELD_NUMBER, value);
        }
        out.flush();
        TensorProto single = TensorProto.parseFrom(bytes.toByteArray());
        TensorProto.Builder packed = TypedFields.add(TensorProto.newBuilder().setName("packed")
                .setDataType(ElementType.INT64.number()).addDims(3), 1);
        TypedFields.add(packed, -2, Long.MIN_VALUE);
        TensorProto narrow = TypedFields.add(TensorProto.newBuilder().setName("narrow")
                .setDataType(ElementType.INT8.number()).addDims(2), -1, 300).build();
        TensorProto half = TypedFields.add(TensorProto.newBuilder().setName("half")
                .setDataType(ElementType.FLOAT16.number()).addDims(1), 0x3E00).build();
        Path file = Files.write(folder.resolve("model.onnx"), model(single, packed.build(), narrow, half).build()
                .toByteArray());
        OnnxModel loaded = Onnx.load(file);
        List<long[]> longs = loaded.forwardAll(List.of()).stream().limit(2).map(each -> each.toLongs()).toList();
        assertArrayEquals(new long[] {1, -2, Long.MIN_VALUE}, longs.getFirst());
        assertArrayEquals(new long[] {1, -2, Long.MIN_VALUE}, longs.getLast());
        assertArrayEquals(new int[] {-1, 44}, loaded.forwardAll(List.of()).get(2).toInts());
        assertArrayEquals(new float[] {1.5f}, loaded.forwardAll(List.of()).get(3).toFloats());
        Path copy = folder.resolve("copy.onnx");
        loaded.save(copy);
        assertEquals(4, Onnx.load(copy).forwardAll(List.of()).size());
    }

    /** What comes in parts means what it would mean at once: a message that is there again goes on, a list too. */
    @Test
    void partsOfMessages() throws IOException {
        TensorProto large = TensorProto.newBuilder().setName("large").setDataType(ElementType.FLOAT.number())
                .addDims(2000).addFloatData(ByteString.copyFrom(new byte[4000]))
                .addFloatData(ByteString.copyFrom(new byte[4000])).setDocString("split").build();
        TensorProto raw = TensorProto.newBuilder().setName("raw").setDataType(ElementType.FLOAT.number()).addDims(5000)
                .setRawData(ByteString.copyFrom(new byte[20_000])).setDocString("after it").build();
        ModelProto first = model(large, raw).setIrVersion(8).setDocString("first").build();
        ModelProto second = ModelProto.newBuilder().setProducerName("second").setGraph(GraphProto.newBuilder()
                .addInitializer(raw.toBuilder().setName("more")).addNode(NodeProto.newBuilder().setOpType("Relu")
                        .addInput("raw").addOutput("y"))
                .setName("g")).build();
        Path file = Files.write(folder.resolve("model.onnx"), first.toByteString().concat(second.toByteString())
                .concat(ByteString.copyFrom(new byte[] {(byte) 0x93, 3, (byte) 0x94, 3})).toByteArray());
        ModelProto expected = ModelProto.parseFrom(Files.readAllBytes(file));
        assertEquals(expected, ModelReader.messages(file));
        assertEquals(3, Onnx.load(file).variables().size());
    }

    private String damage(ByteString data, ElementType type) throws IOException {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName("t").setDataType(type.number()).addDims(1);
        Path file =
                Files.write(folder.resolve("model.onnx"), model((type == ElementType.FLOAT ? tensor.addFloatData(data)
                        : tensor.addInt64Data(data)).build()).build().toByteArray());
        return assertThrows(ModelFileException.class, () -> Onnx.load(file)).getMessage();
    }

    @Test
    void elementsThatAreDamaged() throws IOException {
        String message = folder.resolve("model.onnx")
                + ": tensor \"t\": its elements are damaged; restore the file from a copy";
        assertEquals(message, damage(ByteString.copyFrom(new byte[] {1, 2, 3}), ElementType.FLOAT));
        assertEquals(message, damage(ByteString.copyFrom(new byte[] {-1}), ElementType.INT64));
        assertEquals(message, damage(ByteString.copyFrom(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
                ElementType.INT64));
        assertTrue(damage(ByteString.copyFrom(new byte[2]), ElementType.INT64)
                .contains("it has 2 elements where int64[1]"));
    }

    /** Whoever trusts a file may let it have more. */
    @Test
    void moreThanTheLimit() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < 100_000; i++) {
            graph.addNode(NodeProto.newBuilder().setOpType("Constant"));
        }
        Path file = Files.write(folder.resolve("model.onnx"),
                ModelProto.newBuilder().setGraph(graph).build().toByteArray());
        String message = "what stands in it would take more than " + (64 << 20)
                + " bytes of memory"
                + " beside its tensors; restore it from a copy, or name a greater limit in the call if you trust the file";
        assertEquals(message, refusal(file));
        assertEquals(0, Onnx.load(file, 1L << 30).outputs().size());
        assertEquals(100_000, Onnx.inspect(file, 1L << 30).operators().get("Constant"));
    }

    /** Elements that are varints are as wide in memory as their type, whatever they take in the file. */
    @Test
    void elementsOfAByteEach() throws IOException {
        for (ElementType type : List.of(ElementType.INT64, ElementType.UINT64, ElementType.UINT8)) {
            int most = (64 << 20) / type.carrier().bytes();
            for (int elements : List.of(most / 8 * 7, most)) {
                TensorProto.Builder tensor = TensorProto.newBuilder().setName("t").setDataType(type.number())
                        .addDims(elements);
                ByteString zeros = ByteString.copyFrom(new byte[elements]);
                switch (type) {
                    case INT64 -> tensor.addInt64Data(zeros);
                    case UINT64 -> tensor.addUint64Data(zeros);
                    default -> tensor.addInt32Data(zeros);
                }
                Path file = folder.resolve("model.onnx");
                Files.deleteIfExists(file);
                Files.write(file, model(tensor.build()).build().toByteArray());
                if (elements == most) {
                    assertTrue(refusal(file).startsWith("what stands in it would take more than"), type.toString());
                } else {
                    assertEquals(1, Onnx.load(file).outputs().size());
                }
            }
        }
    }

    /** A name decides neither how long a message is nor what a terminal does. */
    @Test
    void namesAreShownShortAndWithoutControls() throws IOException {
        String name = "\u001B[2J\t" + "n".repeat(10_000);
        NodeProto.Builder node = NodeProto.newBuilder().setName(name).setOpType("Neg");
        AttributeProto attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).build();
        for (NodeProto.Builder bad : List.of(node.clone().addInput(name), node.clone().addOutput(name).addOutput(name),
                node.clone().addAttribute(attribute).addAttribute(attribute), node.clone().setOpType(name),
                node.clone().addAttribute(attribute.toBuilder().setType(AttributeType.TENSORS)))) {
            Path file = Files.write(folder.resolve("model.onnx"), ModelProto.newBuilder().setGraph(GraphProto
                    .newBuilder().addNode(bad)).build().toByteArray());
            String message = assertThrows(ModelFileException.class, () -> Onnx.load(file)).getMessage();
            assertTrue(message.contains("\uFFFD[2J\uFFFDnnn") && message.length() < 1000
                    && message.chars().noneMatch(Character::isISOControl), message);
        }
    }

    @Test
    void unsupportedOperatorsAreShownInPart() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < 1000; i++) {
            graph.addNode(NodeProto.newBuilder().setOpType("Op" + i));
        }
        Path file = Files.write(folder.resolve("model.onnx"),
                ModelProto.newBuilder().setGraph(graph).build().toByteArray());
        String message = assertThrows(ModelFileException.class, () -> Onnx.load(file)).getMessage();
        assertTrue(message.contains("Op0 (1 node: \"Op0\"), ") && message.contains(" and 800 more; "), message);
    }
}
