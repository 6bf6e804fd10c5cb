package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.Mutations;
import io.adjoint.serialization.Trees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated safetensors files: anywhere, and in the header alone, with its length right. */
class SafeTensorsHostileFilesTest {
    private static final byte[] SMALL = SafeTensorsRoundTripTest.written(Trees.tensors(Trees.small(1)),
            Map.of("format", "pt", "note", "a \"note\"\n"), FloatStorage.EXACT);

    @TempDir
    Path folder;

    private HostileFiles files() {
        return HostileFiles.of(folder.resolve("hostile.safetensors"), SafeTensors::read);
    }

    private static void assertBothKinds(HostileFiles.Tally tally) {
        assertTrue(tally.read() > 0 && tally.refused() > tally.read() / 2, tally.toString());
    }

    @Test
    void mutatedFiles() throws IOException {
        assertBothKinds(files().mutationsOf(SMALL, Fixtures.bytes("every-dtype.safetensors"),
                Fixtures.bytes("ours.safetensors")));
    }

    @Test
    void mutatedHeaders() throws IOException {
        assertBothKinds(files().check(SafeTensorsHostileFilesTest::withMutatedHeader));
    }

    private static byte[] withMutatedHeader(Random random) {
        int end = 8 + (int) ByteBuffer.wrap(SMALL).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = Mutations.mutate(random, Arrays.copyOfRange(SMALL, 8, end));
        byte[] data = Arrays.copyOfRange(SMALL, end, SMALL.length);
        byte[] file = SafeTensorsRefusalTest.file(header.length, header, data.length);
        System.arraycopy(data, 0, file, 8 + header.length, data.length);
        return file;
    }
}
