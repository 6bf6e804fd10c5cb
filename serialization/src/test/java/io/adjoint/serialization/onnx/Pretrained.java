package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Models that others trained, and what belongs to them: brought by the profile {@code pretrained}. */
final class Pretrained {
    /** Where the profile puts what it brings from npm. */
    static final Path UNPACKED = Path.of(System.getProperty("pretrained.dir", "target/pretrained"));

    private Pretrained() {}

    /** What becomes of a test whose model is not here. */
    enum Missing {
        SKIPS, FAILS
    }

    /** As {@link #find(String, Path, Missing)}; that models must be here is what the profile's property says. */
    static Path find(String name, Path folder) throws IOException {
        return find(name, folder, Boolean.getBoolean("pretrained.required") ? Missing.FAILS : Missing.SKIPS);
    }

    /** From a jar on the class path, copied into the folder, or from where the profile unpacked. */
    static Path find(String name, Path folder, Missing missing) throws IOException {
        try (InputStream in = Pretrained.class.getResourceAsStream("/" + name)) {
            if (in != null) {
                Path copy = folder.resolve(name);
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return copy;
            }
        }
        if (Files.isDirectory(UNPACKED)) {
            try (Stream<Path> files = Files.walk(UNPACKED)) {
                List<Path> found = files.filter(file -> file.endsWith(name)).toList();
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            }
        }
        return switch (missing) {
            case SKIPS -> abort("skipped: " + name + " is not here; run with -Ppretrained");
            case FAILS ->
                fail(name + " is not here: the profile pretrained should have brought it, on the class path or "
                        + "into " + UNPACKED);
        };
    }
}
