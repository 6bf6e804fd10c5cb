package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;

/**
 * Named tensors as a {@code .npz} file: a zip file with a {@link Npy .npy} array for each, as {@code numpy.savez} and {@code
 * numpy.savez_compressed} write them.
 *
 * <p>Entries are stored or deflated, and verified against their checksums. Deflated ones can be a thousand times what they
 * take in the file, so the tensors of a file may take at most 24 MiB, or 32 times the size of the file if that is more; whoever
 * trusts a file names another limit. Whatever it claims, a tensor is given memory as its bytes turn up.
 */
public final class Npz {
    /** How entries are written. */
    public enum Compression {
        /** As they are, as {@code numpy.savez} does. */
        STORED,
        /** Compressed, as {@code numpy.savez_compressed} does. Trained parameters hardly become smaller. */
        DEFLATED
    }

    private static final long LEAST_LIMIT = 24 << 20;
    private static final long INFLATION = 32;

    private Npz() {}

    /**
     * Reads all arrays of a file.
     *
     * @return the tensors in the order of the file, by the names of their entries without {@code .npy}
     * @throws ModelFileException if the file cannot be read or is damaged, an entry is no array of the dtypes of {@link Npy},
     *     or the tensors would take more than the limit above
     */
    public static SequencedMap<String, Tensor> read(Path file) {
        return NpzReader.read(file, size -> Math.max(LEAST_LIMIT, INFLATION * size));
    }

    /**
     * The same with another limit.
     *
     * @param mostBytes what the tensors may take in memory at most, together
     * @throws ModelFileException as {@link #read(Path)}
     */
    public static SequencedMap<String, Tensor> read(Path file, long mostBytes) {
        return NpzReader.read(file, _ -> mostBytes);
    }

    /** Writes tensors, {@linkplain Compression#STORED stored} as they are, as {@link #write(Path, SequencedMap, Compression)}. */
    public static void write(Path file, SequencedMap<String, Tensor> tensors) {
        write(file, tensors, Compression.STORED);
    }

    /**
     * Writes tensors in their order. The same tensors, stored, give the same bytes; deflated, on the same JDK.
     *
     * @param file where to; replaced as a whole or not at all, behind a symbolic link what that leads to; the folder must exist
     * @throws ModelFileException if the file cannot be written (its old contents stay), or a name or a rank does not fit
     */
    public static void write(Path file, SequencedMap<String, Tensor> tensors, Compression compression) {
        try {
            AtomicFile.write(file, out -> new NpzWriter(file, out).write(tensors, compression), AtomicFile.Watch.NONE);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }
}
