package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Law 3 across virtual machines: without the SIMD module, with vectors of this machine's width, with narrower ones. */
class SameBitsAcrossMachinesTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    @Test
    void everyOperationHasTheSameBitsInEveryVirtualMachine() throws IOException, InterruptedException {
        List<String> expected = run("-Dadjoint.threads=1");
        assertEquals(Catalogue.entries().size() + 1, expected.size());
        for (List<String> flags : List.of(List.of(VECTORS, "-Dadjoint.simd=auto", "-Dadjoint.threads=3"),
                List.of(VECTORS, "-Dadjoint.simd=eager", "-XX:MaxVectorSize=16"))) {
            assertEquals(expected, run(flags.toArray(String[]::new)), flags.toString());
        }
    }

    private static List<String> run(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Digest.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), () -> command + " failed");
        assertTrue(lines.stream().allMatch(line -> line.matches("\\w+ [0-9a-f]+")), lines::toString);
        return lines;
    }
}
