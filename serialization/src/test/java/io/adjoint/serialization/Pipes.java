package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pipes with names, for tests of what is no regular file. To open one for reading would wait for ever. */
public final class Pipes {
    private static final Path MKFIFO = Path.of("/usr/bin/mkfifo");

    private Pipes() {}

    /** Makes one; ends the test where the system has none. */
    public static Path make(Path pipe) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(MKFIFO), "no mkfifo here");
        assertEquals(0, new ProcessBuilder(MKFIFO.toString(), pipe.toString()).start().waitFor());
        return pipe;
    }
}
