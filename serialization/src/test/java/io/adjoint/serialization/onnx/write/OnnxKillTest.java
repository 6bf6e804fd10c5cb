package io.adjoint.serialization.onnx.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile.Call;
import io.adjoint.serialization.file.AtomicFile.Watch;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.Onnx;
import io.adjoint.serialization.onnx.OnnxModel;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever ends the save of a model in the middle: the old one is there with its data, or the new one, and the next save
 * succeeds.
 */
class OnnxKillTest {
    private static final int HALTED = 77;
    private static final long INSIDE = Long.MAX_VALUE;
    private static final long OUTSIDE = 1000;
    private static final List<String> NAMES = List.of("a", "b", "small");
    private static final String CONSTANT = "constant";

    @TempDir
    Path folder;

    private static Tensor value(String name, long seed) {
        return Rng.seed(seed).stream(NAMES.indexOf(name) + 1).normal(Shape.of(name.equals("small") ? 5 : 50_000),
                DType.F32);
    }

    private static void save(Path file, long seed, long externalAbove, Watch watch) {
        List<Weight> weights = NAMES.stream().map(name -> {
            Tensor value = value(name, seed);
            return Weight.of(name, ElementType.FLOAT, value.shape(), () -> value);
        }).toList();
        Placeholders placeholders = new Placeholders();
        Tensor constant = value(CONSTANT, seed);
        ModelProto model = ModelProto.newBuilder().setGraph(GraphProto.newBuilder().setName("seed " + seed)
                .addNode(constant(placeholders.of(
                        Weight.of(CONSTANT, ElementType.FLOAT, constant.shape(), () -> constant))))
                .addOutput(ValueInfoProto.newBuilder().setName(CONSTANT))).build();
        ModelFile.write(file, new ModelFile.Parts(model, weights, placeholders), externalAbove, watch);
    }

    private static NodeProto constant(TensorProto tensor) {
        return NodeProto.newBuilder().setOpType("Constant").addOutput(CONSTANT).addAttribute(AttributeProto.newBuilder()
                .setName("value").setType(AttributeType.TENSOR).setT(tensor)).build();
    }

    /** Which of two models is there, whole. */
    private static long holds(Path file) {
        OnnxModel model = Onnx.load(file);
        return IntStream.rangeClosed(1, 3).filter(seed -> NAMES.stream()
                .allMatch(name -> model.variables().get(name).value().sameBits(value(name, seed)))
                && model.forwardAll(List.of()).getFirst().sameBits(value(CONSTANT, seed))).findFirst()
                .orElseThrow(() -> new AssertionError("a mixture"));
    }

    private static List<String> left(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (String name : left(from)) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }

    /** The folder as it is before each call, which is how it is left if the process is killed there. */
    private List<Call> snapshots(Path directory, long above) {
        List<Call> calls = new ArrayList<>();
        save(directory.resolve("model.onnx"), 2, above, call -> {
            copy(directory, folder.resolve(directory.getFileName() + "-" + calls.size()));
            calls.add(call);
        });
        return calls;
    }

    private record Change(String name, long before, long after) {}

    @TestFactory
    Stream<DynamicTest> killedAtEachCall() {
        return Stream.of(new Change("outside", OUTSIDE, OUTSIDE), new Change("in", OUTSIDE, INSIDE),
                new Change("out", INSIDE, OUTSIDE)).map(change -> DynamicTest.dynamicTest(change.name, () -> {
                    Path directory = Files.createDirectory(folder.resolve(change.name));
                    Path file = directory.resolve("model.onnx");
                    for (int round = 0; round < 2; round++) { // with model.onnx.data, and with model.onnx.data2
                        save(file, 1, change.before, Watch.NONE);
                        Path turn = folder.resolve(change.name + round);
                        copy(directory, turn);
                        List<Call> calls = snapshots(turn, change.after);
                        assertEquals(2, holds(turn.resolve("model.onnx")));
                        assertEquals(change.after == INSIDE ? 1 : 2, left(turn).size(), left(turn).toString());
                        assertWholeAfterEach(turn, calls);
                    }
                }));
    }

