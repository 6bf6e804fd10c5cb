package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files made to do harm: refused in one sentence, within a second of the processor and 64 MB above the file's size. */
class PyTorchHostileTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long ALLOWANCE = 64 << 20;
    private static final long CPU_NANOS = 1_000_000_000;

    @TempDir
    Path folder;

    /** A file by the beginning of what its refusal says. */
    private record Case(String message, byte[] file) {}

    private static PickleForge begun() {
        return PickleForge.begun();
    }

    /** With a storage of 16 bytes. */
    private static byte[] file(PickleForge pickle) {
        return PickleForge.file(pickle.stop(), 16);
    }

    private static Case pickle(String problem, PickleForge pickle) {
        return new Case("the pickle is damaged at byte " + problem, file(pickle));
    }

    /** One tensor in a dict. */
    private static Case tensor(String problem, String type, int elements, int offset, int size, int stride) {
        return new Case("tensor \"w\": " + problem,
                file(begun().codes("}").text("w").tensor(type, "0", elements, offset, size, stride).codes("s")));
    }

    private static List<Case> otherFiles() {
        byte[] empty = begun().codes("}").stop();
        byte[] whole = PickleForge.file(empty, 0);
        return List.of(new Case("this is not a file of PyTorch; name a file that torch.save wrote", new byte[0]),
                new Case("this is not a file of PyTorch;", new byte[] {'P', 'I', 'K', 'E'}),
                new Case("the end of the zip file is missing;", new byte[] {'P', 'K', 3, 4}),
                new Case("the end of the zip file is missing;", Arrays.copyOf(whole, whole.length - 1)),
                new Case("this is a zip file without the data.pkl of PyTorch;",
                        PickleForge.zip(Map.of("a/b/data.pkl", empty), ZipEntry.STORED)),
                new Case("this is a zip file without the data.pkl of PyTorch;",
                        PickleForge.zip(Map.of("a/data.pkl", empty, "b/data.pkl", empty), ZipEntry.STORED)),
                new Case("there is no byte order \"middle\";", PickleForge
                        .zip(Map.of("a/data.pkl", empty, "a/byteorder", "middle".getBytes()), ZipEntry.STORED)));
    }

    private static List<Case> pickles() {
        return List.of(
                new Case("it holds an object of \"os.system\", and only tensors, numbers and texts are read,",
                        file(begun().global("os", "system").text("echo").code(0x85).codes("R"))),
                new Case("it holds an object of \"torch._utils._rebuild_tensor_v3\",",
                        file(begun().global("torch._utils", "_rebuild_tensor_v3"))),
                new Case("it holds an object of \"a\uFFFD[2J.b\",", file(begun().global("a\u001B[2J", "b"))),
                new Case("it is pickled with protocol 4 where torch.save uses 2;", file(begun().code(0x80, 4))),
                new Case("the pickle has the instruction 0x93 at byte 2, which no state dict needs;",
                        file(begun().code(0x93))),
                new Case("the pickle is damaged at byte 3: it breaks off;",
                        PickleForge.file(Arrays.copyOf(begun().codes("}").stop(), 3), 0)),
                pickle("7: it breaks off;", begun().codes("X").i32(Integer.MAX_VALUE)),
                pickle("7: it breaks off;", begun().codes("X").i32(-1)),
                pickle("8: a text in it is not UTF-8;", begun().codes("X").i32(1).code(0xFF)),
                pickle("260: a name in it is longer than 256 characters;", begun().codes("c" + "x".repeat(300))),
                pickle("3: the stack is empty;", begun().codes("s")),
                pickle("5: the stack is empty;", begun().codes("}(a")),
                pickle("3: there is no mark;", begun().codes("t")),
                pickle("4: nothing is remembered under number 9;", begun().code('h', 9)),
                pickle("5: it goes on after its end;", begun().codes("}}")),
                pickle("4: it goes on after its end;", begun().codes("}.")),
                pickle("6: a key of a dict is neither a text nor a number;", begun().codes("}]}s")),
                pickle("6: there is no dict for its items;", begun().codes("]NNs")),
                pickle("6: there is no dict for its items;", begun().codes("}(Nu")),
                pickle("5: there is no list for its items;", begun().codes("}Na")),
                pickle("5: there is no list for its items;", begun().codes(")Na")),
                pickle("5: only dicts can have attributes;", begun().codes("]}b")),
                pickle("5: it calls what is no function;", begun().codes("})R")),
                pickle("4: a storage is not described as it should be;", begun().codes("NQ")),
                pickle("30: an OrderedDict has 1 arguments where it should have none;",
                        begun().global("collections", "OrderedDict").codes("N").code(0x85).codes("R")),
                pickle("17: a torch.Size is not described as it should be;",
                        begun().global("torch", "Size").codes("N").code(0x85).codes("R")),
                pickle("38: a tensor is not described as it should be;",
                        begun().global("torch._utils", "_rebuild_tensor_v2").codes("N").code(0x85).codes("R")));
    }

    private static List<Case> tensors() {
        String beyond = "it reaches beyond its storage of 4 elements;";
        List<Case> cases = new ArrayList<>(List.of(tensor(beyond, "FloatStorage", 4, 0, 5, 1),
                tensor(beyond, "FloatStorage", 4, 4, 1, 1), tensor(beyond, "FloatStorage", 4, -1, 1, 1),
                tensor(beyond, "FloatStorage", 4, 3, 2, -1), tensor(beyond, "FloatStorage", 4, 0, 3, 2),
                tensor(beyond, "FloatStorage", 4, 5, 0, 1),
                tensor(beyond, "FloatStorage", 4, 1, Integer.MAX_VALUE, Integer.MAX_VALUE),
                tensor("there is no tensor with the extents [-1];", "FloatStorage", 4, 0, -1, 1),
                tensor("the tensors have many more elements than their storages;", "FloatStorage", 4, 0,
                        Integer.MAX_VALUE,
                        0),
                tensor("its storage \"0\" has 16 bytes where 5 elements of F32 should be;", "FloatStorage", 5, 0, 1, 1),
                tensor("its storage \"0\" has 16 bytes where -1 elements of F64 should be;", "DoubleStorage", -1, 0, 1,
                        1)));
        cases.add(new Case("the storage \"7\" is missing;", file(begun().codes("}").text("w")
                .tensor("FloatStorage", "7", 4, 0, 4, 1).codes("s"))));
        cases.add(new Case("tensor \"a.b\": two values have this name;",
                file(begun().codes("}").text("a.b").number(1).codes("s").text("a").codes("}").text("b").number(2)
                        .codes("ss"))));
        cases.add(new Case("it holds a single value and no dict of tensors;", file(begun().number(1))));
        cases.add(new Case("under \"a\" is neither a tensor nor", file(begun().codes("}").text("a")
                .global("torch", "FloatStorage").codes("s"))));
        return cases;
    }

    /** Little bytes that would be much in memory, or much work. */
    private static List<Case> bombs() {
        String nested = "its dicts are nested more than 64 deep, or hold more than";
        PickleForge laughs = begun().codes("](]").code('q', 0);
        for (int level = 1; level < 60; level++) {
            laughs.codes("](").code('h', level - 1, 'h', level - 1).codes("e").code('q', level);
        }
        PickleForge names =
                begun().codes("](}").text("x".repeat(60_000)).codes("Ns").code('q', 0).repeated("h\0", 50_000);
        Map<String, byte[]> inflated = new LinkedHashMap<>();
        inflated.put("a/data.pkl",
                begun().codes("}").text("w").tensor("ByteStorage", "0", 100_000_000, 0, 1, 1).codes("s")
                        .stop());
        inflated.put("a/data/0", new byte[100_000_000]);
        Map<String, byte[]> spaces = Map.of("a/data.pkl", new byte[50_000_000]);
        return List.of(new Case(nested, file(begun().codes("}").code('q', 0).text("a").code('h', 0).codes("s"))),
                new Case(nested, file(begun().codes("]").code('q', 0, 'h', 0).codes("a"))),
                new Case(nested, file(laughs.codes("e"))), new Case(nested, file(names.codes("e"))),
                pickle("262147: it describes more objects than 65,536 tensors have;", begun().repeated("}", 2_000_000)),
                pickle("262147: it has too many marks;", begun().repeated("(", 2_000_000)),
                pickle("524296: it describes more objects than", begun().codes("](").repeated("}", 200_000).codes("e(")
                        .repeated("}", 200_000).codes("e(").repeated("}", 200_000).codes("e")),
                new Case("the entry \"a/data/0\" would unpack to 100000000 bytes, too many for a file of",
                        PickleForge.zip(inflated, ZipEntry.DEFLATED)),
                new Case("the entry \"a/data.pkl\" would unpack to 50000000 bytes, too many for a file of",
                        PickleForge.zip(spaces, ZipEntry.DEFLATED)));
    }

    /** Directories that lie. Offsets are of the end record, or of the first entry in the directory. */
    private static List<Case> archives() {
        byte[] whole = PickleForge.file(begun().codes("}").stop(), 0);
        int end = whole.length - 22;
        int first = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
        return List.of(new Case("its directory lies outside the file;", with(whole, end + 16, Integer.MAX_VALUE)),
                new Case("its directory lies outside the file;", with(whole, end + 12, -2)),
                new Case("its directory breaks off;", with(whole, end + 8, 0x0005_0005)),
                new Case("its directory breaks off;", with(whole, first, 7)),
                new Case("the entry \"a/data.pkl\" is not where it should be;", with(whole, first + 42, 3)),
                new Case("the entry \"a/data.pkl\" is not where it should be;", with(whole, first + 42, -2)),
                new Case("the entry \"a/data.pkl\" claims 4294967294 bytes, more than the file has;",
                        with(whole, first + 20, -2)),
                new Case("the entry \"a/data.pkl\" is stored in 4 bytes and claims to have 5;",
                        with(whole, first + 24, 5)),
                new Case("the entry \"a/data.pkl\" is compressed by method 12;", with(whole, first + 10, (short) 12)),
                new Case("the entry \"a/data.pkl\" is damaged (its checksum differs);", with(whole, first + 16, 1)),
                new Case("the entry \"a/data.pkl\" is encrypted;", with(whole, first + 8, (short) 1)));
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return changed;
    }

    private static byte[] with(byte[] bytes, int at, short value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putShort(at, value);
        return changed;
    }

    @TestFactory
    List<DynamicTest> refusedInOneSentence() {
        List<Case> cases = new ArrayList<>(otherFiles());
        cases.addAll(pickles());
        cases.addAll(tensors());
        cases.addAll(archives());
        cases.addAll(bombs());
        read(cases.getFirst().file()); // classes are loaded
        return cases.stream().map(made -> DynamicTest.dynamicTest(made.message(), () -> {
            Path file = folder.resolve("hostile.pt");
            Files.write(file, made.file());
            long memory = THREADS.getCurrentThreadAllocatedBytes();
            long time = THREADS.getCurrentThreadCpuTime();
            String message = assertThrows(ModelFileException.class, () -> PyTorchState.read(file)).getMessage();
            time = THREADS.getCurrentThreadCpuTime() - time;
            memory = THREADS.getCurrentThreadAllocatedBytes() - memory;
            assertTrue(message.startsWith(file + ": " + made.message()), message);
            assertTrue(message.contains("; ") && !message.contains("\n"), message);
            assertTrue(memory <= made.file().length + ALLOWANCE, memory + " for " + made.file().length);
            assertTrue(time <= CPU_NANOS, time + " ns");
        })).toList();
    }

    private void read(byte[] bytes) {
        try {
            Path file = Files.write(folder.resolve("first.pt"), bytes);
            assertEquals(file.toString(),
                    assertThrows(ModelFileException.class, () -> PyTorchState.read(file)).file());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
