package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records as {@code protoc --decode_raw} reads them, which knows nothing of the messages; where the build has put a protoc. */
class ProtocTest {
    private static final Path COMPILERS =
            Path.of(System.getProperty("user.home"), ".m2", "repository", "com", "google", "protobuf", "protoc");

    @TempDir
    Path folder;

    private Path compiler() throws IOException {
        assumeTrue(Files.isDirectory(COMPILERS), "no protoc in " + COMPILERS);
        try (Stream<Path> files = Files.walk(COMPILERS)) {
            Path found = files.filter(file -> file.toString().endsWith(".exe")).max(Path::compareTo).orElse(COMPILERS);
            assumeTrue(Files.isRegularFile(found), "no protoc in " + COMPILERS);
            Path compiler = Files.copy(found, folder.resolve("protoc"));
            assumeTrue(compiler.toFile().setExecutable(true), "a folder without programs");
            return compiler;
        }
    }

    private String decoded(Path compiler, byte[] record) throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("record"), record);
        Process process = new ProcessBuilder(compiler.toString(), "--decode_raw").redirectInput(input.toFile())
                .redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    @Test
    void recordsAreRead() throws IOException, InterruptedException {
        Path compiler = compiler();
        Path file;
        try (EventFile events = EventFile.in(folder.resolve("run"), EventFileTest.CLOCK)) {
            events.scalar("loss", 7, 0.5);
            events.text("notes", 8, "fine");
            events.histogram("weights", 9, Tensor.of(new float[] {1, 2}, 2));
            events.graph(Graph.trace(x -> x.sum(0), new TensorSpec(DType.F32, Shape.of(3))));
            file = events.path();
        }
        List<byte[]> records = Wire.records(Files.readAllBytes(file));
        assertEquals("1: 0x41d954fc40200000\n3: \"brain.Event:2\"\n", decoded(compiler, records.get(0)));
        assertEquals("""
                1: 0x41d954fc40200000
                2: 7
                5 {
                  1 {
                    1: "loss"
                    2: 0x3f000000
                  }
                }
                """, decoded(compiler, records.get(1)));
        assertTrue(decoded(compiler, records.get(2)).contains("""
                    8 {
                      1: 7
                      2: ""
                      8: "fine"
                    }
                    9 {
                      1 {
                        1: "text"
                      }
                      4: 2
                    }
                """), decoded(compiler, records.get(2)));
        assertTrue(decoded(compiler, records.get(3)).contains("4: 0x4008000000000000\n"),
                decoded(compiler, records.get(3)));
        assertTrue(decoded(compiler, records.get(4)).contains("1: \"sum_1\"\n    2: \"sum\"\n    3: \"input_0\"\n"),
                decoded(compiler, records.get(4)));
    }
}