    private void assertWholeAfterEach(Path turn, List<Call> calls) throws IOException {
        int last = calls.lastIndexOf(Call.RENAME);
        assertTrue(last > 0, calls.toString());
        for (int i = 0; i < calls.size(); i++) {
            Path snapshot = folder.resolve(turn.getFileName() + "-" + i);
            Path model = snapshot.resolve("model.onnx");
            assertEquals(i <= last ? 1 : 2, holds(model), calls.get(i) + ", " + left(snapshot));
            save(model, 3, OUTSIDE, Watch.NONE);
            assertEquals(3, holds(model));
        }
    }

    @Test
    void theCallsOfASave() {
        Path file = folder.resolve("model.onnx");
        save(file, 1, OUTSIDE, Watch.NONE);
        List<Call> calls = new ArrayList<>();
        save(file, 2, OUTSIDE, calls::add);
        assertEquals(List.of(Call.CREATE, Call.WRITE, Call.FORCE, Call.RENAME, Call.FORCE_FOLDER, Call.CREATE,
                Call.WRITE, Call.FORCE, Call.RENAME, Call.FORCE_FOLDER, Call.DELETE_PREVIOUS),
                IntStream.range(0, calls.size()).filter(i -> i == 0 || calls.get(i) != calls.get(i - 1))
                        .mapToObj(calls::get).toList());
    }

