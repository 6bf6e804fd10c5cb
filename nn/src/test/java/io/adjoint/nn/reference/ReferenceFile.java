package io.adjoint.nn.reference;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A file of reference cases: gzip, one JSON object on each line. */
public final class ReferenceFile {
    private ReferenceFile() {}

    /** The cases of a file of PyTorch's values; where there is none, the test that asks is skipped. */
    public static List<JsonObject> pytorch(String name) {
        Path file = Path.of(System.getProperty("reference.dir", "../../shared/reference"), "pytorch", name);
        if (!Files.exists(file)) {
            return abort("skipped: no reference values " + file + "; set -Dreference.dir to their folder");
        }
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
