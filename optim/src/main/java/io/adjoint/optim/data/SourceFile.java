package io.adjoint.optim.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files of data, and in which words they are refused. */
final class SourceFile {
    /** Deflate makes at most this many bytes of one (RFC 1951: 258 bytes of two bits), and gzip adds its own few. */
    static final long MOST_INFLATED = 1032;

    private SourceFile() {}

    /** What is done with an open file. */
    @FunctionalInterface
    interface Reading<T> {
        T from(InputStream in) throws IOException;
    }

    /** Reads a whole file, unpacked if it is compressed by gzip; failures of the system become refusals. */
    static <T> T read(Path file, Reading<T> reading) {
        require(file);
        try (InputStream in = unpacked(Files.newInputStream(file))) {
            return reading.from(in);
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    /** The stream, unpacked if it begins as gzip does, whatever its name. */
    static InputStream unpacked(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(2);
        boolean packed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return packed ? new BufferedInputStream(new GZIPInputStream(buffered, 1 << 16), 1 << 16) : buffered;
    }

    /** Refuses what is no file. */
    static void require(Path file) {
        if (!Files.isRegularFile(file)) {
            throw DataException.in(file).found(Files.isDirectory(file) ? "a folder" : "no such file",
                    "a file that can be read");
        }
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    static DataException refused(Object source, IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ ->
                DataException.in(source).found("no such file", "a file that can be read", failure);
            case AccessDeniedException _ ->
                DataException.in(source).found("that reading it is denied", "a file that can be read", failure);
            case EOFException _ -> DataException.in(source).found("its end too early", "a whole file", failure);
            case ZipException _ -> DataException.in(source).found("damaged gzip data", "a whole file", failure);
            default -> DataException.in(source).found("a failure to read it: " + failure.getMessage(),
                    "a file that can be read", failure);
        };
    }
}
