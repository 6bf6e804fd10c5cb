package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.Mutations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated files of PyTorch: as they are, and their pickles behind right checksums. */
class PyTorchHostileFilesTest {
    private static final List<String> VALID = List.of("state_dict", "dtypes", "views", "training", "zip64", "deflated",
            "libtorch_state_dict", "libtorch_views", "libtorch_training");

    @TempDir
    Path folder;

    private HostileFiles files() {
        return HostileFiles.of(folder.resolve("hostile.pt"), PyTorchState::read);
    }

    @Test
    void mutatedFiles() throws IOException {
        byte[][] valid = new byte[VALID.size()][];
        for (int i = 0; i < valid.length; i++) {
            valid[i] = PyTorchStateTest.bytes(VALID.get(i));
        }
        HostileFiles.Tally tally = files().mutationsOf(valid);
        assertTrue(tally.read() > 0 && tally.refused() > tally.read(), tally.toString());
    }

    @Test
    void mutatedPickles() throws IOException {
        List<Map<String, byte[]>> archives = new ArrayList<>();
        for (String name : List.of("state_dict", "dtypes", "views", "training")) {
            archives.add(entries(PyTorchStateTest.bytes(name)));
        }
        HostileFiles.Tally tally = files().check(random -> {
            Map<String, byte[]> entries = new LinkedHashMap<>(archives.get(random.nextInt(archives.size())));
            entries.replaceAll((name, bytes) -> name.endsWith(".pkl") ? Mutations.mutate(random, bytes) : bytes);
            return PickleForge.zip(entries, random.nextBoolean() ? ZipEntry.STORED : ZipEntry.DEFLATED);
        });
        assertTrue(tally.read() > 0 && tally.refused() > tally.read(), tally.toString());
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }
}
