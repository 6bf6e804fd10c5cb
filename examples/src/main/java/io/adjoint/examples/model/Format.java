package io.adjoint.examples.model;

import io.adjoint.autodiff.Tensor;
import io.adjoint.examples.UserError;
import io.adjoint.serialization.Checkpoint;
import io.adjoint.serialization.CheckpointContents;
import io.adjoint.serialization.onnx.Onnx;
import io.adjoint.serialization.onnx.OnnxModel;
import io.adjoint.serialization.weights.Npy;
import io.adjoint.serialization.weights.Npz;
import io.adjoint.serialization.weights.PyTorchState;
import io.adjoint.serialization.weights.SafeTensors;
import io.adjoint.serialization.weights.SafeTensorsContents;
import io.adjoint.serialization.weights.SafeTensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/** The formats of files with tensors, and how one is told from another: by how the file begins, else by its ending, else by a brace. */
enum Format {
    /** A graph with its weights. */
    ONNX("an ONNX model", "onnx"),
    /** The library's own. */
    CHECKPOINT("a checkpoint", "adjoint"),
    /** Names, and the elements as they are. */
    SAFETENSORS("a safetensors file", "safetensors"),
    /** One array. */
    NPY("a NumPy array", "npy"),
    /** A zip file of arrays. */
    NPZ("a file of NumPy arrays", "npz"),
    /** A zip file with a pickle. */
    PYTORCH("a PyTorch state", "pt", "pth", "bin");

    private static final String CHECKPOINT_MAGIC = "\u0089ADJ";
    private static final String NPY_MAGIC = "\u0093NUMPY";
    private static final String ZIP_MAGIC = "PK\u0003\u0004";
    private static final int ZIP_NAME_LENGTH = 26;
    private static final int ZIP_NAME = 30;
    private static final int SAFETENSORS_HEADER = Long.BYTES;
    private static final int LOOKED_AT = 512;

    private final String description;
    private final List<String> endings;

    Format(String description, String... endings) {
        this.description = description;
        this.endings = List.of(endings);
    }

    /**
     * The format of a file.
     *
     * @throws UserError if there is no such file, or it is of none of the formats
     */
    static Format of(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + ": " + (Files.exists(file) ? "this is no regular file" : "no such file"));
        }
        String start = start(file);
        if (start.startsWith(CHECKPOINT_MAGIC)) {
            return CHECKPOINT;
        } else if (start.startsWith(NPY_MAGIC)) {
            return NPY;
        } else if (start.startsWith(ZIP_MAGIC)) {
            return firstEntry(start).endsWith(".npy") ? NPZ : PYTORCH;
        }
        return Arrays.stream(values()).filter(format -> format.endings.contains(ending(file))).findFirst()
                .or(() -> start.startsWith("{", SAFETENSORS_HEADER) ? Optional.of(SAFETENSORS) : Optional.empty())
                .orElseThrow(
                        () -> new UserError(file + ": found no format that is known; expected one of .onnx, .adjoint, "
                                + ".safetensors, .npy, .npz, .pt"));
    }

    private static String start(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String firstEntry(String zip) {
        if (zip.length() < ZIP_NAME) {
            return "";
        }
        int length = zip.charAt(ZIP_NAME_LENGTH) + 256 * zip.charAt(ZIP_NAME_LENGTH + 1);
        return zip.substring(ZIP_NAME, Math.min(zip.length(), ZIP_NAME + length));
    }

    /** What stands after the last dot of the file's name, in lower case; empty without a dot. */
    static String ending(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString(); // a root has no name
        return name.substring(Math.max(name.lastIndexOf('.') + 1, 0)).toLowerCase(Locale.ROOT);
    }

    /**
     * The tensors of a file, and the text beside them; of an ONNX model its parameters, buffers and constants.
     *
     * @throws io.adjoint.serialization.ModelFileException if the file cannot be read or is damaged
     */
    Contents read(Path file) {
        return switch (this) {
            case ONNX -> contents(Onnx.load(file));
            case CHECKPOINT -> {
                CheckpointContents contents = Checkpoint.read(file);
                yield new Contents(contents.metadata(), contents.tensors());
            }
            case SAFETENSORS -> {
                SafeTensorsContents contents = SafeTensors.read(file);
                yield new Contents(contents.metadata(), contents.tensors());
            }
            case NPY -> new Contents(new LinkedHashMap<>(), single(file));
            case NPZ -> new Contents(new LinkedHashMap<>(), Npz.read(file));
            case PYTORCH -> {
                PyTorchState state = PyTorchState.read(file);
                yield new Contents(state.metadata(), state.tensors());
            }
        };
    }

    /**
     * What {@link #read} finds, but for the elements. Checkpoints and safetensors hold none in memory for that.
     *
     * @throws io.adjoint.serialization.ModelFileException if the file cannot be read or is damaged
     */
    Listing list(Path file) {
        return switch (this) {
            case CHECKPOINT -> new Listing(Checkpoint.metadata(file), Checkpoint.specs(file));
            case SAFETENSORS -> {
                try (SafeTensorsFile opened = SafeTensors.open(file)) {
                    yield new Listing(opened.metadata(), opened.specs());
                }
            }
            case ONNX, NPY, NPZ, PYTORCH -> Listing.of(read(file));
        };
    }

    private static Contents contents(OnnxModel model) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        model.variables().forEach((name, variable) -> tensors.put(name, variable.value().detached()));
        SequencedMap<String, Tensor> constants = model.constants();
        tensors.putAll(constants);
        return new Contents(new LinkedHashMap<>(), tensors, constants.keySet());
    }

    /** An array has no name: it goes by that of its file. */
    private static SequencedMap<String, Tensor> single(Path file) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        String name = file.getFileName().toString();
        tensors.put(name.toLowerCase(Locale.ROOT).endsWith(".npy") ? name.substring(0, name.length() - 4) : name,
                Npy.read(file));
        return tensors;
    }

    /** As "a checkpoint". */
    @Override
    public String toString() {
        return description;
    }
}
