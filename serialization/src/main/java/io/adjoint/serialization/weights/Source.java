package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;

/** What messages are about: a file, or an entry of it. */
record Source(Path file, String tensor) {
    private static final String RESTORE = "restore the file from a copy or save it again";

    ModelFileException damaged(String problem) {
        return refused(problem, RESTORE);
    }

    ModelFileException refused(String problem, String remedy) {
        return new ModelFileException(file, tensor, problem, remedy);
    }

    ModelFileException truncated() {
        return damaged("the file is truncated");
    }
}
