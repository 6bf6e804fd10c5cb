package io.adjoint.serialization.file;

import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders that files are written into. */
public final class Folders {
    private Folders() {}

    /**
     * Makes a folder, and those that it is to be in, where they are not there.
     *
     * @throws ModelFileException if that fails
     */
    public static void require(Path folder) {
        if (Files.isDirectory(folder)) {
            return; // also by a link, which the call below refuses
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Failures.writing(folder, e);
        }
    }
}
