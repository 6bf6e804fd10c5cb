package io.adjoint.autodiff.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} says what the sources say. */
class OperationsPageTest {
    private static final String HOW = "docs/operations.md is out of date; write it anew by\n"
            + "  mvn -pl autodiff test -Dtest=OperationsPageTest -Doperations.page=write\n";

    @Test
    void thePageIsUpToDate() throws IOException {
        String text = OperationsPage.text();
        if (System.getProperty("operations.page", "").equals("write")) {
            Files.writeString(OperationsPage.FILE, text);
        }
        List<String> there = Files.exists(OperationsPage.FILE) ? Files.readAllLines(OperationsPage.FILE) : List.of();
        List<String> wanted = text.lines().toList();
        for (int i = 0; i < Math.min(wanted.size(), there.size()); i++) {
            assertEquals(wanted.get(i), there.get(i), HOW + "line " + (i + 1));
        }
        assertEquals(wanted.size(), there.size(), HOW + "number of lines");
    }
}
