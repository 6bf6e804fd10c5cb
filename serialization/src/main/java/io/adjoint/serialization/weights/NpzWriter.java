package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays as a zip file, one tensor at a time. The bytes are a function of the arguments: no entry tells the time. */
final class NpzWriter {
    /** The first day that a zip file can tell is its word for no time at all, and would get a field of its own. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

    private static final int MAX_NAME = 16 << 10;

    private final Path file;
    private final OutputStream out;

    /** A writer to a stream, which stays open; {@code file} is what messages name. */
    NpzWriter(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /** @throws ModelFileException if a name or a rank does not fit */
    void write(SequencedMap<String, Tensor> tensors, Npz.Compression compression) throws IOException {
        if (tensors.size() > NpzReader.MAX_ENTRIES) {
            throw new ModelFileException(file, tensors.size() + " tensors are too many",
                    "a file holds at most " + NpzReader.MAX_ENTRIES);
        }
        tensors.forEach(this::requireReadable);
        @SuppressWarnings("resource") // the stream below is its owner's
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            zip.putNextEntry(entry(tensor.getKey() + NpzReader.SUFFIX, tensor.getValue(), compression));
            Npy.write(tensor.getValue().detached(), zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private void requireReadable(String name, Tensor tensor) {
        if (!Names.isStorable(name)) {
            throw new ModelFileException(file, "the name " + Names.quote(name) + " holds half of a surrogate pair",
                    "use whole characters");
        }
        if (name.length() > MAX_NAME) {
            throw new ModelFileException(file, "the name " + Names.quote(name) + " is too long",
                    "a name has at most " + MAX_NAME + " characters");
        }
        Npy.requireFewAxes(tensor, new Source(file, name));
    }

    /** A stored entry says before its bytes how many there are, and their checksum. */
    private static ZipEntry entry(String name, Tensor tensor, Npz.Compression compression) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        if (compression == Npz.Compression.STORED) {
            CRC32 checksum = new CRC32();
            Npy.write(tensor.detached(), new CheckedOutputStream(OutputStream.nullOutputStream(), checksum));
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(NpyHeader.of(tensor.spec()).length + (long) tensor.size() * tensor.dtype().bytes());
            entry.setCrc(checksum.getValue());
        }
        return entry;
    }
}
