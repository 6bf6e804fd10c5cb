package io.adjoint.serialization.onnx;

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
    private Pretrained() {}

    /** From a jar on the class path, copied into the folder, or from where the profile unpacked; else the test is skipped. */
    static Path find(String name, Path folder) throws IOException {
        try (InputStream in = Pretrained.class.getResourceAsStream("/" + name)) {
            if (in != null) {
                Path copy = folder.resolve(name);
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return copy;
            }
        }
        Path unpacked = Path.of(System.getProperty("pretrained.dir", "target/pretrained"));
        if (Files.isDirectory(unpacked)) {
            try (Stream<Path> files = Files.walk(unpacked)) {
                List<Path> found = files.filter(file -> file.endsWith(name)).toList();
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            }
        }
        return abort("skipped: " + name + " is not here; run with -Ppretrained");
    }
}
