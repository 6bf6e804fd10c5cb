package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final int[] TYPES = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E};
    private static final int[] WIDTHS = {1, 1, 2, 4, 4, 8};

    @TempDir
    private Path folder;

    private static byte[] idx(int type, byte[] elements, int... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dims.length + elements.length);
        bytes.putInt(type << 8 | dims.length);
        Arrays.stream(dims).forEach(bytes::putInt);
        return bytes.put(elements).array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static Path write(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("idx", ".bin");
        file.toFile().deleteOnExit();
        return Files.write(file, bytes);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void numbersOfAllTypesComeBack(@ForAll @IntRange(max = 5) int kind, @ForAll @IntRange(max = 4) int rows,
            @ForAll @IntRange(min = 1, max = 4) int columns, @ForAll long seed, @ForAll boolean packed)
            throws IOException {
        byte[] elements = new byte[rows * columns * WIDTHS[kind]];
        new Random(seed).nextBytes(elements);
        byte[] bytes = idx(TYPES[kind], elements, rows, columns);
        Path file = write(packed ? gzip(bytes) : bytes);
        Tensor read = Idx.read(file);
        Files.delete(file);
        assertEquals(Shape.of(rows, columns), read.shape());
        ByteBuffer data = ByteBuffer.wrap(elements);
        Tensor expected = switch (TYPES[kind]) {
            case 0x0D -> Tensor.of(floats(data, rows * columns), rows, columns);
            case 0x0E -> Tensor.of(doubles(data, rows * columns), rows, columns);
            default -> {
                int[] numbers = new int[rows * columns];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = switch (TYPES[kind]) {
                        case 0x08 -> data.get() & 0xff;
                        case 0x09 -> data.get();
                        case 0x0B -> data.getShort();
                        default -> data.getInt();
                    };
                }
                yield Tensor.of(numbers, rows, columns);
            }
        };
        assertTrue(expected.sameBits(read), () -> expected + " became " + read);
    }

    private static float[] floats(ByteBuffer data, int count) {
        float[] numbers = new float[count];
        data.asFloatBuffer().get(numbers);
        return numbers;
    }

    private static double[] doubles(ByteBuffer data, int count) {
        double[] numbers = new double[count];
        data.asDoubleBuffer().get(numbers);
        return numbers;
    }

    @Test
    void imagesWithTheirLabels() throws IOException {
        Path images = write(gzip(idx(0x08, new byte[] {0, (byte) 255, 51, 0, 0, 0, 0, 102, 1, 1, 1, 1}, 2, 2, 3)));
        Path labels = write(idx(0x08, new byte[] {3, 1}, 2));
        Dataset data = Idx.images(images, labels, 4);
        assertEquals(Shape.of(2, 1, 2, 3), data.features().shape());
        assertEquals(DType.F32, data.features().dtype());
        assertArrayEquals(new float[] {0, 1, 0.2f, 0, 0, 0}, data.rows(0).features().toFloats());
        assertArrayEquals(new long[] {3, 1}, data.labels());
        assertEquals(labels + ", item 0: found label 3; expected a label from 0 to 2",
                assertThrows(DataException.class, () -> Idx.images(images, labels, 3)).getMessage());
        assertEquals(labels + ": found type 0x08 and extents [2]; expected unsigned bytes [n, height, width]",
                assertThrows(DataException.class, () -> Idx.images(labels, images, 3)).getMessage());
        Path three = write(idx(0x08, new byte[] {1, 1, 1}, 3));
        assertEquals(three + ": found 3 labels; expected as many as images in " + images + ", 2",
                assertThrows(DataException.class, () -> Idx.images(images, three, 4)).getMessage());
    }

    @Test
    void aFileThatEndsTooEarlyOrTooLateIsRefused() throws IOException {
        byte[] whole = idx(0x0B, new byte[12], 2, 3);
        for (byte[] bytes : new byte[][] {whole, gzip(whole)}) {
            for (int length = 0; length < bytes.length; length++) {
                Path cut = write(Arrays.copyOf(bytes, length));
                assertThrows(DataException.class, () -> Idx.read(cut), "cut after " + length);
            }
        }
        Path cut = write(Arrays.copyOf(whole, whole.length - 1));
        assertEquals(cut + ": found its end after 11 bytes of elements; expected 12 bytes of elements [2, 3]",
                assertThrows(DataException.class, () -> Idx.read(cut)).getMessage());
        Path grown = write(Arrays.copyOf(whole, whole.length + 1));
        assertEquals(grown + ": found more bytes than elements; expected 12 bytes of elements [2, 3]",
                assertThrows(DataException.class, () -> Idx.read(grown)).getMessage());
    }

    @Test
    void claimsThatTheFileCannotHoldAreRefusedBeforeAnythingIsAllocated() throws IOException {
        int[][] claims = {{Integer.MAX_VALUE}, {1 << 20, 1 << 20, 1 << 20, 1 << 20}, {-1}, {-1, -1}, {0, -5},
            {1 << 15, 1 << 15}, {Integer.MAX_VALUE, Integer.MAX_VALUE, 0}};
        for (int[] claim : claims) {
            Path file = write(idx(0x0E, new byte[8], claim));
            String message =
                    assertThrows(DataException.class, () -> Idx.read(file), Arrays.toString(claim)).getMessage();
            assertTrue(message.contains("no more elements than its bytes can hold"), message);
        }
        Path none = folder.resolve("none");
        assertEquals(none + ": found no such file; expected a file that can be read",
                assertThrows(DataException.class, () -> Idx.read(none)).getMessage());
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void aDamagedFileIsReadOrRefused(@ForAll @IntRange(max = 29) int place, @ForAll byte value, @ForAll boolean packed)
            throws IOException {
        byte[] bytes = idx(0x0C, new byte[24], 2, 3);
        byte[] damaged = packed ? gzip(bytes) : bytes;
        damaged[place % damaged.length] = value;
        Path file = write(damaged);
        try {
            Idx.read(file);
        } catch (DataException e) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        }
        Files.delete(file);
    }
}
