package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Small real data sets, which lie beside the reference values. */
class RealDataTest {
    private static Path file(String name) {
        Path file = Path.of(System.getProperty("reference.dir", "../../shared/reference")).resolveSibling("data")
                .resolve(name);
        assumeTrue(Files.exists(file), "skipped: no data " + file + "; set -Dreference.dir to the folder beside them");
        return file;
    }

    private static long[] sizes(Labelled<?> data, int classes) {
        return LongStream.range(0, classes)
                .map(label -> Arrays.stream(data.labels()).filter(x -> x == label).count()).toArray();
    }

    @Test
    void wineAndFlowers() {
        Dataset wine =
                Csv.of().withSkippedLines(1).withColumns(14).read(file("wine.csv")).dataset(Target.label("14", 3));
        assertEquals(Shape.of(178, 13), wine.features().shape());
        assertArrayEquals(new long[] {59, 71, 48}, sizes(wine, 3));
        Split<Dataset> split = wine.stratified(0.25, Rng.seed(1));
        assertArrayEquals(new long[] {15, 18, 12}, sizes(split.heldBack(), 3), "44.5 rows, rounded up");
        Dataset flowers =
                Csv.of().withSkippedLines(1).withColumns(5).read(file("iris.csv")).dataset(Target.label("5", 3));
        assertArrayEquals(new long[] {50, 50, 50}, sizes(flowers, 3));
        assertArrayEquals(new float[] {5.1f, 3.5f, 1.4f, 0.2f}, flowers.rows(0).features().toFloats());
    }

    @Test
    void digits() {
        Dataset digits = Csv.of().withColumns(65).read(file("digits.csv.gz")).dataset(Target.label("65", 10));
        assertEquals(Shape.of(1797, 64), digits.features().shape());
        assertEquals(16, digits.features().max().item());
        assertEquals(1797, Arrays.stream(sizes(digits, 10)).sum());
        for (Split<Dataset> fold : digits.stratifiedFolds(5, Rng.seed(2))) {
            long[] sizes = sizes(fold.heldBack(), 10);
            assertTrue(Arrays.stream(sizes).allMatch(size -> size >= 34 && size <= 37), Arrays.toString(sizes));
        }
    }

    @Test
    void aNovel() {
        String text = Texts.read(file("pride-and-prejudice.txt.gz"));
        List<String> characters = Texts.characters(text);
        Vocabulary vocabulary = Vocabulary.of(characters);
        Sequences pieces = Sequences.of(vocabulary.encode(characters), 64, 64);
        assertEquals((characters.size() - 1) / 64, pieces.size());
        assertEquals(text.substring(640, 704), String.join("", vocabulary.decode(pieces.rows(10).features())));
        assertEquals(text.substring(641, 705), String.join("", vocabulary.decode(pieces.rows(10).targets())));
    }
}
