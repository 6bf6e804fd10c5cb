package io.adjoint.serialization.file;

import io.adjoint.serialization.file.AtomicFile.Call;
import io.adjoint.serialization.file.AtomicFile.Watch;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Where the contents go that a save replaces, if they are kept. */
record PreviousFile(Path target, Watch watch) {
    private static final String SUFFIX = ".previous";

    Path path() {
        return target.resolveSibling(target.getFileName() + SUFFIX);
    }

    /** Gives the target's contents the second name; the target is not touched. */
    void keep(Optional<Set<PosixFilePermission>> permissions) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        watch.before(Call.DELETE_PREVIOUS);
        Files.deleteIfExists(path());
        try {
            watch.before(Call.LINK);
            Files.createLink(path(), target);
        } catch (FileAlreadyExistsException e) {
            return; // another save was quicker, and kept the same or newer contents
        } catch (UnsupportedOperationException | FileSystemException e) {
            copy(permissions); // not every file system has hard links
        }
    }

    private void copy(Optional<Set<PosixFilePermission>> permissions) throws IOException {
        watch.before(Call.COPY);
        try (TemporaryFile copy = TemporaryFile.create(target.getParent(), permissions)) {
            Files.copy(target, Channels.newOutputStream(copy.channel()));
            copy.channel().force(true);
            Files.move(copy.path(), path(), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
