package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.Trees;
import io.adjoint.serialization.weights.Npz.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as {@code .npy} or {@code .npz} comes back, to the bit. */
class NumpyRoundTripTest {
    @TempDir
    Path folder;

    private Path scratch;

    @BeforeProperty
    void createScratch() throws IOException {
        scratch = Files.createTempFile("array", ".npy");
    }

    @AfterProperty
    void deleteScratch() throws IOException {
        Files.delete(scratch);
    }

    @Provide
    Arbitrary<Tensor> tensors() {
        return WeightTrees.tensors();
    }

    @Provide
    Arbitrary<SequencedMap<String, Tensor>> trees() {
        return WeightTrees.named();
    }

    static byte[] npy(Tensor tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Npy.write(tensor, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] npz(SequencedMap<String, Tensor> tensors, Compression compression) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new NpzWriter(Path.of("memory"), out).write(tensors, compression);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static SequencedMap<String, Tensor> map(String name, Tensor tensor) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(name, tensor);
        return tensors;
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        Trees.assertSameTensors(map("", expected), map("", actual));
    }

    @Property(tries = 1000)
    void readingAnArrayIsTheInverseOfWriting(@ForAll("tensors") Tensor tensor) throws IOException {
        byte[] bytes = npy(tensor);
        Files.write(scratch, bytes);
        assertSame(tensor, Npy.read(scratch));
        assertEquals(0, (bytes.length - tensor.size() * tensor.dtype().bytes()) % 64);
        assertArrayEquals(bytes, npy(Npy.read(scratch)));
    }

    /** Column-major and big-endian bytes, put together here by element. */
    @Property(tries = 500)
    void otherLayoutsHoldTheSameArray(@ForAll("tensors") Tensor tensor, @ForAll boolean fortran, @ForAll boolean big)
            throws IOException {
        int width = tensor.dtype().bytes();
        byte[] c = npy(tensor);
        int begin = c.length - tensor.size() * width;
        ByteBuffer data = ByteBuffer.allocate(tensor.size() * width);
        int[] dims = tensor.shape().dims();
        for (int i = 0; i < tensor.size(); i++) {
            int at = begin + (fortran ? rowMajor(i, dims) : i) * width;
            for (int b = 0; b < width; b++) {
                data.put(c[at + (big ? width - 1 - b : b)]);
            }
        }
        String header = new String(c, 10, begin - 10, StandardCharsets.US_ASCII)
                .replace('<', big ? '>' : '<').replace("False", fortran ? "True" : "False");
        Files.write(scratch, NumpyRefusalTest.file(1, header, data.array()));
        assertSame(tensor, Npy.read(scratch));
    }

    /** The row-major number of the element that has this number where the first axis is the innermost. */
    private static int rowMajor(int number, int[] dims) {
        int left = number;
        int[] index = new int[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            index[axis] = left % dims[axis];
            left /= dims[axis];
        }
        return IntStream.range(0, dims.length).reduce(0, (at, axis) -> at * dims[axis] + index[axis]);
    }

    @Property(tries = 300)
    void readingAnArchiveIsTheInverseOfWriting(@ForAll("trees") SequencedMap<String, Tensor> tensors,
            @ForAll Compression compression) throws IOException {
        byte[] bytes = npz(tensors, compression);
        Files.write(scratch, bytes);
        SequencedMap<String, Tensor> again = Npz.read(scratch);
        Trees.assertSameTensors(tensors, again);
        assertArrayEquals(bytes, npz(again, compression));
    }

    /** Around the length of a stretch, and far above the room that an entry is given at first. */
    @Test
    void arraysOfSeveralStretches() {
        Random random = new Random(1);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            int stretch = (1 << 20) / dtype.bytes();
            for (int n : new int[] {stretch - 1, stretch + 1, 2 * stretch + 7}) {
                Tensor tensor = Trees.random(random, new TensorSpec(dtype, Shape.of(n)));
                tensors.put(dtype + "." + n, tensor);
                Npy.write(folder.resolve("large.npy"), tensor);
                assertSame(tensor, Npy.read(folder.resolve("large.npy")));
            }
        }
        for (Compression compression : Compression.values()) {
            Npz.write(folder.resolve("large.npz"), tensors, compression);
            Trees.assertSameTensors(tensors, Npz.read(folder.resolve("large.npz")));
        }
    }

    @Test
    void whatTensorsMayTake() throws IOException {
        Path file = folder.resolve("zeros.npz");
        Tensor zeros = Tensor.zeros(4 << 20);
        SequencedMap<String, Tensor> tensors = map("a", zeros);
        tensors.put("b", zeros);
        Npz.write(file, tensors, Compression.DEFLATED);
        assertTrue(Files.size(file) < 100_000);
        assertEquals(
                file + ": tensor \"b.npy\": with it the tensors would take 33554432 bytes, and the limit is 25165824; "
                        + "name a greater limit in the call if you trust the file",
                assertThrows(ModelFileException.class, () -> Npz.read(file)).getMessage());
        Trees.assertSameTensors(tensors, Npz.read(file, 1 << 25));
        Npz.write(file, tensors);
        Trees.assertSameTensors(tensors, Npz.read(file));
    }

    /** The first day of the year, in whatever zone, is no news to a file. */
    @Test
    void noEntryTellsTheTime() {
        byte[] bytes = npz(map("a", Tensor.ones(2)), Compression.STORED);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x0022, header.getShort(12)); // 1980-01-02
        assertEquals(0, header.getShort(28), "extra fields");
        assertTrue(new String(Arrays.copyOfRange(bytes, 30, 35), StandardCharsets.US_ASCII).equals("a.npy"));
    }
}
