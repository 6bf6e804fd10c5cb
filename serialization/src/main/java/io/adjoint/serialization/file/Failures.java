package io.adjoint.serialization.file;

import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the operating system says of a file, in words for people. */
public final class Failures {
    private Failures() {}

    /** A failed read. */
    public static ModelFileException reading(Path file, IOException failure) {
        return new ModelFileException(file, switch (failure) {
            case NoSuchFileException _ -> "no such file";
            case FileSystemLoopException _ -> "symbolic links lead in a circle";
            case AccessDeniedException _ -> "permission to read it is denied";
            case ClosedByInterruptException _ -> "the thread was interrupted while reading it";
            default -> "cannot be read: " + reason(failure);
        }, "check the path, and that the file can be read", failure);
    }

    /** A failed write. */
    public static ModelFileException writing(Path file, IOException failure) {
        return writing(file, failure,
                "nothing was changed; check the path, its permissions and the free space, and save again");
    }

    /** A failed write at the end of a file. */
    public static ModelFileException appending(Path file, IOException failure) {
        return writing(file, failure,
                "what was written before is kept; check the path, its permissions and the free space");
    }

    private static ModelFileException writing(Path file, IOException failure, String remedy) {
        return new ModelFileException(file, switch (failure) {
            case NoSuchFileException _ -> "its folder does not exist";
            case FileSystemLoopException _ -> "symbolic links lead in a circle";
            case AccessDeniedException _ -> "permission to write it, or a file beside it, is denied";
            case ClosedByInterruptException _ -> "the thread was interrupted while writing it";
            default -> "cannot be written: " + reason(failure);
        }, remedy, failure);
    }

    private static String reason(IOException failure) {
        String reason = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
