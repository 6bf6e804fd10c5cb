package io.adjoint.serialization.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this library, as the build wrote it down. */
public final class LibraryVersion {
    private LibraryVersion() {}

    /** As {@code 0.1.0}. */
    public static String get() {
        try (InputStream in = LibraryVersion.class.getResourceAsStream("/io/adjoint/serialization/version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
