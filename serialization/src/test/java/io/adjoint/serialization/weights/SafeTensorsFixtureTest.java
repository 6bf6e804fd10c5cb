package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the reference library, version 0.8.0 for Python, wrote. */
class SafeTensorsFixtureTest {
    @TempDir
    Path folder;

    private static void assertHolds(SafeTensorsContents contents, String name, String spec, long... bits) {
        Tensor tensor = contents.tensors().get(name);
        assertEquals(spec, tensor.spec().toString(), name);
        assertArrayEquals(bits, Trees.bits(tensor), name);
    }

    @Test
    void everyDtypeIsRead() throws IOException {
        SafeTensorsContents contents = SafeTensors.read(Fixtures.copy("every-dtype.safetensors", folder));
        assertEquals(Map.of("format", "pt"), contents.metadata());
        assertEquals(List.of("u64", "i64", "f64", "empty", "f32", "u32", "i32", "bf16", "f16", "u16", "i16", "i8", "u8",
                "bool"), List.copyOf(contents.tensors().keySet()));
        assertHolds(contents, "bool", "BOOL[3]", 1, 0, 1);
        assertHolds(contents, "i8", "I32[2]", -128, 127);
        assertHolds(contents, "u8", "I32[2]", 0, 255);
        assertHolds(contents, "i16", "I32[2]", -32768, 32767);
        assertHolds(contents, "u16", "I32[2]", 1, 65535);
        assertHolds(contents, "i32", "I32[2]", Integer.MIN_VALUE, Integer.MAX_VALUE);
        assertHolds(contents, "u32", "I64[2]", 1, 4294967295L);
        assertHolds(contents, "i64", "I64[2]", Long.MIN_VALUE, Long.MAX_VALUE);
        assertHolds(contents, "u64", "I64[2]", 1, Long.MAX_VALUE);
        // 1, -65504, 2^-24, and a signalling NaN
        assertHolds(contents, "f16", "F32[4]", 0x3F800000, 0xC77FE000, 0x33800000, 0x7FA02000);
        assertHolds(contents, "bf16", "F32[4]", 0x3F800000, 0xFF7F0000, 0x00010000, 0x7F810000);
        assertHolds(contents, "f32", "F32[2, 2]", 0x3F800000, 0x80000000, 0x7FC00001, 0x7F800000);
        assertHolds(contents, "f64", "F64[]", Double.doubleToRawLongBits(-0.1));
        assertHolds(contents, "empty", "F32[2, 0, 3]");
    }

    /** Order, names, padding and all. */
    @Test
    void theSameBytesAreWritten() throws IOException {
        byte[] bytes = Fixtures.bytes("ours.safetensors");
        SafeTensorsContents contents = SafeTensors.read(Fixtures.copy("ours.safetensors", folder));
        assertEquals(Map.of("note", "caf\u00E9 \"\n\t"), contents.metadata());
        assertHolds(contents, "quote\"\\", "BOOL[]", 1);
        SequencedMap<String, Tensor> reversed = new LinkedHashMap<>();
        contents.tensors().reversed().forEach(reversed::put);
        assertArrayEquals(bytes,
                SafeTensorsRoundTripTest.written(reversed, contents.metadata(), FloatStorage.EXACT));
    }
}
