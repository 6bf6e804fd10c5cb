package io.adjoint.serialization;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A checkpoint could not be saved or loaded. A model being loaded keeps the values it had, a file being saved over keeps
 * the contents it had.
 *
 * <p>The message is one sentence: the file, the tensor if it is about one, what was found, and what helps.
 *
 * <pre>{@code digits.adjoint: tensor "hidden.weight": the data are damaged (checksum 1f2e3d4c, recorded 5a6b7c8d); restore
 * the file from a copy or save it again}</pre>
 *
 * Names that come from a file are shown shortened and without control characters.
 */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String tensor;

    private CheckpointException(Path file, String tensor, String problem, String remedy, Throwable cause) {
        super(file + ": " + (tensor.isEmpty() ? "" : "tensor " + Names.quote(tensor) + ": ") + problem + "; " + remedy,
                cause);
        this.file = file.toString();
        this.tensor = tensor;
    }

    static CheckpointException about(Path file, String problem, String remedy) {
        return new CheckpointException(file, "", problem, remedy, null);
    }

    static CheckpointException aboutTensor(Path file, String tensor, String problem, String remedy) {
        return new CheckpointException(file, tensor, problem, remedy, null);
    }

    /** A failed read, in the words of the operating system. */
    static CheckpointException reading(Path file, IOException failure) {
        return new CheckpointException(file, "", switch (failure) {
            case NoSuchFileException _ -> "no such file";
            case FileSystemLoopException _ -> "symbolic links lead in a circle";
            case AccessDeniedException _ -> "permission to read it is denied";
            case ClosedByInterruptException _ -> "the thread was interrupted while reading it";
            default -> "cannot be read: " + reason(failure);
        }, "check the path, and that the file can be read", failure);
    }

    /** A failed write, in the words of the operating system. */
    static CheckpointException writing(Path file, IOException failure) {
        return new CheckpointException(file, "", switch (failure) {
            case NoSuchFileException _ -> "its folder does not exist";
            case FileSystemLoopException _ -> "symbolic links lead in a circle";
            case AccessDeniedException _ -> "permission to write it, or a file beside it, is denied";
            case ClosedByInterruptException _ -> "the thread was interrupted while writing it";
            default -> "cannot be written: " + reason(failure);
        }, "nothing was changed; check the path, its permissions and the free space, and save again", failure);
    }

    private static String reason(IOException failure) {
        String reason = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }

    /** The file, as it was named in the call. */
    public String file() {
        return file;
    }

    /** Path of the tensor that this is about, empty if it is about the file or about several tensors. */
    public Optional<String> tensor() {
        return tensor.isEmpty() ? Optional.empty() : Optional.of(tensor);
    }
}
