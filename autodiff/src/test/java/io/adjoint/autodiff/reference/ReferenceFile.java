package io.adjoint.autodiff.reference;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A file of reference values: compressed, a case a line. */
final class ReferenceFile {
    private ReferenceFile() {}

    /** The lines; closes the stream. */
    static List<String> lines(InputStream compressed) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(compressed), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
