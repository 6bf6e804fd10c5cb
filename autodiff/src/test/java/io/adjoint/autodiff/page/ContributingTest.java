package io.adjoint.autodiff.page;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code CONTRIBUTING.md} shows is what there is. */
class ContributingTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleStandsInTheSource() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/adjoint/autodiff/op/Unary.java"));
        String text = Files.readString(Path.of("../CONTRIBUTING.md"));
        List<String> snippets = SNIPPET.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
        assertFalse(snippets.isEmpty(), "no example");
        for (String snippet : snippets) {
            assertTrue(source.contains(snippet.indent(4)), "Unary.java reads otherwise:\n" + snippet);
        }
    }

    @Test
    void itFitsOnAPage() throws IOException {
        assertTrue(Files.readAllLines(Path.of("../CONTRIBUTING.md")).size() <= 70, "one page is enough");
    }
}
