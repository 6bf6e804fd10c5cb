package io.adjoint.serialization;

import io.adjoint.serialization.file.Names;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file could not be read or written, or is not what it should be: the one exception of all formats. A model being loaded
 * keeps the values it had, a file being saved over keeps the contents it had.
 *
 * <p>The message is one sentence: the file, the tensor if it is about one, what was found, and what helps.
 *
 * <pre>{@code digits.adjoint: tensor "hidden.weight": the data are damaged (checksum 1f2e3d4c, recorded 5a6b7c8d); restore
 * the file from a copy or save it again}</pre>
 *
 * Names that come from a file are shown shortened and without control characters.
 */
public final class ModelFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String tensor;

    /**
     * A problem with a file as a whole.
     *
     * @param file as it was named in the call
     * @param problem what was found
     * @param remedy what helps
     */
    public ModelFileException(Path file, String problem, String remedy) {
        super(file + ": " + problem + "; " + remedy);
        this.file = file.toString();
        this.tensor = "";
    }

    /**
     * A problem that another exception tells of.
     *
     * @param file as it was named in the call
     * @param problem what was found
     * @param remedy what helps
     * @param cause what went wrong inside
     */
    public ModelFileException(Path file, String problem, String remedy, Throwable cause) {
        this(file, problem, remedy);
        initCause(cause);
    }

    /**
     * A problem with one tensor of a file.
     *
     * @param file as it was named in the call
     * @param tensor its path, as the file spells it; empty for a problem with the file as a whole
     * @param problem what was found
     * @param remedy what helps
     */
    public ModelFileException(Path file, String tensor, String problem, String remedy) {
        super(file + ": " + (tensor.isEmpty() ? "" : "tensor " + Names.quote(tensor) + ": ") + problem + "; " + remedy);
        this.file = file.toString();
        this.tensor = tensor;
    }

    private ModelFileException(ModelFileException same, String remedy) {
        super(same.getMessage() + ", " + remedy, same.getCause());
        this.file = same.file;
        this.tensor = same.tensor;
    }

    /** The same with one more thing that helps. */
    ModelFileException withRemedy(String remedy) {
        return new ModelFileException(this, remedy);
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
