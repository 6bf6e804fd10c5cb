package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the format forbids, and what does not fit it: one sentence each. */
class SafeTensorsRefusalTest {
    private static final String RESTORE = "; restore the file from a copy or save it again";
    private static final String NAME_ONE = "; name one, or restore it from a copy if it is damaged";

    @TempDir
    Path folder;

    private record Case(String message, byte[] file) {}

    /** A file by the letter of the format, around any header. */
    static byte[] file(long length, byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(header)
                .array();
    }

    static byte[] file(String header, int data) {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return file(bytes.length, bytes, data);
    }

    private static String tensor(String name, String dtype, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(name, dtype, shape, begin,
                end);
    }

    private static List<Case> files() {
        List<Case> files = new ArrayList<>();
        String a = tensor("a", "F32", "[2]", 0, 8);
        files.add(new Case("the file is empty" + RESTORE, new byte[0]));
        files.add(new Case("this is not a safetensors file: its 3 bytes are too few" + NAME_ONE, new byte[3]));
        files.add(new Case("this is not a safetensors file: its header would have 18446744073709551615 bytes where at "
                + "most 100000000 may stand" + NAME_ONE, file(-1, new byte[0], 9)));
        files.add(new Case("this is not a safetensors file: its header would have 100000001 bytes where at "
                + "most 100000000 may stand" + NAME_ONE, file(100_000_001, new byte[0], 9)));
        files.add(new Case("the file is truncated: its header would have 100000000 bytes, and 9 are left" + RESTORE,
                file(100_000_000, new byte[0], 9)));
        files.add(new Case("this is not a safetensors file: its header does not begin with {" + NAME_ONE,
                file(0, new byte[0], 0)));
        files.add(new Case("this is not a safetensors file: its header does not begin with {" + NAME_ONE,
                file(" {}", 0)));
        files.add(new Case("the header is not well-formed JSON, near its character 1" + RESTORE, file("{", 0)));
        files.add(new Case("the header is not well-formed JSON, near its character 2" + RESTORE, file("{'a':1}", 0)));
        files.add(new Case("the header is not well-formed JSON, near its character 3" + RESTORE, file("{}x", 0)));
        files.add(new Case("the header goes on after its end" + RESTORE, file("{}{}", 0)));
        files.add(new Case("the header is not UTF-8" + RESTORE,
                file(6, "{\"\u00FF\":0}".getBytes(StandardCharsets.ISO_8859_1), 0)));
        files.add(
                new Case("the text \"\uFFFD\" holds half of a surrogate pair" + RESTORE, file("{\"\\ud800\":{}}", 0)));
        files.add(new Case("the metadata are not an object" + RESTORE, file("{\"__metadata__\":null}", 0)));
        files.add(new Case("the metadata are there twice" + RESTORE,
                file("{\"__metadata__\":{},\"__metadata__\":{}}", 0)));
        files.add(new Case("the metadata \"k\" are not text" + RESTORE, file("{\"__metadata__\":{\"k\":1}}", 0)));
        files.add(new Case("the metadata \"k\" are there twice" + RESTORE,
                file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0)));
        files.add(new Case("tensor \"a\": it is there twice" + RESTORE, file("{" + a + "," + a + "}", 8)));
        files.add(new Case("tensor \"a\": it is not described by an object" + RESTORE, file("{\"a\":[]}", 0)));
        files.add(new Case("tensor \"a\": it lacks one of dtype, shape and data_offsets" + RESTORE,
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 0)));
        files.add(new Case("tensor \"a\": it has a field \"strides\" that the format does not know" + RESTORE,
                file("{\"a\":{\"strides\":[]}}", 0)));
        files.add(new Case("tensor \"a\": its shape is there twice" + RESTORE,
                file("{\"a\":{\"shape\":[],\"shape\":[]}}", 0)));
        files.add(new Case("tensor \"a\": its dtype is not text" + RESTORE, file("{\"a\":{\"dtype\":1}}", 0)));
        files.add(new Case(
                "tensor \"a\": its elements are of dtype \"F8_E4M3\", which is not read here; store it as one "
                        + "of [BOOL, I8, U8, I16, U16, I32, U32, I64, U64, F16, BF16, F32, F64]",
                file("{" + tensor("a", "F8_E4M3", "[2]", 0, 2) + "}", 2)));
        files.add(new Case("tensor \"a\": its shape is not a list" + RESTORE, file("{\"a\":{\"shape\":{}}}", 0)));
        for (String number : List.of("-1", "1.0", "1e3", "\"1\"", "1000000000000000000", "true", "-0")) {
            files.add(new Case("tensor \"a\": its shape holds something else than whole numbers of at most 18 digits"
                    + RESTORE, file("{\"a\":{\"shape\":[" + number + "]}}", 0)));
        }
        files.add(new Case("tensor \"a\": there is no tensor with the extents [4294967296]" + RESTORE,
                file("{" + tensor("a", "U8", "[4294967296]", 0, 0) + "}", 0)));
        files.add(new Case("tensor \"a\": there is no tensor with the extents [65536, 65536]" + RESTORE,
                file("{" + tensor("a", "U8", "[65536,65536]", 0, 0) + "}", 0)));
        files.add(new Case("tensor \"a\": its shape has more than 64 numbers" + RESTORE, file("{" + tensor("a", "F32",
                IntStream.range(0, 65).mapToObj(_ -> "1").collect(Collectors.joining(",", "[", "]")), 0, 4) + "}", 4)));
        files.add(new Case("tensor \"a\": its data_offsets has more than 2 numbers" + RESTORE,
                file("{\"a\":{\"data_offsets\":[0,0,0]}}", 0)));
        files.add(new Case("tensor \"a\": its data_offsets are not a beginning and an end" + RESTORE,
                file("{" + tensor("a", "F32", "[2]", 8, 0) + "}", 8)));
        files.add(new Case("tensor \"a\": F32[2] takes 8 bytes, and its data_offsets give 7" + RESTORE,
                file("{" + tensor("a", "F32", "[2]", 0, 7) + "}", 7)));
        files.add(new Case("tensor \"a\": its data begin at byte 1, and those before end at 0" + RESTORE,
                file("{" + tensor("a", "F32", "[2]", 1, 9) + "}", 9)));
        files.add(new Case("tensor \"b\": its data begin at byte 9, and those before end at 8" + RESTORE,
                file("{" + tensor("b", "F32", "[2]", 9, 17) + "," + a + "}", 17)));
        files.add(new Case("tensor \"b\": its data begin at byte 4, and those before end at 8" + RESTORE,
                file("{" + tensor("b", "F32", "[2]", 4, 12) + "," + a + "}", 12)));
        files.add(new Case("the file is truncated: the tensors take 8 bytes, and 7 are left" + RESTORE,
                file("{" + a + "}", 7)));
        files.add(new Case("the file goes on after its tensors, by 1 bytes" + RESTORE, file("{" + a + "}", 9)));
        files.add(new Case(
                "tensor \"a\": the header nests too deeply, or holds a name or text that is too long" + RESTORE,
                file("{\"a\":{\"shape\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}}", 0)));
        files.add(new Case("tensor \"a\": it is not described by an object" + RESTORE,
                file("{\"a\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}", 0)));
        files.add(new Case("the header nests too deeply, or holds a name or text that is too long" + RESTORE,
                file("{\"" + "a".repeat(20_000) + "\":{}}", 0)));
        files.add(new Case("the header nests too deeply, or holds a name or text that is too long" + RESTORE,
                file("{\"__metadata__\":{\"a\":\"" + "b".repeat(5 << 20) + "\"}}", 0)));
        files.add(new Case("the file holds more than 65536 tensors" + RESTORE, file(IntStream.range(0, 65_537)
                .mapToObj(i -> tensor("" + i, "F32", "[0]", 0, 0)).collect(Collectors.joining(",", "{", "}")), 0)));
        files.add(new Case("there are more than 65536 metadata" + RESTORE,
                file(IntStream.range(0, 65_537).mapToObj(i -> "\"" + i + "\":\"\"")
                        .collect(Collectors.joining(",", "{\"__metadata__\":{", "}}")), 0)));
        files.add(new Case("names and metadata have more than 8388608 characters" + RESTORE,
                file(IntStream.range(0, 600).mapToObj(i -> "\"" + i + "\":\"" + "x".repeat(16_000) + "\"")
                        .collect(Collectors.joining(",", "{\"__metadata__\":{", "}}")), 0)));
        byte[] two = file("{" + tensor("a", "BOOL", "[2]", 0, 2) + "}", 2);
        two[two.length - 1] = 2;
        files.add(new Case("tensor \"a\": one of its elements, stored as BOOL, stands for no value of BOOL" + RESTORE,
                two));
        byte[] huge = file("{" + tensor("a", "U64", "[2]", 0, 16) + "}", 16);
        huge[huge.length - 1] = -128;
        files.add(new Case("tensor \"a\": one of its elements, stored as U64, stands for no value of I64" + RESTORE,
                huge));
        return files;
    }

    @TestFactory
    List<DynamicTest> refusedInOneSentence() {
        return files().stream().map(made -> DynamicTest.dynamicTest(made.message(), () -> {
            Path file = Files.write(folder.resolve("hostile"), made.file());
            String message = assertThrows(ModelFileException.class, () -> SafeTensors.read(file)).getMessage();
            assertEquals(file + ": " + made.message(), message);
        })).toList();
    }

    /** Whatever a header may be written like. */
    @Test
    void allowedAllTheSame() throws IOException {
        String header = "{ \"b\" : {\"shape\":[1,2],\"data_offsets\":[0,8],\"dtype\":\"F32\"},\n\t\"\\u0061\":"
                + "{\"data_offsets\":[8,8],\"dtype\":\"F64\",\"shape\":[3,0]}, \"__metadata__\":{} }\n  ";
        Path file = Files.write(folder.resolve("allowed"), file(header, 8));
        try (SafeTensorsFile opened = SafeTensors.open(file)) {
            assertEquals("{b=F32[1, 2], a=F64[3, 0]}", opened.specs().toString());
        }
        Files.write(file, file("{}", 0));
        assertEquals(0, SafeTensors.read(file).tensors().size());
    }

    @Test
    void whatCannotBeOpened() {
        assertEquals(folder + ": this is a folder; name a file in it",
                assertThrows(ModelFileException.class, () -> SafeTensors.read(folder)).getMessage());
        Path none = folder.resolve("none");
        assertEquals(none + ": no such file; check the path, and that the file can be read",
                assertThrows(ModelFileException.class, () -> SafeTensors.read(none)).getMessage());
    }

    /** The JVM tells of a page that is gone by an error of its own. */
    @Test
    void aFileThatBecomesShorter() throws IOException {
        Path file = folder.resolve("shorter");
        SafeTensors.write(file, tensors("a", Tensor.ones(1 << 20)), Map.of());
        try (SafeTensorsFile opened = SafeTensors.open(file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(4096);
            assertEquals(
                    file + ": it became shorter while it was being read, or its disk fails; read it again once nobody "
                            + "writes it",
                    assertThrows(ModelFileException.class, () -> opened.tensor("a")).getMessage());
        }
    }

    private static SequencedMap<String, Tensor> tensors(String name, Tensor tensor) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(name, tensor);
        return tensors;
    }

    private String writeRefusal(SequencedMap<String, Tensor> tensors, Map<String, String> metadata,
            FloatStorage storage) {
        Path file = folder.resolve("refused");
        String message = assertThrows(ModelFileException.class,
                () -> SafeTensors.write(file, tensors, metadata, storage)).getMessage();
        assertEquals(0, folder.toFile().list().length, "something was left behind");
        return message.substring(file.toString().length() + 2);
    }

    private String writeRefusal(String name, Tensor tensor, Map<String, String> metadata) {
        return writeRefusal(tensors(name, tensor), metadata, FloatStorage.EXACT);
    }

    @Test
    void whatIsNotWritten() {
        Tensor one = Tensor.ones(1);
        assertEquals("the name \"\uFFFD\" holds half of a surrogate pair; use whole characters",
                writeRefusal("\uD800", one, Map.of()));
        assertEquals("metadata \"k\" hold half of a surrogate pair; use whole characters",
                writeRefusal("a", one, Map.of("k", "\uD800")));
        assertEquals("a tensor has the name of the metadata; give it another name than __metadata__",
                writeRefusal("__metadata__", one, Map.of()));
        assertEquals("the name \"" + "x".repeat(100) + "...\" is too long; a name has at most 16384 characters",
                writeRefusal("x".repeat(20_000), one, Map.of()));
        assertEquals("metadata \"k\" are too long; keep large data in tensors",
                writeRefusal("a", one, Map.of("k", "v".repeat(5 << 20))));
        assertEquals(
                "names and metadata are too long together; they have at most 8388608 characters; keep large data in "
                        + "tensors",
                writeRefusal("a", one, Map.of("k", "v".repeat(4 << 20), "l", "v".repeat(4 << 20))));
        assertEquals("tensor \"a\": its rank is 65; reshape it to at most 64 axes", writeRefusal("a",
                one.reshape(Shape.of(IntStream.range(0, 65).map(_ -> 1).toArray())), Map.of()));
        assertEquals(
                "tensor \"a\": an element is beyond the range of F16, in which it was to be stored; store it as BF16 "
                        + "or EXACT",
                writeRefusal(tensors("a", Tensor.of(new float[] {65520})), Map.of(), FloatStorage.F16));
        assertEquals("tensor \"a\": an element is beyond the range of BF16, in which it was to be stored; store it as "
                + "EXACT",
                writeRefusal(tensors("a", Tensor.of(new float[] {Float.MAX_VALUE})), Map.of(), FloatStorage.BF16));
        Map<String, String> many = new LinkedHashMap<>();
        IntStream.rangeClosed(0, 1 << 16).forEach(i -> many.put("" + i, ""));
        assertEquals("there are too many tensors or metadata; a file holds at most 65536 of each",
                writeRefusal("a", one, many));
    }

    /** Right at the limits, what is written can be read. */
    @Test
    void whatIsJustShortEnough() {
        Path file = folder.resolve("limit");
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("\u0001".repeat(16_384), Tensor.ones(2).reshape(Shape.of(IntStream.range(0, 64).map(i -> i == 0
                ? 2
                : 1).toArray())));
        Map<String, String> metadata = Map.of("k", "\u0416".repeat(4 << 20));
        SafeTensors.write(file, tensors, metadata);
        SafeTensorsContents contents = SafeTensors.read(file);
        SafeTensorsRoundTripTest.assertSame(tensors, contents.tensors());
        assertEquals(metadata, contents.metadata());
    }

    @Test
    void halvesOfFloatsOnly() {
        SequencedMap<String, Tensor> tensors = tensors("half", Tensor.of(new float[] {1.5f, -65504, Float.NaN}));
        tensors.put("double", Tensor.of(new double[] {0.1}));
        tensors.put("int", Tensor.of(new int[] {1 << 30}));
        Path file = folder.resolve("halves");
        for (FloatStorage storage : List.of(FloatStorage.F16, FloatStorage.BF16)) {
            SafeTensors.write(file, tensors, Map.of(), storage);
            SafeTensorsContents contents = SafeTensors.read(file);
            assertEquals(0.1, contents.tensors().get("double").toDoubles()[0]);
            assertEquals(1 << 30, contents.tensors().get("int").toInts()[0]);
            float[] halves = contents.tensors().get("half").toFloats();
            assertEquals(List.of(1.5f, storage == FloatStorage.F16 ? -65504f : -65536f, Float.NaN),
                    List.of(halves[0], halves[1], halves[2]));
        }
    }
}
