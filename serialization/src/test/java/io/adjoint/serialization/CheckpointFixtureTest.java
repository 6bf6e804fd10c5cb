package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every version of the format stays readable: a file of each, as it was written then. */
class CheckpointFixtureTest {
    private static final Map<String, String> METADATA = Map.of("epoch", "12", "accuracy", "97,3 % ✓", "", "");

    @TempDir
    Path folder;

    private static SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("layers.0.weight", Tensor.of(new float[] {0.5f, -0f, Float.MIN_VALUE, Float.MAX_VALUE,
            Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0x7FC12345)}, 2, 3));
        tensors.put("layers.0.bias", Tensor.of(new double[] {1e-300, Math.PI, Double.longBitsToDouble(-2)}));
        tensors.put("gültig", Tensor.of(new boolean[] {true, false, true, true}, 2, 2));
        tensors.put("steps", Tensor.of(new int[] {Integer.MIN_VALUE, -1, 0, 1, 0x01020304}, 5, 1, 1));
        tensors.put("seed", Tensor.of(new long[] {0x0102030405060708L}, Shape.scalar()));
        tensors.put("empty", Tensor.zeros(Shape.of(0, 7), DType.F64));
        return tensors;
    }

    private static byte[] fixture(int version) throws IOException {
        try (InputStream in = CheckpointFixtureTest.class.getResourceAsStream("version-" + version + ".adjoint")) {
            return in.readAllBytes();
        }
    }

    @Test
    void version1IsRead() throws IOException {
        CheckpointContents contents = Checkpoint.read(Files.write(folder.resolve("fixture"), fixture(1)));
        assertEquals("0.1.0", contents.libraryVersion());
        assertEquals(METADATA, contents.metadata());
        Trees.assertSameTensors(tensors(), contents.tensors());
    }

    /** Other bytes would be another format, which needs a number and a fixture of its own. */
    @Test
    void version1IsWhatIsWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new CheckpointWriter(folder, out).write("0.1.0", new TreeMap<>(METADATA), tensors());
        assertArrayEquals(fixture(1), out.toByteArray());
    }
}
