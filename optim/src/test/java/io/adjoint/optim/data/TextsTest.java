package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {
    @TempDir
    private Path folder;

    @Property(tries = 200)
    void aTextComesBackFromTheNumbersOfItsCharacters(@ForAll @NotEmpty String text) {
        List<String> tokens = Texts.characters(text);
        Vocabulary vocabulary = Vocabulary.of(tokens);
        Tensor numbers = vocabulary.encode(tokens);
        assertEquals(Shape.of(text.codePointCount(0, text.length())), numbers.shape());
        assertEquals(text, String.join("", vocabulary.decode(numbers)));
        assertEquals(tokens.stream().distinct().count(), vocabulary.size());
    }

    @Test
    void wordsAndPunctuationAreTokens() {
        assertEquals(List.of("It", "is", "a", "truth", ",", "Café", "-", "x_1", "!"),
                Texts.words("It is  a truth,\nCafé-x_1!"));
    }

    @Test
    void rareAndUnknownTokensShareOne() {
        List<String> text = List.of("a", "b", "a", "c", "b", "a");
        Vocabulary vocabulary = Vocabulary.of(text, "<unknown>", 2);
        assertEquals(List.of("<unknown>", "a", "b"), vocabulary.tokens());
        assertArrayEquals(new long[] {1, 2, 0, 0}, vocabulary.encode(List.of("a", "b", "c", "d")).toLongs());
        assertEquals("text, token 1: found \"d\"; expected a token of the vocabulary",
                assertThrows(DataException.class, () -> Vocabulary.of(text).encode(List.of("a", "d"))).getMessage());
        assertThrows(DataException.class, () -> Vocabulary.of(List.of()));
        assertThrows(DataException.class, () -> new Vocabulary(List.of("a", "a"), Optional.empty()));
        assertThrows(DataException.class, () -> new Vocabulary(List.of("a"), Optional.of("b")));
        assertThrows(ShapeException.class, () -> vocabulary.decode(Tensor.of(new long[] {3})));
        assertThrows(ShapeException.class, () -> vocabulary.decode(Tensor.of(new long[] {-1})));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void targetsAreWhatComesNext(@ForAll @IntRange(min = 2, max = 60) int count,
            @ForAll @IntRange(min = 1, max = 20) int length,
            @ForAll @IntRange(min = 1, max = 25) int stride) {
        if (count <= length) {
            assertThrows(DataException.class, () -> Sequences.of(Tensor.range(count), length, stride));
            return;
        }
        Sequences pieces = Sequences.of(Tensor.range(count), length, stride);
        int last = (pieces.size() - 1) * stride;
        assertTrue(last + length < count && last + stride + length >= count, "as many as fit");
        for (int i = 0; i < pieces.size(); i++) {
            Batch batch = pieces.rows(i);
            Tensor expected = Tensor.range(length).add(i * stride).cast(DType.I64).reshape(1, length);
            assertTrue(expected.sameBits(batch.features()));
            assertTrue(expected.add(1).sameBits(batch.targets()));
        }
    }

    @Test
    void piecesAreBatchedAndSplit() {
        Sequences pieces = Sequences.of(Tensor.range(31), 3, 3);
        assertEquals(10, pieces.size());
        Split<Sequences> split = pieces.split(0.3, Rng.seed(1));
        assertEquals(3, split.heldBack().size());
        assertEquals(Shape.of(4, 3), split.training().batches(4, Rng.seed(2)).epoch(0).getFirst().features().shape());
        assertEquals("sequences: row out of range: row 10; expected 0 to 9",
                assertThrows(ShapeException.class, () -> pieces.rows(10)).getMessage());
        assertThrows(ShapeException.class, () -> pieces.subset(-1));
        assertThrows(DataException.class, () -> pieces.subset());
        assertThrows(ShapeException.class, () -> Sequences.of(Tensor.ones(4), 1, 1));
        assertThrows(ShapeException.class, () -> Sequences.of(Tensor.range(4), 0, 1));
    }

    @Test
    void textIsReadStrictly() throws IOException {
        Path file = folder.resolve("x.txt");
        Files.writeString(file, "naïve\n😀");
        assertEquals("naïve\n😀", Texts.read(file));
        Files.write(file, "one\ntwo\nthr\u00e9e".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ", line 3: found bytes that are not UTF-8; expected text in UTF-8",
                assertThrows(DataException.class, () -> Texts.read(file)).getMessage());
        Files.write(file, new byte[] {'a', '\n', (byte) 0xf0, (byte) 0x9f});
        assertEquals(file + ", line 2: found bytes that are not UTF-8; expected text in UTF-8",
                assertThrows(DataException.class, () -> Texts.read(file)).getMessage());
        Path none = folder.resolve("none");
        assertThrows(DataException.class, () -> Texts.read(none));
    }

    private static String refusal(Executable body) {
        return assertThrows(DataException.class, body).getMessage();
    }

    @Test
    void aFileIsNamedByWhatIsRefusedOfIt() throws IOException {
        Path file = Files.writeString(folder.resolve("x.txt"), "one two\n\none,  three\ntwo");
        String expected = "found \"three\"; expected a token of the vocabulary";
        Vocabulary words = Vocabulary.of(List.of("one", "two", ","));
        assertEquals(file + ", line 3: " + expected, refusal(() -> words.encode(file, Texts::words)));
        // a word that goes across lines is not found in one of them
        assertEquals(file + ", token 1: found \"twoone\"; expected a token of the vocabulary",
                refusal(() -> words.encode(file, text -> Texts.words(text.replace("\n", "")))));
        Vocabulary characters = Vocabulary.of(Texts.characters("one tw,\n"));
        assertEquals(file + ", line 3: found \"h\"; expected a token of the vocabulary",
                refusal(() -> characters.encode(file, Texts::characters)));
        Tensor numbers = Vocabulary.of(file, Texts::words).encode(file, Texts::words);
        assertArrayEquals(new long[] {1, 3, 1, 0, 2, 3}, numbers.toLongs());
        assertEquals(file + ": found 6 numbers; expected more than the length, 6",
                refusal(() -> Sequences.of(numbers, 6, 1, file)));
        Sequences part = Sequences.of(numbers, 2, 1, file).subset(2);
        assertEquals(file + ", piece 0, from number 2: found x; expected y", part.at(0).found("x", "y").getMessage());
        assertEquals(file + ": found no rows; expected one row or more", refusal(part::subset));
        Files.writeString(file, " \n");
        assertEquals(file + ": found no tokens; expected one or more",
                refusal(() -> Vocabulary.of(file, Texts::words)));
    }

    /** Such as one of a format with a header, which a single line lacks. */
    @Test
    void aTokenizerThatTakesNoSingleLines() throws IOException {
        Path file = Files.writeString(folder.resolve("x.txt"), "one\ntwo\nthree");
        Vocabulary words = Vocabulary.of(List.of("one", "two"));
        for (RuntimeException refused : List.of(new IllegalArgumentException("no header"),
                DataException.in("text").found("no header", "one"))) {
            assertEquals(file + ", token 2: found \"three\"; expected a token of the vocabulary",
                    refusal(() -> words.encode(file, text -> {
                        if (!text.startsWith("one") || !text.endsWith("three")) {
                            throw refused;
                        }
                        return Texts.words(text);
                    })));
        }
        // nor is a line passed over, whose token another line has
        Files.writeString(file, "three\nthree \n");
        assertEquals(file + ", token 0: found \"three\"; expected a token of the vocabulary",
                refusal(() -> words.encode(file, text -> {
                    if (text.equals("three\n")) {
                        throw new IllegalArgumentException("too short");
                    }
                    return Texts.words(text);
                })));
        assertThrows(UnsupportedOperationException.class, () -> words.encode(file, _ -> {
            throw new UnsupportedOperationException("of the whole text it is its own");
        }));
    }

    @Property(tries = 200)
    void theLineOfAnyCharacter(@ForAll @NotEmpty String text, @ForAll @IntRange(max = 100) int at) {
        List<String> all = Texts.characters(text);
        int piece = at % all.size();
        long feeds = all.subList(0, piece).stream().filter("\n"::equals).count();
        assertEquals("x, line " + (feeds + 1) + ": found a; expected b",
                Texts.at(Path.of("x"), text, Texts::characters, all, piece).found("a", "b").getMessage());
    }
}
