package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A virtual machine of its own, whose vectors are of another width than this one's. */
final class MachineOfWidth {
    private MachineOfWidth() {}

    /**
     * Runs a program there, which says "done", and whatever it has to complain of before. The machine may warn that it has no such
     * vectors.
     */
    static void assertDone(String width, Class<?> program) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                        "--add-modules=jdk.incubator.vector", "-XX:+IgnoreUnrecognizedVMOptions", width, "-cp",
                        System.getProperty("java.class.path"), program.getName())
                        .redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines()
                .filter(line -> !line.isBlank() && !line.toLowerCase(Locale.ROOT).contains("warning")).toList();
        assertEquals(0, process.waitFor(), lines::toString);
        assertEquals(List.of("done"), lines);
    }
}
