package io.adjoint.examples.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** What a process says on standard error, shown only where it fails: each JVM has some notices to tell. */
record Words(File file) implements AutoCloseable {
    static Words fresh() {
        try {
            File file = File.createTempFile("adjoint-benchmark", ".txt");
            file.deleteOnExit();
            return new Words(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String last() {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