    /** Some of the same for real. */
    @TestFactory
    Stream<DynamicTest> aProcessThatHalts() {
        Path counted = folder.resolve("counted.onnx");
        save(counted, 1, OUTSIDE, Watch.NONE);
        List<Call> calls = new ArrayList<>();
        save(counted, 2, OUTSIDE, calls::add);
        int renamed = calls.lastIndexOf(Call.RENAME);
        return Stream.of(calls.indexOf(Call.FORCE), calls.indexOf(Call.FORCE_FOLDER), renamed, calls.size() - 1)
                .map(n -> DynamicTest.dynamicTest("call " + n + ", " + calls.get(n), () -> {
                    Path directory = Files.createDirectory(folder.resolve("killed-" + n));
                    Path file = directory.resolve("model.onnx");
                    save(file, 1, OUTSIDE, Watch.NONE);
                    assertEquals(HALTED, new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                            System.getProperty("java.class.path"), Halting.class.getName(), file.toString(),
                            Integer.toString(n)).redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor());
                    assertEquals(n <= renamed ? 1 : 2, holds(file));
                    save(file, 3, OUTSIDE, Watch.NONE);
                    assertEquals(3, holds(file));
                    assertFalse(left(directory).toString().contains(".part"), left(directory).toString());
                }));
    }

    /** The process that is killed. */
    static final class Halting {
        private Halting() {}

        public static void main(String[] arguments) {
            int[] left = {Integer.parseInt(arguments[1])};
            save(Path.of(arguments[0]), 2, OUTSIDE, _ -> {
                if (left[0]-- == 0) {
                    Runtime.getRuntime().halt(HALTED);
                }
            });
        }
    }

    /** A full disk and its like leave nothing behind, not even new data. */
    @Test
    void failingAtEachCall() throws IOException {
        Path file = folder.resolve("model.onnx");
        save(file, 1, OUTSIDE, Watch.NONE);
        List<String> before = left(folder);
        List<Call> calls = new ArrayList<>();
        Path counted = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-counted"));
        save(counted.resolve("model.onnx"), 1, OUTSIDE, Watch.NONE);
        save(counted.resolve("model.onnx"), 2, OUTSIDE, calls::add);
        int renamed = calls.lastIndexOf(Call.RENAME);
        for (int n = 0; n <= renamed; n++) {
            if (calls.get(n) == Call.FORCE_FOLDER) {
                continue; // not every file system lets a folder be forced
            }
            int[] left = {n};
            assertThrows(ModelFileException.class, () -> save(file, 2, OUTSIDE, _ -> {
                if (left[0]-- == 0) {
                    throw new IOException("No space left on device");
                }
            }));
            assertEquals(1, holds(file));
            assertEquals(before, left(folder), calls.get(n).toString());
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** A tensor of an attribute may lie in a file of such a name too. */
    @Test
    void dataOfAttributesAreKept() throws IOException {
        Path file = folder.resolve("model.onnx");
        TensorProto tensor = TensorProto.newBuilder().setDataType(1).addDims(2).setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", "model.onnx.data")).build();
        ModelProto model = ModelProto.newBuilder().setGraph(GraphProto.newBuilder().addNode(constant(tensor)))
                .build();
        Files.write(file, model.toByteArray());
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        Files.write(folder.resolve("model.onnx.data"), data);
        save(file, 1, OUTSIDE, call -> assertEquals(8, Files.size(folder.resolve("model.onnx.data")), call.toString()));
        assertEquals(List.of("model.onnx", "model.onnx.data2"), left(folder));
        ModelFile.write(file, new ModelFile.Parts(model, List.of(), new Placeholders()), OUTSIDE);
        Files.write(folder.resolve("model.onnx.data"), data);
        Files.delete(file); // the new model alone needs them now
        Tensor value = value("a", 2);
        Weight a = Weight.of("a", ElementType.FLOAT, value.shape(), () -> value);
        ModelFile.write(file, new ModelFile.Parts(model, List.of(a), new Placeholders()), OUTSIDE);
        assertEquals(List.of("model.onnx", "model.onnx.data", "model.onnx.data2"), left(folder));
        assertTrue(value.sameBits(Onnx.load(file).variables().get("a").value()));
    }

    /** What a link leads to stays as it is: data that are not in the folder would not be read again. */
    @Test
    void linksAreNotFollowed() throws IOException {
        Path file = Files.createDirectory(folder.resolve("inside")).resolve("model.onnx");
        Path outside = Files.writeString(folder.resolve("outside"), "sentinel");
        Files.createSymbolicLink(file.resolveSibling("model.onnx.data"), outside);
        save(file, 1, OUTSIDE, Watch.NONE);
        assertEquals("sentinel", Files.readString(outside));
        assertEquals(1, holds(file));
    }

    /** What is there may be no model, or a strange one: then no file is replaced that it might need. */
    @Test
    void aModelThatCannotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "no model");
        Path data = Files.writeString(folder.resolve("model.onnx.data"), "data");
        save(file, 1, OUTSIDE, Watch.NONE);
        assertEquals("data", Files.readString(data));
        assertEquals(1, holds(file));
    }

    /** Whatever the threshold, as initializer or as constant: a message of 2 GiB is none. */
    @Test
    void whatNoMessageHoldsGoesOutside() {
        Path file = folder.resolve("model.onnx");
        Tensor value = value("a", 1); // stands for a tensor of 2 GiB, which is only said
        TensorProto header = TensorProto.newBuilder().setName("a").setDataType(1).addDims(1 << 29).build();
        Weight large = new Weight(header, ElementType.FLOAT, 1L << 31, () -> value);
        ModelProto empty = ModelProto.newBuilder().setGraph(GraphProto.newBuilder().setName("main")).build();
        ModelFile.write(file, new ModelFile.Parts(empty, List.of(large), new Placeholders()), INSIDE);
        TensorProto initializer = ModelReader.messages(file).getGraph().getInitializer(0);
        assertEquals(DataLocation.EXTERNAL, initializer.getDataLocation());
        Placeholders placeholders = new Placeholders();
        ModelProto calling = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addNode(constant(placeholders.of(large)))).build();
        ModelFile.write(file, new ModelFile.Parts(calling, List.of(), placeholders), INSIDE);
        assertEquals(initializer.toString().replace("model.onnx.data", "model.onnx.data2"),
                ModelReader.messages(file).getGraph().getNode(0).getAttribute(0).getT().toString());
    }
}
