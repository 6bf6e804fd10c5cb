package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated event files on a disk, before and behind right checksums. */
class EventHostileFilesTest {
    @TempDir
    Path folder;

    private HostileFiles files;
    private byte[] whole;

    @BeforeEach
    void write() throws IOException {
        whole = Files.readAllBytes(EventDamageTest.sample(folder.resolve("written")));
        files = HostileFiles.of(Files.createDirectory(folder.resolve("damaged")).resolve("events.out.tfevents.1"),
                EventFile::read);
    }

    @Test
    void mutatedFiles() throws IOException {
        HostileFiles.Tally tally = files.mutationsOf(whole);
        assertTrue(tally.read() > 0 && tally.refused() > tally.read(), tally.toString());
    }

    @Test
    void mutatedRecordsWithRightChecksums() throws IOException {
        List<byte[]> records = Wire.records(whole);
        HostileFiles.Tally tally = files.check(random -> {
            List<byte[]> forged = new ArrayList<>(records);
            int index = random.nextInt(forged.size());
            forged.set(index, Mutations.mutate(random, forged.get(index)));
            return Wire.file(forged);
        });
        assertTrue(tally.read() > 0 && tally.refused() > 0, tally.toString());
    }
}
