package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.serialization.LoadReport;
import io.adjoint.serialization.Match;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as Python and libtorch write them; the README beside them tells how they were made. */
class PyTorchStateTest {
    @TempDir
    Path folder;

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = PyTorchStateTest.class.getResourceAsStream("pytorch/" + name + ".pt")) {
            return in.readAllBytes();
        }
    }

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name + ".pt"), bytes(name));
    }

    private PyTorchState read(String name) throws IOException {
        return PyTorchState.read(file(name));
    }

    private static SequencedMap<String, Tensor> network(String prefix) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(prefix + "hidden.weight",
                Tensor.of(new float[] {0.5f, -1.25f, 3, 1e-3f, -0f, Float.POSITIVE_INFINITY}, 2, 3));
        tensors.put(prefix + "hidden.bias", Tensor.of(new float[] {0.25f, -0.75f}));
        tensors.put(prefix + "norm.running_mean", Tensor.of(new double[] {1.5, -2.5}));
        tensors.put(prefix + "norm.num_batches_tracked", Tensor.of(new long[] {7}, Shape.scalar()));
        return tensors;
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict", "libtorch_state_dict", "no_byteorder", "zip64", "deflated"})
    void aStateDict(String name) throws IOException {
        PyTorchState state = read(name);
        Trees.assertSameTensors(network(""), state.tensors());
        assertEquals(Map.of(), state.metadata());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtypes", "libtorch_dtypes"})
    void everyDtype(String name) throws IOException {
        SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
        expected.put("half", Tensor.of(new float[] {1.5f, -65504, 0x1p-24f, Float.POSITIVE_INFINITY}));
        expected.put("bfloat16", Tensor.of(new float[] {1.5f, -3, Float.intBitsToFloat(0x7149 << 16)}));
        expected.put("float", Tensor.of(new float[] {1.5f, -0f, Float.MIN_VALUE}));
        expected.put("double", Tensor.of(new double[] {0.1, -1e300}));
        expected.put("int8", Tensor.of(new int[] {-128, 127}));
        expected.put("uint8", Tensor.of(new int[] {0, 255}));
        expected.put("int16", Tensor.of(new int[] {Short.MIN_VALUE, Short.MAX_VALUE}));
        expected.put("int32", Tensor.of(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}));
        expected.put("int64", Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}));
        expected.put("bool", Tensor.of(new boolean[] {true, false, true}));
        Trees.assertSameTensors(expected, read(name).tensors());
    }

    @Test
    void bigEndian() throws IOException {
        SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
        expected.put("f", Tensor.of(new float[] {1.5f, -2}));
        expected.put("h", Tensor.of(new float[] {1.5f, -65504}));
        expected.put("b", Tensor.of(new float[] {1.5f, -2}));
        expected.put("l", Tensor.of(new long[] {1, -2}));
        expected.put("d", Tensor.of(new double[] {0.1}));
        Trees.assertSameTensors(expected, read("big_endian").tensors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"views", "libtorch_views"})
    void viewsShowWhatTheyShow(String name) throws IOException {
        SequencedMap<String, Tensor> tensors = read(name).tensors();
        float[] values = new float[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Tensor whole = Tensor.of(values, 2, 3, 4);
        SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
        expected.put("whole", whole);
        expected.put("tied", whole);
        expected.put("row", Tensor.of(new float[] {8, 9, 10, 11}));
        expected.put("column", Tensor.of(new float[] {1, 5, 9, 13, 17, 21}));
        expected.put("transposed", whole.transpose(0, 2));
        expected.put("expanded", Tensor.of(new float[] {22, 23, 22, 23, 22, 23}, 3, 2));
        expected.put("scalar", Tensor.of(new float[] {23}, Shape.scalar()));
        expected.put("empty", Tensor.zeros(Shape.of(0, 3), DType.F32));
        expected.put("none", Tensor.zeros(Shape.of(0), DType.F32));
        Trees.assertSameTensors(expected, tensors);
        if (name.equals("views")) {
            assertSame(tensors.get("whole"), tensors.get("tied"));
        }
    }

    @Test
    void aCheckpointOfATraining() throws IOException {
        PyTorchState state = read("training");
        SequencedMap<String, Tensor> expected = network("model.");
        expected.put("optimizer.state.0.step", Tensor.of(new float[] {12}));
        expected.put("optimizer.state.0.exp_avg", Tensor.of(new float[] {0.5f, 0.25f}));
        expected.put("parameter", Tensor.of(new float[] {9}));
        Trees.assertSameTensors(expected, state.tensors());
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        String group = "optimizer.param_groups.0.";
        metadata.put(group + "lr", "0.001");
        metadata.put(group + "betas.0", "0.9");
        metadata.put(group + "betas.1", "0.999");
        metadata.put(group + "amsgrad", "false");
        metadata.put(group + "fused", "None");
        metadata.put(group + "params.0", "0");
        metadata.put(group + "params.1", "1");
        metadata.put("epoch", "3");
        metadata.put("seed", "1099511627776");
        metadata.put("large", "1180591620717411303424");
        metadata.put("negative", "-5");
        metadata.put("name", "größer");
        metadata.put("best", "true");
        metadata.put("size.0", "2");
        metadata.put("size.1", "3");
        metadata.put("dtype", "torch.float32");
        assertEquals(List.copyOf(metadata.entrySet()), List.copyOf(state.metadata().entrySet()));
    }

    @Test
    void whatLibtorchTagsWithTypes() throws IOException {
        PyTorchState state = read("libtorch_training");
        SequencedMap<String, Tensor> expected = network("model.");
        expected.put("optimizer.state.0.step", Tensor.of(new float[] {12}));
        expected.put("optimizer.state.0.exp_avg", Tensor.of(new float[] {0.5f, 0.25f}));
        Trees.assertSameTensors(expected, state.tensors());
        assertEquals("0.999", state.metadata().get("optimizer.param_groups.0.betas.1"));
        assertEquals("größer", state.metadata().get("name"));
    }

    private record Norm(Variable weight, Variable bias) implements Module {}

    private record Net(Norm hidden) implements Module {
        static Net zeros() {
            return new Net(new Norm(Variable.parameter(Tensor.zeros(2, 3)), Variable.parameter(Tensor.zeros(2))));
        }
    }

    @Test
    void intoAModel() throws IOException {
        Net net = Net.zeros();
        LoadReport report =
                PyTorchState.load(file("training"), net, Match.only("hidden").renaming("model.hidden", "hidden"));
        assertEquals(List.of("hidden.weight", "hidden.bias"), report.loaded());
        assertArrayEquals(new float[] {0.25f, -0.75f}, net.hidden().bias().value().toFloats());
        Path plain = file("state_dict");
        Net other = Net.zeros();
        assertThrows(ModelFileException.class, () -> PyTorchState.load(plain, other, Match.ALL));
        assertArrayEquals(new float[2], other.hidden().bias().value().toFloats());
    }

    /** What goes nowhere is not looked at: here its storage is missing. */
    @Test
    void onlyWhatGoesIntoTheModelIsMade() throws IOException {
        byte[] pickle =
                PickleForge.begun().codes("}").text("hidden.bias").tensor("FloatStorage", "0", 2, 0, 2, 1).codes("s")
                        .text("other").tensor("FloatStorage", "missing", 9, 0, 9, 1).codes("s").stop();
        Path file = Files.write(folder.resolve("part.pt"), PickleForge.file(pickle, 8));
        LoadReport report = PyTorchState.load(file, Net.zeros(), Match.only("hidden.bias"));
        assertEquals(List.of("hidden.bias"), report.loaded());
        assertEquals(List.of("other"), report.unused());
        assertThrows(ModelFileException.class, () -> PyTorchState.read(file));
    }

    private String refusal(String name) throws IOException {
        Path file = file(name);
        String message = assertThrows(ModelFileException.class, () -> PyTorchState.read(file)).getMessage();
        return message.substring(file.toString().length());
    }

    @Test
    void otherFilesAreRefusedByWhatTheyAre() throws IOException {
        assertEquals(": it has the format of PyTorch before version 1.6; load it there and save it again",
                refusal("legacy"));
        assertEquals(
                ": it holds an object of \"mine.Net\", and only tensors, numbers and texts are read, since no code of a"
                        + " file is run; save the tensors alone: torch.save(model.state_dict(), path)",
                refusal("whole_model"));
        assertEquals(
                ": it holds an object of \"torch.ComplexFloatStorage\", and only tensors, numbers and texts are read,"
                        + " since no code of a file is run; save the tensors alone: torch.save(model.state_dict(), path)",
                refusal("complex"));
    }

    /** What every flipped bit of the elements changes, the checksum of its entry tells. */
    @Test
    void damagedElements() throws IOException {
        byte[] bytes = bytes("state_dict");
        int begin = indexOf(bytes, new byte[] {0, 0, 0, 0x3F, 0, 0, (byte) 0xA0, (byte) 0xBF}); // 0.5, -1.25
        for (int bit = 0; bit < 24 * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[begin + bit / 8] ^= (byte) (1 << bit % 8);
            Path file = Files.write(folder.resolve("damaged.pt"), damaged);
            assertEquals(file
                    + ": the entry \"state_dict/data/0\" is damaged (its checksum differs); restore the file from a"
                    + " copy or save it again",
                    assertThrows(ModelFileException.class, () -> PyTorchState.read(file)).getMessage());
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        return Stream.iterate(0, i -> i + 1).limit(bytes.length - part.length)
                .filter(i -> java.util.Arrays.equals(bytes, i, i + part.length, part, 0, part.length)).findFirst()
                .orElseThrow();
    }
}
