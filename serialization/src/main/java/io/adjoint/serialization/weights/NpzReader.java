package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.RegularFile;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongUnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads the arrays of a zip file, within a limit for all of them: entries may inflate, and lie on top of each other. */
final class NpzReader {
    static final String SUFFIX = ".npy";
    static final int MAX_ENTRIES = 1 << 16;

    /** Elements that are given memory before they turn up. */
    private static final int ROOM = 1 << 13;

    private final Path file;
    private final long limit;
    private long held;

    private NpzReader(Path file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    /**
     * All arrays by name.
     *
     * @param limit what they may take in memory, from the size of the file
     */
    static SequencedMap<String, Tensor> read(Path file, LongUnaryOperator limit) {
        try {
            long size;
            try (FileChannel channel = RegularFile.open(file)) { // refuses what opening would wait for
                size = channel.size();
            }
            try (ZipFile zip = new ZipFile(local(file))) {
                return new NpzReader(file, limit.applyAsLong(size)).readAll(zip);
            }
        } catch (ZipException | EOFException e) {
            throw new ModelFileException(file, "this is not a whole zip file, as an .npz is",
                    "name one, or restore it from a copy if it is damaged", e);
        } catch (IOException e) {
            throw Failures.reading(file, e);
        }
    }

    private static File local(Path file) {
        try {
            return file.toFile();
        } catch (UnsupportedOperationException e) {
            throw new ModelFileException(file, "zip files are read from the default file system only",
                    "copy it to a disk", e);
        }
    }

    private SequencedMap<String, Tensor> readAll(ZipFile zip) throws IOException {
        Source whole = new Source(file, "");
        if (zip.size() > MAX_ENTRIES) {
            throw whole.damaged("it has " + zip.size() + " entries, more than " + MAX_ENTRIES);
        }
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            Source source = new Source(file, entry.getName());
            if (!entry.getName().endsWith(SUFFIX)) {
                throw source.refused("its entry does not end in " + SUFFIX, "leave only arrays in the file");
            }
            String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
            if (tensors.containsKey(name)) {
                throw source.damaged("it is there twice");
            }
            tensors.put(name, read(zip, entry, source));
        }
        return Collections.unmodifiableSequencedMap(tensors);
    }

    private Tensor read(ZipFile zip, ZipEntry entry, Source source) throws IOException {
        CRC32 checksum = new CRC32();
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
            Tensor tensor = new NpyReader(in, source, this::permit).read();
            if (checksum.getValue() != entry.getCrc()) {
                throw source.damaged("the data are damaged (checksum %08x, recorded %08x)"
                        .formatted(checksum.getValue(), entry.getCrc()));
            }
            return tensor;
        }
    }

    private int permit(Source source, TensorSpec spec, long stored, long needed) {
        if (needed > limit - held) {
            throw source.refused("with it the tensors would take " + (held + needed) + " bytes, and the limit is "
                    + limit, "name a greater limit in the call if you trust the file");
        }
        held += needed;
        return Math.min(ROOM, spec.shape().size());
    }
}
