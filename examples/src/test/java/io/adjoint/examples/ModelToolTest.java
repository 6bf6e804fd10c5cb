package io.adjoint.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Linear;
import io.adjoint.serialization.Checkpoint;
import io.adjoint.serialization.onnx.Onnx;
import io.adjoint.serialization.onnx.OnnxExport;
import io.adjoint.serialization.weights.Npy;
import io.adjoint.serialization.weights.Npz;
import io.adjoint.serialization.weights.SafeTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelToolTest {
    @TempDir
    private Path folder;

    private final Linear layer = Linear.of(4, 3, Rng.seed(1));
    private String checkpoint;
    private String onnx;

    @BeforeEach
    void write() {
        checkpoint = path("layer.adjoint");
        onnx = path("layer.onnx");
        Checkpoint.save(Path.of(checkpoint), layer, Map.of("epoch", "7"));
        OnnxExport.of(layer).input("x", 1, 4).output("y").dynamicBatch("batch").write(Path.of(onnx));
    }

    @Test
    void inspectsCheckpointsAndOnnx() {
        Console console = accepted("model", checkpoint);
        assertTrue(console.out().contains("15 elements in 2 tensors"), console.out());
        assertTrue(console.out().contains("weight  F32") && console.out().contains("epoch"), console.out());
        assertEquals(console.out(), accepted("model", checkpoint, "inspect").out());
        assertTrue(accepted("model", onnx).out().contains("x float[batch, 4]"));
    }

    @Test
    void convertsAndFindsTheSameThere() {
        for (String name : new String[] {"a.safetensors", "a.npz", "a.adjoint"}) {
            accepted("model", checkpoint, "convert", path(name));
            assertTrue(accepted("model", checkpoint, "diff", path(name)).out().contains("the same"));
        }
        accepted("model", onnx, "convert", path("b.safetensors"));
        assertTrue(SafeTensors.read(Path.of(path("b.safetensors"))).tensors().get("weight")
                .sameBits(layer.variables().get("weight").value()));
    }

    /** Only a file without a known ending is of safetensors for its brace: any byte may stand there in a protobuf. */
    @Test
    void anEndingCountsBeforeABrace() throws IOException {
        byte[] model = Files.readAllBytes(Path.of(onnx));
        byte[] padded = new byte[model.length + 10];
        padded[0] = 0x12; // the producer's name, of eight bytes
        padded[1] = 8;
        Arrays.fill(padded, 2, 10, (byte) '{');
        System.arraycopy(model, 0, padded, 10, model.length);
        Files.write(Path.of(path("brace.onnx")), padded);
        assertTrue(accepted("model", path("brace.onnx")).out().contains("x float[batch, 4]"));
        accepted("model", checkpoint, "convert", path("a.safetensors"));
        Files.move(Path.of(path("a.safetensors")), Path.of(path("a.weights")));
        assertTrue(accepted("model", path("a.weights")).out().contains("a safetensors file"));
    }

    @Test
    void showsWhatDiffers() {
        accepted("model", checkpoint, "convert", path("same.npz"));
        Tensor weight = layer.variables().get("weight").value();
        layer.variables().get("weight").set(weight.add(0.5f));
        Checkpoint.save(Path.of(path("moved.adjoint")), layer);
        Console moved = Console.run("model", path("same.npz"), "diff", path("moved.adjoint"));
        assertEquals(1, moved.status());
        assertTrue(moved.out().contains("F32[3, 4]  0.5"), moved.out());
        Checkpoint.save(Path.of(path("wide.adjoint")), Linear.of(4, 5, Rng.seed(1)));
        Console wide = Console.run("model", checkpoint, "diff", path("wide.adjoint"));
        assertEquals(1, wide.status());
        assertTrue(wide.out().contains("\"bias\"") && wide.out().contains("F32[5]"), wide.out());
    }

    /** Quantised weights are integers, which no variable holds. */
    @Test
    void comparesAndConvertsConstantsToo() {
        String left = gathering("left.onnx", 2, 0, 1);
        String right = gathering("right.onnx", 2, 1, 1);
        assertTrue(accepted("model", left, "diff", gathering("again.onnx", 2, 0, 1)).out().contains("the same"));
        Console other = Console.run("model", left, "diff", right);
        assertEquals(1, other.status(), other.out());
        assertTrue(other.out().contains("I64[2, 3]  1.0"), other.out());
        for (String name : new String[] {"a.safetensors", "a.npz"}) {
            accepted("model", left, "convert", path(name));
            assertTrue(accepted("model", left, "diff", path(name)).out().contains("the same: 3 tensors"));
            assertEquals(1, Console.run("model", right, "diff", path(name)).status());
        }
        SequencedMap<String, Tensor> variables = new LinkedHashMap<>();
        layer.variables().forEach((name, variable) -> variables.put(name, variable.value()));
        Npz.write(Path.of(path("less.npz")), variables);
        assertEquals(1, Console.run("model", left, "diff", path("less.npz")).status(), "a constant is missing");
    }

    /** It loads into the model that it came from, which has no variables for the constants. */
    @Test
    void aConvertedCheckpointHoldsTheVariables() {
        String model = gathering("model.onnx", 2, 0, 1);
        Console converted = accepted("model", model, "convert", path("a.adjoint"));
        assertTrue(converted.out().startsWith("left out: 1 constant"), converted.out());
        Checkpoint.load(Path.of(path("a.adjoint")), Onnx.load(Path.of(model)));
        assertTrue(accepted("model", model, "diff", path("a.adjoint")).out().contains("the same: 2 tensors"));
    }

    @Test
    void nothingComparedIsNotTheSame() {
        OnnxExport.of(layer, in -> List.of(in.getFirst().indexSelect(1, Tensor.of(new long[] {2, 0})))).input("x", 2, 4)
                .write(Path.of(path("none.onnx")));
        accepted("model", path("none.onnx"), "convert", path("none.adjoint"));
        Console console = Console.run("model", path("none.onnx"), "diff", path("none.adjoint"));
        assertEquals(1, console.status(), console.out());
        assertTrue(console.out().contains("nothing was compared"), console.out());
    }

    /** A checkpoint has the variables of the model that was exported, and none of the constants of its graph. */
    @Test
    void constantsThatOnlyAModelHasAreLeftOut() {
        String model = gathering("model.onnx", 2, 0, 1);
        String line = "left out: 1 constant of " + model + ", which no checkpoint holds";
        for (Console console : List.of(accepted("model", checkpoint, "diff", model),
                accepted("model", model, "diff", checkpoint))) {
            assertEquals(List.of(line, "the same: 2 tensors have the same bits"), console.out().lines().toList());
        }
        assertEquals("the same: 2 tensors have the same bits",
                accepted("model", checkpoint, "diff", onnx).out().strip());
        assertTrue(Console.run("model", onnx, "diff", model).out().contains("I64[2, 3]"));
        layer.variables().get("weight").set(layer.variables().get("weight").value().add(0.5f));
        Checkpoint.save(Path.of(checkpoint), layer);
        Console moved = Console.run("model", checkpoint, "diff", model);
        assertEquals(1, moved.status());
        assertTrue(moved.out().startsWith(line) && moved.out().contains("F32[3, 4]  0.5"), moved.out());
    }

    private String gathering(String name, long... columns) {
        OnnxExport.of(layer, in -> List.of(layer.forward(in.getFirst()).indexSelect(1, Tensor.of(columns))))
                .input("x", 2, 4).write(Path.of(path(name)));
        return path(name);
    }

    /** An element that no tensor of ours can hold is not looked at. */
    @Test
    void inspectsWithoutReadingTensors() throws IOException {
        String header = "{\"big\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[0,8]}}     ";
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII)).putLong(-1);
        Files.write(Path.of(path("big.safetensors")), bytes.array());
        refused("stands for no value", "model", path("big.safetensors"), "convert", path("big.npz"));
        assertTrue(accepted("model", path("big.safetensors")).out().contains("big   I64    [1]"));
    }

    @Test
    void runsAModel() {
        Tensor x = Rng.seed(2).normal(Shape.of(2, 4), DType.F32);
        Npy.write(Path.of(path("x.npy")), x);
        Console console = accepted("model", onnx, "run", "--input", "x=" + path("x.npy"), "--output", path("y.npz"));
        assertTrue(console.out().contains("F32[2, 3]"), console.out());
        Tensor y = Npz.read(Path.of(path("y.npz"))).get("y");
        assertTrue(y.sub(layer.forward(x)).abs().max().item() < 1e-6);
    }

    @Test
    void writesJava() {
        accepted("model", onnx, "export-java", "--class", "com.acme.Birds", "--out", folder.toString(), "--batch");
        assertTrue(Files.isRegularFile(folder.resolve("Birds.java")));
        assertTrue(Files.isRegularFile(folder.resolve("Birds.adjoint")));
    }

    /** With an input of which everything is known there is none left. */
    @Test
    void writesJavaForAFixedInput() throws IOException {
        Npy.write(Path.of(path("x.npy")), Tensor.ones(2, 4));
        accepted("model", onnx, "export-java", "--class", "Fixed", "--out", folder.toString(), "--fixed",
                "x=" + path("x.npy"));
        assertTrue(Files.readString(folder.resolve("Fixed.java")).contains("forward()"));
        refused("no input is called \"y\"", "model", onnx, "export-java", "--class", "A", "--out", folder.toString(),
                "--fixed", "y=" + path("x.npy"));
    }

    @Test
    void refusesWithOneSentenceAndWritesNothing() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "no model");
        refused("no such file", "model", path("none.onnx"));
        refused("no format that is known", "model", text.toString());
        refused("another ending", "model", checkpoint, "convert", path("a.h5"));
        refused("another ending", "model", checkpoint, "convert", "/");
        refused("no such file", "model", checkpoint, "diff", path("none.npz"));
        refused("expected an ONNX model", "model", checkpoint, "run");
        refused("expected one for each", "model", onnx, "run", "--output", path("out.npz"));
        refused("another ending", "model", onnx, "run", "--output", path("out.csv"));
        refused("no name of a class", "model", onnx, "export-java", "--class", "1x", "--out", folder.toString());
        refused("is not fixed", "model", onnx, "export-java", "--class", "A", "--out", folder.toString());
        refused("found no shape", "model", onnx, "export-java", "--class", "A", "--out", folder.toString(), "--shape",
                "x=ax4");
        refused("no such folder", "model", onnx, "export-java", "--class", "A", "--out", path("none"));
        assertFalse(Files.exists(folder.resolve("a.h5")) || Files.exists(folder.resolve("out.npz"))
                || Files.exists(folder.resolve("A.java")) || Files.exists(folder.resolve("A.adjoint")));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Console accepted(String... arguments) {
        Console console = Console.run(arguments);
        assertEquals(0, console.status(), console.err());
        return console;
    }

    private static void refused(String part, String... arguments) {
        Console console = Console.run(arguments);
        assertEquals(1, console.status(), console.out());
        assertTrue(console.err().contains(part), console.err());
        assertEquals(1, console.err().lines().count(), console.err());
    }
}
