package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that numpy 2.4.6 wrote. */
class NumpyFixtureTest {
    @TempDir
    Path folder;

    private static void assertHolds(Tensor tensor, String spec, long... bits) {
        assertEquals(spec, tensor.spec().toString());
        assertArrayEquals(bits, Trees.bits(tensor));
    }

    private static long[] bits(double... values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    @Test
    void everyDtypeAndLayout() throws IOException {
        SequencedMap<String, Tensor> arrays = Npz.read(Fixtures.copy("every-dtype.npz", folder));
        assertEquals(List.of("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1", "empty", "fortran",
                "big", "bigfortran"), List.copyOf(arrays.keySet()));
        // 1, -65504, 2^-24, and a signalling NaN
        assertHolds(arrays.get("f2"), "F32[4]", 0x3F800000, 0xC77FE000, 0x33800000, 0x7FA02000);
        assertHolds(arrays.get("f4"), "F32[2, 2]", 0x3F800000, 0x80000000, 0x7FC00001, 0x7F800000);
        assertHolds(arrays.get("f8"), "F64[]", bits(-0.1));
        assertHolds(arrays.get("i1"), "I32[2]", -128, 127);
        assertHolds(arrays.get("i2"), "I32[2]", -32768, 32767);
        assertHolds(arrays.get("i4"), "I32[2]", Integer.MIN_VALUE, Integer.MAX_VALUE);
        assertHolds(arrays.get("i8"), "I64[2]", Long.MIN_VALUE, Long.MAX_VALUE);
        assertHolds(arrays.get("u1"), "I32[2]", 0, 255);
        assertHolds(arrays.get("u2"), "I32[2]", 1, 65535);
        assertHolds(arrays.get("u4"), "I64[2]", 1, 4294967295L);
        assertHolds(arrays.get("u8"), "I64[2]", 1, Long.MAX_VALUE);
        assertHolds(arrays.get("b1"), "BOOL[3]", 1, 0, 1);
        assertHolds(arrays.get("empty"), "F32[2, 0, 3]");
        assertHolds(arrays.get("fortran"), "I32[2, 3, 4]", LongStream.range(0, 24).toArray());
        assertHolds(arrays.get("big"), "I32[2, 3]", 1, 2, 3, 4, 5, 6);
        assertHolds(arrays.get("bigfortran"), "F64[2, 3]", bits(1.5, 2, 3, 4, 5, 6));
    }

    @Test
    void deflated() throws IOException {
        SequencedMap<String, Tensor> arrays = Npz.read(Fixtures.copy("compressed.npz", folder));
        assertHolds(arrays.get("zeros"), "F32[30, 40]", new long[1200]);
        assertHolds(arrays.get("range"), "I64[100]", LongStream.range(0, 100).toArray());
    }

    @Test
    void theSameBytesAreWritten() throws IOException {
        Tensor matrix = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3);
        assertArrayEquals(Fixtures.bytes("matrix.npy"), NumpyRoundTripTest.npy(matrix));
        SequencedMap<String, Tensor> arrays = Npz.read(Fixtures.copy("every-dtype.npz", folder));
        for (String name : List.of("f4", "f8", "i4", "i8", "b1", "empty")) {
            byte[] archive = Fixtures.bytes("every-dtype.npz");
            byte[] array = NumpyRoundTripTest.npy(arrays.get(name));
            boolean there = false;
            for (int at = 0; at <= archive.length - array.length && !there; at++) {
                there = Arrays.equals(archive, at, at + array.length, array, 0, array.length);
            }
            assertEquals(true, there, name);
        }
    }

    @Test
    void laterVersions() throws IOException {
        for (String name : List.of("version-2.npy", "version-3.npy")) {
            assertHolds(Npy.read(Fixtures.copy(name, folder)), "I64[3]", 1, 2, 3);
        }
    }
}
