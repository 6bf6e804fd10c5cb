package io.adjoint.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private static final String PIXELS = IntStream.range(0, 64).mapToObj(i -> "3").collect(Collectors.joining(","));

    @TempDir
    private Path folder;

    @Test
    void listsTheExamplesWithoutAName() {
        Console console = Console.run();
        assertEquals(0, console.status());
        assertTrue(console.out().contains("digits") && console.out().contains("backpropagation"), console.out());
    }

    @Test
    void answersAnUnknownNameWithOneSentence() {
        assertRefused(Console.run("digit"), "Unmatched argument at index 0: 'digit'");
    }

    @Test
    void answersAnUnknownOptionWithOneSentence() {
        assertRefused(Console.run("digits", "--epoch", "3"), "Unknown options: '--epoch', '3'");
        assertRefused(Console.run("digits", "--epochs", "many"), "'many'");
        assertRefused(Console.run("digits", "--epochs", "0"), "expected 1 or more");
    }

    @Test
    void namesFileAndLineOfAShortLine() throws IOException {
        Path file = file(PIXELS + ",1\n1,2,3\n");
        assertRefused(Console.run("digits", "--data", file.toString()),
                file + ", line 2, column 4: found 3 fields; expected 65 fields");
    }

    @Test
    void namesTheColumnThatIsNotANumber() throws IOException {
        Path file = file(PIXELS + ",1\nx" + PIXELS.substring(1) + ",2\n");
        assertRefused(Console.run("digits", "--data", file.toString()),
                file + ", line 2, column 1: found \"x\"; expected a number");
        Path infinite = file("NaN" + PIXELS.substring(1) + ",2\n");
        assertRefused(Console.run("digits", "--data", infinite.toString()), "expected a finite number");
    }

    @Test
    void namesTheLabelThatIsOutOfRange() throws IOException {
        for (String label : new String[] {"10", "-1", "2.5"}) {
            Path file = file(PIXELS + "," + label + "\n");
            assertRefused(Console.run("digits", "--data", file.toString()),
                    file + ", line 1, column 65: found label " + label + "; expected a whole number from 0 to 9");
        }
    }

    @Test
    void refusesFilesThatAreMissingEmptyOrTooSmall() throws IOException {
        assertRefused(Console.run("digits", "--data", folder.resolve("none.csv").toString()), "no such file");
        assertRefused(Console.run("digits", "--data", file("").toString()), "no rows");
        Path small = file(PIXELS + ",1\n");
        assertRefused(Console.run("digits", "--data", small.toString()), small + ", line 1: found an empty part");
    }

    @Test
    void runsOnFewerRowsThanItChecks() throws IOException {
        Path file = file((PIXELS + ",1\n").repeat(10));
        Console console = Console.run("digits", "--data", file.toString(), "--epochs", "1", "--save",
                folder.resolve("few.adjoint").toString());
        assertEquals(0, console.status(), console.err());
    }

    @Test
    void namesAFileThatIsCutOff() throws IOException {
        byte[] whole;
        try (InputStream in = MainTest.class.getResourceAsStream("digits.csv.gz")) {
            whole = in.readAllBytes();
        }
        Path file = Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(whole, 3000));
        assertRefused(Console.run("digits", "--data", file.toString()), file + ": found its end too early");
    }

    @Test
    void refusesAModelFileThatIsNone() throws IOException {
        Path file = file("not a model\n");
        assertRefused(Console.run("digits", "--load", file.toString()), file.toString());
        assertRefused(Console.run("digits", "--load", folder.resolve("none").toString()), "none");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "data", ".csv"), text);
    }

    private static void assertRefused(Console console, String part) {
        assertEquals(1, console.status());
        assertTrue(console.err().contains(part), console.err());
        assertEquals(1, console.err().lines().count(), console.err());
        assertFalse(console.err().contains("Exception") || console.err().contains("\tat "), console.err());
    }
}
