package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tokens and their numbers: token i has number i. Take it from the training text and keep it with the model.
 *
 * {@snippet :
 * Path novel = Path.of("novel.txt");
 * Vocabulary characters = Vocabulary.of(novel, Texts::characters);
 * Sequences data = Sequences.of(characters.encode(novel, Texts::characters), 64, 64, novel);
 * }
 *
 * @param tokens in order, all different
 * @param unknown the token that stands for all others, if there is one
 */
public record Vocabulary(List<String> tokens, Optional<String> unknown) {
    /**
     * Any vocabulary.
     *
     * @throws DataException if there is no token, one comes twice, or the one for others is missing
     */
    public Vocabulary {
        tokens = List.copyOf(tokens);
        Objects.requireNonNull(unknown, "unknown");
        if (tokens.isEmpty()) {
            throw DataException.in("vocabulary").found("no tokens", "one or more");
        }
        if (numbers(tokens).size() < tokens.size()) {
            throw DataException.in("vocabulary").found("a token twice", "different ones");
        }
        if (unknown.isPresent() && !tokens.contains(unknown.get())) {
            throw DataException.in("vocabulary").found("no token " + DataException.quote(unknown.get()),
                    "the one that stands for others");
        }
    }

    /**
     * The different tokens of a text, sorted; every other is refused.
     *
     * @throws DataException if there is none
     */
    public static Vocabulary of(List<String> text) {
        return new Vocabulary(text.stream().distinct().sorted().toList(), Optional.empty());
    }

    /**
     * The different tokens of the text in a file, sorted; every other is refused.
     *
     * @param pieces makes tokens of a text, such as {@link Texts#words}
     * @throws DataException as {@link Texts#read}, and if there is none; the message names the file
     */
    public static Vocabulary of(Path file, Function<String, List<String>> pieces) {
        List<String> text = pieces.apply(Texts.read(file));
        if (text.isEmpty()) {
            throw DataException.in(file).found("no tokens", "one or more");
        }
        return of(text);
    }

    /**
     * The tokens that a text has so many times or more, sorted, after one that stands for all others.
     *
     * @param unknown such as {@code <unknown>}
     * @param times 1 or more
     */
    public static Vocabulary of(List<String> text, String unknown, int times) {
        Map<String, Integer> counts = new TreeMap<>();
        text.forEach(token -> counts.merge(token, 1, Integer::sum));
        counts.remove(unknown);
        counts.values().removeIf(count -> count < times);
        return new Vocabulary(Stream.concat(Stream.of(unknown), counts.keySet().stream()).toList(),
                Optional.of(unknown));
    }

    /** Number of tokens. */
    public int size() {
        return tokens.size();
    }

    /**
     * The numbers of tokens, I64 {@code [n]}.
     *
     * @throws DataException if one is not known, and none stands for others
     */
    public Tensor encode(List<String> text) {
        return encode(text, at -> DataException.in("text").at("token", at));
    }

    /**
     * The numbers of the tokens of the text in a file, I64 {@code [n]}.
     *
     * @param pieces makes tokens of a text, such as {@link Texts#words}
     * @throws DataException as {@link Texts#read}, and if a token is not known, and none stands for others; the message names file
     *     and line, or the number of the token where tokens go across lines
     */
    public Tensor encode(Path file, Function<String, List<String>> pieces) {
        String text = Texts.read(file);
        List<String> found = pieces.apply(text);
        return encode(found, at -> Texts.at(file, text, pieces, found, at));
    }

    private Tensor encode(List<String> text, IntFunction<DataException.Report> place) {
        Map<String, Integer> numbers = numbers(tokens);
        long[] encoded = new long[text.size()];
        int at = 0;
        for (String token : text) {
            Integer number = numbers.get(token);
            if (number == null) {
                number = numbers.get(unknown.orElseThrow(unknownToken(token, place, at)));
            }
            encoded[at++] = number;
        }
        return Tensor.of(encoded);
    }

    private static Supplier<DataException> unknownToken(String token, IntFunction<DataException.Report> place, int at) {
        return () -> place.apply(at).found(DataException.quote(token), "a token of the vocabulary");
    }

    /**
     * The tokens with these numbers.
     *
     * @param numbers I64 of any shape, read in row-major order
     * @throws ShapeException if a number is not below {@link #size}
     */
    public List<String> decode(Tensor numbers) {
        return Arrays.stream(numbers.toLongs()).mapToObj(number -> {
            if (number < 0 || number >= tokens.size()) {
                throw ShapeException.of("decode", "no such token").operand("number", number)
                        .expected("0 to " + (tokens.size() - 1));
            }
            return tokens.get((int) number);
        }).toList();
    }

    private static Map<String, Integer> numbers(List<String> tokens) {
        Map<String, Integer> numbers = HashMap.newHashMap(tokens.size());
        tokens.forEach(token -> numbers.putIfAbsent(token, numbers.size()));
        return numbers;
    }
}
