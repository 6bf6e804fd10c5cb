package io.adjoint.serialization;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.LibraryVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The values of a model's variables, or of any tree of variables, as one file.
 *
 * <p><b>Exact</b>: every dtype and shape, and each bit of each element, those of a NaN included, comes back. The same
 * values and metadata give the same bytes.
 *
 * <p><b>Safe</b>: {@link #save} is atomic: whatever happens, the file has its old contents or its new ones, whole.
 * {@link #load} is all or nothing: the whole file is read, verified against its checksums and matched with the model before
 * the first variable changes. A file is data: no claim in it makes the reader allocate more than the
 * file is long, and a damaged or hostile file ends in a {@link ModelFileException}. For a moment each tensor is there twice,
 * as read and as a tensor.
 *
 * <p>All methods throw {@link ModelFileException} and no other exception where a file or its contents are to blame. They
 * may be called from several threads; a save takes the variables' values one by one at its beginning, so do not save a
 * model while another thread updates it.
 */
public final class Checkpoint {
    private Checkpoint() {}

    /** {@link #save(Path, Module, Map)} without metadata. */
    public static void save(Path file, Module model) {
        save(file, model, Map.of());
    }

    /**
     * Saves the variables of a model, parameters and buffers, under their paths in it.
     *
     * @param file where to; an existing file is replaced, its permissions stay; a symbolic link stays too, and what it leads to is
     *     replaced, or created if that is nothing yet; the folder must exist
     * @param metadata free text to go with it, such as the epoch: at most 256 KiB
     * @throws ModelFileException if the file cannot be written (its old contents stay), or a name or the metadata do not
     *     fit into a checkpoint
     */
    public static void save(Path file, Module model, Map<String, String> metadata) {
        save(file, model.variables(), metadata);
    }

    /**
     * The same where the contents that are replaced may be kept, for {@link #loadOrPrevious}: beside the file, and where that is
     * a symbolic link, beside what it leads to. They are kept unread: if {@link #loadOrPrevious} found the file damaged, save with
     * {@link Previous#DISCARD} once, which leaves the good previous contents where they are, or else the damaged ones take their
     * place.
     *
     * @throws ModelFileException as {@link #save(Path, Module, Map)}
     */
    public static void save(Path file, Module model, Map<String, String> metadata, Previous previous) {
        save(file, model.variables(), metadata, previous, AtomicFile.Watch.NONE);
    }

    /**
     * Saves variables under the names given.
     *
     * @param file as in {@link #save(Path, Module, Map)}
     * @param variables by path; at most 65,536, of at most 64 axes each
     * @param metadata as in {@link #save(Path, Module, Map)}
     * @throws ModelFileException as {@link #save(Path, Module, Map)}
     */
    public static void save(Path file, SequencedMap<String, Variable> variables, Map<String, String> metadata) {
        save(file, variables, metadata, Previous.DISCARD, AtomicFile.Watch.NONE);
    }

    static void save(Path file, SequencedMap<String, Variable> variables, Map<String, String> metadata,
            Previous previous, AtomicFile.Watch watch) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        variables.forEach((path, variable) -> tensors.put(path, variable.value().detached()));
        TreeMap<String, String> sorted = new TreeMap<>(metadata);
        try {
            AtomicFile.write(file, out -> new CheckpointWriter(file, out).write(LibraryVersion.get(), sorted, tensors),
                    previous, watch);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }

    /**
     * Gives the variables of a model the values in a file that was saved from a model of the same architecture.
     *
     * @return the metadata saved along
     * @throws ModelFileException if the file cannot be read or is damaged, or its tensors are not exactly the model's
     *     variables: the same paths with the same dtypes and shapes. The model is unchanged then
     */
    public static SequencedMap<String, String> load(Path file, Module model) {
        return load(file, model.variables());
    }

    /**
     * Gives variables the values in a file that was saved from variables of the same names.
     *
     * @return the metadata saved along
     * @throws ModelFileException as {@link #load(Path, Module)}
     */
    public static SequencedMap<String, String> load(Path file, SequencedMap<String, Variable> variables) {
        return Loading.load(file, variables, Match.ALL).metadata();
    }

    /**
     * Gives some variables of a model the values in a file, such as those of an encoder that was trained in another model.
     *
     * @param match which, and under which names
     * @throws ModelFileException if the file cannot be read or is damaged, what is to be loaded does not match, or a pattern
     *     names nothing on either side. The model is unchanged then
     */
    public static LoadReport load(Path file, Module model, Match match) {
        return Loading.load(file, model.variables(), match);
    }

    /**
     * As {@link #load(Path, Module)}; where that file is damaged, or not there, from its previous contents, if a save kept
     * them. The report tells.
     *
     * @throws ModelFileException as {@link #load(Path, Module)}: that the file is of another model is no damage
     */
    public static LoadReport loadOrPrevious(Path file, Module model) {
        return Loading.loadOrPrevious(file, model.variables());
    }

    /**
     * How the tensors of a file differ from the variables of a model; nothing is loaded.
     *
     * @throws ModelFileException if the file cannot be read or is damaged
     */
    public static Differences differences(Path file, Module model) {
        return Differences.between(specs(file), Loading.specs(model.variables()));
    }

    /**
     * Dtypes and shapes of all tensors of a file by path. The file is verified, and none of its tensors held.
     *
     * @throws ModelFileException if the file cannot be read or is damaged
     */
    public static SequencedMap<String, TensorSpec> specs(Path file) {
        return Collections.unmodifiableSequencedMap(Loading.read(file, (_, _) -> false).specs());
    }

    /**
     * What was saved along with the tensors of a file. Only the beginning of the file is read and verified, however long it is,
     * so this says nothing about the tensors.
     *
     * @throws ModelFileException if the file cannot be read, is no checkpoint, or is damaged there
     */
    public static SequencedMap<String, String> metadata(Path file) {
        return Loading.metadata(file);
    }

    /**
     * Reads all tensors of a file without a model, to look at them.
     *
     * @throws ModelFileException if the file cannot be read or is damaged
     */
    public static CheckpointContents read(Path file) {
        return Loading.read(file, (_, _) -> true).contents();
    }
}
