package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.weights.Npz.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is no array of ours, and archives of such: one sentence each. */
class NumpyRefusalTest {
    private static final String RESTORE = "; restore the file from a copy or save it again";
    private static final String REMEDY = "; store it as one of b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 and f8";
    private static final String NO_ARRAY = "this is no array that numpy saved: it does not begin with \\x93NUMPY; name "
            + "one, or restore it from a copy if it is damaged";
    private static final String NO_ZIP =
            "this is not a whole zip file, as an .npz is; name one, or restore it from a copy "
                    + "if it is damaged";

    @TempDir
    Path folder;

    private record Case(String message, byte[] file) {}

    /** A file by the letter of the format. */
    static byte[] file(int version, String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer file = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) version).put((byte) 0);
        if (version == 1) {
            file.putShort((short) text.length);
        } else {
            file.putInt(text.length);
        }
        file.put(text).put(data);
        return java.util.Arrays.copyOf(file.array(), file.position());
    }

    private static byte[] file(String descr, String order, String shape, int bytes) {
        return file(1, "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n",
                new byte[bytes]);
    }

    private static List<Case> arrays() {
        List<Case> files = new ArrayList<>();
        files.add(new Case("the file is empty" + RESTORE, new byte[0]));
        files.add(new Case(NO_ARRAY, "hello".getBytes(StandardCharsets.US_ASCII)));
        files.add(new Case("the file is truncated" + RESTORE, "\u0093NUMPY\1".getBytes(StandardCharsets.ISO_8859_1)));
        files.add(
                new Case(
                        "it has format version 4.0, and this version of the library knows 1.0, 2.0 and 3.0; save it as "
                                + "one of those, or restore the file from a copy if it is damaged",
                        file(4, "", new byte[0])));
        files.add(
                new Case("the file is truncated" + RESTORE, "\u0093NUMPY\1\0v".getBytes(StandardCharsets.ISO_8859_1)));
        files.add(new Case("its header would have 65536 bytes where at most 65535 may stand" + RESTORE,
                file(2, " ".repeat(65_536), new byte[0])));
        files.add(new Case("the file is truncated" + RESTORE,
                "\u0093NUMPY\1\0\u00FF\u00FF{}".getBytes(StandardCharsets.ISO_8859_1)));
        files.add(new Case("its header lacks one of descr, fortran_order and shape" + RESTORE,
                file(1, "{}", new byte[0])));
        files.add(new Case("its header has a key \"strides\" that the format does not know" + RESTORE,
                file(1, "{'strides': ()}", new byte[0])));
        files.add(new Case("its header has shape twice" + RESTORE, file(1, "{'shape': (), 'shape': ()}", new byte[0])));
        for (String header : List.of("", "[]", "{'descr'", "{'descr", "{descr: 1}", "{'fortran_order': 1}",
                "{'shape': (3)}", "{'shape': [3]}", "{'shape': (-1,)}", "{'shape': (1.5,)}", "{'shape': (1 2)}",
                "{'shape': (,)}", "{'shape': (1000000000000000000,)}", "{'shape': ()", "{'shape': () 'descr': '<f4'}",
                "{'shape': __import__('os').abort()}", "{'descr': '<f4\\n'}", "(" + "(".repeat(60_000),
                "{'descr': '<f4', 'fortran_order': False, 'shape': ()} 1")) {
            files.add(new Case("its header is not understood from character ", file(1, header, new byte[4])));
        }
        files.add(new Case("its rank is more than 64" + RESTORE,
                file("'<f4'", "False", "(" + "1, ".repeat(65) + ")", 4)));
        files.add(new Case("there is no tensor with the extents [65536, 65536]" + RESTORE,
                file("'<f4'", "False", "(65536, 65536)", 4)));
        files.add(new Case("there is no tensor with the extents [4294967297]" + RESTORE,
                file("'<f4'", "False", "(4294967297,)", 4)));
        files.add(new Case("its elements are Python objects (dtype \"|O\"), which are not read here" + REMEDY,
                file("'|O'", "False", "(1,)", 8)));
        files.add(new Case("its elements are text (dtype \"<U2\"), which are not read here" + REMEDY,
                file("'<U2'", "False", "(1,)", 8)));
        files.add(new Case("its elements are text (dtype \"|S2\"), which are not read here" + REMEDY,
                file("'|S2'", "False", "(1,)", 2)));
        files.add(new Case("its elements are complex numbers (dtype \"<c16\"), which are not read here" + REMEDY,
                file("'<c16'", "False", "(1,)", 16)));
        files.add(new Case("its elements are times (dtype \"<M8[D]\"), which are not read here" + REMEDY,
                file("'<M8[D]'", "False", "(1,)", 8)));
        files.add(new Case("its elements are raw bytes (dtype \"|V3\"), which are not read here" + REMEDY,
                file("'|V3'", "False", "(1,)", 3)));
        files.add(new Case("its elements are records, which are not read here" + REMEDY,
                file("[('a', '<i4'), ('b', '<f8')]", "False", "(1,)", 12)));
        for (String descr : List.of("<f16", "f4", "=f4", "|f4", "", "<", "<i3", "\u00FF")) {
            files.add(new Case("its elements are of another kind (dtype \"" + descr + "\"), which are not read here"
                    + REMEDY, file("'" + descr + "'", "False", "(1,)", 16)));
        }
        files.add(new Case("the file is truncated: F32[3] takes 12 bytes, and 11 are left" + RESTORE,
                file("'<f4'", "False", "(3,)", 11)));
        files.add(new Case("the file is truncated: I64[2147483647] takes 17179869176 bytes, and 8 are left" + RESTORE,
                file("'<i8'", "True", "(2147483647,)", 8)));
        files.add(new Case("it goes on after its 3 elements" + RESTORE, file("'<f4'", "False", "(3,)", 13)));
        files.add(new Case("one of its elements, stored as BOOL, stands for no value of BOOL" + RESTORE,
                file(1, "{'descr': '|b1', 'fortran_order': False, 'shape': ()}", new byte[] {2})));
        files.add(new Case("one of its elements, stored as U64, stands for no value of I64" + RESTORE,
                file(1, "{'descr': '>u8', 'fortran_order': False, 'shape': ()}",
                        new byte[] {-1, 0, 0, 0, 0, 0, 0, 0})));
        return files;
    }

    /** Elements of a byte take four in memory, which a file that is refused does not get. */
    @Test
    void refusedBeforeElementsAreRead() throws IOException {
        int elements = 8 << 20;
        Path file = Files.write(folder.resolve("long"), file("'|i1'", "False", "(" + elements + ",)", elements + 1));
        long allocated = HostileFiles.allocatedBy(() -> assertThrows(ModelFileException.class, () -> Npy.read(file)));
        assertTrue(allocated < 1 << 20, allocated + " bytes");
    }

    /** A zip file of any entries. */
    static byte[] zip(int method, Object... namesAndBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                byte[] bytes = (byte[]) namesAndBytes[i + 1];
                ZipEntry entry = new ZipEntry((String) namesAndBytes[i]);
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    java.util.zip.CRC32 checksum = new java.util.zip.CRC32();
                    checksum.update(bytes);
                    entry.setSize(bytes.length);
                    entry.setCrc(checksum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(bytes);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static List<Case> archives() {
        List<Case> files = new ArrayList<>();
        byte[] one = NumpyRoundTripTest.npy(Tensor.ones(3));
        byte[] whole = zip(ZipEntry.STORED, "a.npy", one);
        files.add(new Case(NO_ZIP, new byte[0]));
        files.add(new Case(NO_ZIP, one));
        files.add(new Case(NO_ZIP, java.util.Arrays.copyOf(whole, whole.length - 1)));
        files.add(new Case("tensor \"readme\": its entry does not end in .npy; leave only arrays in the file",
                zip(ZipEntry.STORED, "a.npy", one, "readme", one)));
        files.add(new Case("tensor \"a.npy\": the file is empty" + RESTORE,
                zip(ZipEntry.STORED, "a.npy", new byte[0])));
        files.add(new Case("tensor \"a.npy\": " + NO_ARRAY, zip(ZipEntry.DEFLATED, "a.npy", new byte[100])));
        files.add(new Case("tensor \"a.npy\": the file is truncated" + RESTORE,
                zip(ZipEntry.DEFLATED, "a.npy", file("'<f4'", "False", "(3,)", 11))));
        files.add(new Case("tensor \"a.npy\": it goes on after its 3 elements" + RESTORE,
                zip(ZipEntry.DEFLATED, "a.npy", file("'<f4'", "False", "(3,)", 1 << 20))));
        files.add(new Case("tensor \"a.npy\": its elements are Python objects (dtype \"|O\"), which are not read here"
                + REMEDY, zip(ZipEntry.DEFLATED, "a.npy", file("'|O'", "False", "(3,)", 24))));
        files.add(new Case(
                "tensor \"a.npy\": with it the tensors would take 8589934588 bytes, and the limit is 25165824; "
                        + "name a greater limit in the call if you trust the file",
                zip(ZipEntry.DEFLATED, "a.npy", file("'<f4'", "False", "(2147483647,)", 4))));
        byte[] damaged = whole.clone();
        damaged[damaged.length - 75] ^= 1;
        files.add(new Case("tensor \"a.npy\": the data are damaged (checksum ", damaged));
        String twice = new String(zip(ZipEntry.STORED, "a.npy", one, "b.npy", one), StandardCharsets.ISO_8859_1)
                .replace("b.npy", "a.npy");
        files.add(new Case("tensor \"a.npy\": it is there twice" + RESTORE,
                twice.getBytes(StandardCharsets.ISO_8859_1)));
        return files;
    }

    private interface Read {
        void from(Path file);
    }

    private List<DynamicTest> refused(List<Case> cases, Read read) {
        return cases.stream().map(made -> DynamicTest.dynamicTest(made.message(), () -> {
            Path file = Files.write(folder.resolve("hostile"), made.file());
            String message = assertThrows(ModelFileException.class, () -> read.from(file)).getMessage();
            assertTrue(message.startsWith(file + ": " + made.message()), message);
            assertTrue(!made.message().contains(";") || message.equals(file + ": " + made.message()), message);
        })).toList();
    }

    @TestFactory
    List<DynamicTest> arraysAreRefusedInOneSentence() {
        return refused(arrays(), Npy::read);
    }

    @TestFactory
    List<DynamicTest> archivesAreRefusedInOneSentence() {
        return refused(archives(), Npz::read);
    }

    /** Whatever a header may be written like, that of Python 2 among it. */
    @Test
    void allowedAllTheSame() throws IOException {
        Path file = folder.resolve("allowed");
        for (String header : List.of("{\"shape\": (2L, 3L), \"fortran_order\": False, \"descr\": \"<i1\"}",
                "{ 'shape' :( 2,3, ),'descr':'|i1','fortran_order':True,}  \n", "{'descr':'>i1','shape':(6,),"
                        + "'fortran_order':False}")) {
            Files.write(file, file(1, header, new byte[6]));
            assertEquals(6, Npy.read(file).size());
        }
        Files.write(file, zip(ZipEntry.STORED));
        assertEquals(0, Npz.read(file).size());
    }

    @Test
    void whatCannotBeOpened() {
        for (Read read : List.<Read>of(Npy::read, Npz::read)) {
            assertEquals(folder + ": this is a folder; name a file in it",
                    assertThrows(ModelFileException.class, () -> read.from(folder)).getMessage());
            Path none = folder.resolve("none");
            assertEquals(none + ": no such file; check the path, and that the file can be read",
                    assertThrows(ModelFileException.class, () -> read.from(none)).getMessage());
        }
    }

    @Test
    void whatIsNotWritten() {
        Path file = folder.resolve("refused");
        Tensor deep = Tensor.ones(1).reshape(Shape.of(IntStream.range(0, 65).map(_ -> 1).toArray()));
        assertEquals(file + ": its rank is 65; reshape it to at most 64 axes",
                assertThrows(ModelFileException.class, () -> Npy.write(file, deep)).getMessage());
        assertEquals(": tensor \"a\": its rank is 65; reshape it to at most 64 axes",
                refusal(file, NumpyRoundTripTest.map("a", deep)));
        assertEquals(": the name \"\uFFFD\" holds half of a surrogate pair; use whole characters",
                refusal(file, NumpyRoundTripTest.map("\uDC00", Tensor.ones(1))));
        assertEquals(": the name \"" + "x".repeat(100) + "...\" is too long; a name has at most 16384 characters",
                refusal(file, NumpyRoundTripTest.map("x".repeat(17_000), Tensor.ones(1))));
        assertEquals(0, folder.toFile().list().length, "something was left behind");
    }

    private static String refusal(Path file, SequencedMap<String, Tensor> tensors) {
        String message = assertThrows(ModelFileException.class,
                () -> Npz.write(file, tensors, Compression.DEFLATED)).getMessage();
        return message.substring(file.toString().length());
    }

    /** Right at the limits, what is written can be read. */
    @Test
    void whatIsJustShortEnough() {
        Tensor deep = Tensor.ones(1).reshape(Shape.of(IntStream.range(0, 64).map(_ -> 1).toArray()));
        Path file = folder.resolve("limit");
        String name = "\u20AC".repeat(16_384);
        Npz.write(file, NumpyRoundTripTest.map(name, deep));
        assertEquals(deep.spec(), Npz.read(file).get(name).spec());
    }
}
