package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated checkpoints on a disk, before and behind right checksums. */
class CheckpointHostileFilesTest {
    @TempDir
    Path folder;

    private HostileFiles files() {
        return HostileFiles.of(folder.resolve("hostile.adjoint"), Checkpoint::read);
    }

    @Test
    void mutatedFiles() throws IOException {
        HostileFiles.Tally tally = files().mutationsOf(Damage.file(1), Damage.file(2));
        assertTrue(tally.refused() > 10 * tally.read(), tally.toString());
    }

    @Test
    void mutatedRecordsWithRightChecksums() throws IOException {
        Forge forge = Forge.parse(Damage.file(1));
        HostileFiles.Tally tally = files().check(random -> {
            int index = random.nextInt(forge.count());
            return forge.with(index, Mutations.mutate(random, forge.body(index)));
        });
        assertTrue(tally.read() > 0 && tally.refused() > 0, tally.toString());
    }
}
