package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.serialization.Differences;
import io.adjoint.serialization.LoadReport;
import io.adjoint.serialization.Match;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Named tensors as safetensors files, the format in which models are shared: a JSON header of names, dtypes, shapes and places,
 * and the elements as they are. It has no checksums; a {@link io.adjoint.serialization.Checkpoint} does.
 *
 * <p>Read are the dtypes BOOL, F32, F64, I32 and I64, which become ours; F16 and BF16, which become F32; I8, U8, I16 and U16,
 * which become I32; U32 and U64, which become I64, where values from 2<sup>63</sup> on are refused. A float keeps its bits, those
 * of a NaN included. The tensors come in the order of their data; {@link #write} puts wide elements first and sorts names by
 * their bytes, as the format asks.
 *
 * <p>A file is data: its header is verified before anything is allocated, the tensors must cover the data without holes and
 * overlaps, and a damaged or hostile file ends in a {@link ModelFileException}. At most 65,536 tensors, of at most 64 axes,
 * and 8 million characters of names and metadata are read and written.
 */
public final class SafeTensors {
    private SafeTensors() {}

    /**
     * Opens a file to look at it and to read some of its tensors, until it is closed.
     *
     * @throws ModelFileException if the file cannot be read or is not what the format asks for
     */
    public static SafeTensorsFile open(Path file) {
        return SafeTensorsFile.open(file);
    }

    /**
     * Reads all tensors of a file.
     *
     * @throws ModelFileException as {@link #open}, or if an element stands for no value of its dtype
     */
    public static SafeTensorsContents read(Path file) {
        try (SafeTensorsFile opened = open(file)) {
            return opened.contents();
        }
    }

    /**
     * Writes tensors, to the bit. The same tensors and metadata give the same bytes, in whatever order they come.
     *
     * @param file where to; replaced as a whole or not at all, behind a symbolic link what that leads to; the folder must exist
     * @param metadata free text to go with it; other libraries want {@code format}, such as {@code pt}
     * @throws ModelFileException if the file cannot be written (its old contents stay), or something does not fit the format
     */
    public static void write(Path file, SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
        write(file, tensors, metadata, FloatStorage.EXACT);
    }

    /**
     * The same where F32 tensors may be stored in 16 bits.
     *
     * @throws ModelFileException as {@link #write(Path, SequencedMap, Map)}, or if a float is beyond the range of F16
     */
    public static void write(Path file, SequencedMap<String, Tensor> tensors, Map<String, String> metadata,
            FloatStorage storage) {
        TreeMap<String, String> sorted = new TreeMap<>(metadata);
        try {
            AtomicFile.write(file, out -> new SafeTensorsWriter(file, out, storage).write(tensors, sorted),
                    AtomicFile.Watch.NONE);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }

    /** {@link #save(Path, Module, Map)} without metadata. */
    public static void save(Path file, Module model) {
        save(file, model, Map.of());
    }

    /**
     * Saves the variables of a model, parameters and buffers, under their paths in it.
     *
     * @throws ModelFileException as {@link #write(Path, SequencedMap, Map)}
     */
    public static void save(Path file, Module model, Map<String, String> metadata) {
        save(file, model, metadata, FloatStorage.EXACT);
    }

    /**
     * The same where F32 variables may be stored in 16 bits.
     *
     * @throws ModelFileException as {@link #write(Path, SequencedMap, Map, FloatStorage)}
     */
    public static void save(Path file, Module model, Map<String, String> metadata, FloatStorage storage) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        model.variables().forEach((path, variable) -> tensors.put(path, variable.value().detached()));
        write(file, tensors, metadata, storage);
    }

    /**
     * Gives the variables of a model the values in a file.
     *
     * @return the metadata of the file
     * @throws ModelFileException if the file cannot be read, or its tensors are not exactly the model's variables: the same
     *     paths with the same shapes, and dtypes that become theirs. The model is unchanged then
     */
    public static SequencedMap<String, String> load(Path file, Module model) {
        return load(file, model.variables());
    }

    /**
     * Gives the variables of a model the values of those tensors of a file that match; others are not read.
     *
     * @param match which, and under which names
     * @throws ModelFileException if the file cannot be read, or they do not match. The model is unchanged then
     */
    public static LoadReport load(Path file, Module model, Match match) {
        try (SafeTensorsFile opened = open(file)) {
            return match.load(file, opened.specs(), opened::tensor, model);
        }
    }

    /**
     * Gives variables the values in a file under the names given.
     *
     * @return the metadata of the file
     * @throws ModelFileException as {@link #load(Path, Module)}
     */
    public static SequencedMap<String, String> load(Path file, SequencedMap<String, Variable> variables) {
        Map<String, TensorSpec> expected = new LinkedHashMap<>();
        variables.forEach((path, variable) -> expected.put(path, variable.spec()));
        SafeTensorsContents contents;
        try (SafeTensorsFile opened = open(file)) {
            Differences differences = Differences.between(opened.specs(), expected);
            if (!differences.isEmpty()) {
                throw new ModelFileException(file, "it holds another model: " + differences.describe(),
                        "load it into a model of the same architecture");
            }
            contents = opened.contents();
        }
        variables.forEach((path, variable) -> variable.set(contents.tensors().get(path)));
        return contents.metadata();
    }
}
