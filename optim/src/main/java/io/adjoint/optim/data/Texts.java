package io.adjoint.optim.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Text, and the pieces that it is learned in. */
public final class Texts {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+|[^\\p{L}\\p{M}\\p{N}_\\s]");

    private Texts() {}

    /**
     * The text in a file in UTF-8, also compressed by gzip.
     *
     * @throws DataException if the file is missing or damaged, or has bytes that are not UTF-8; the message names the line
     */
    public static String read(Path file) {
        return SourceFile.read(file, in -> decode(file, ByteBuffer.wrap(in.readAllBytes())));
    }

    private static String decode(Path file, ByteBuffer bytes) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.remaining()); // no more characters than bytes in UTF-8
        CoderResult result = decoder.decode(bytes, text, true);
        if (result.isError()) {
            long line = 1;
            for (int i = 0; i < bytes.position(); i++) {
                line += bytes.get(i) == '\n' ? 1 : 0;
            }
            throw DataException.in(file).at("line", line).found("bytes that are not UTF-8", "text in UTF-8");
        }
        return text.flip().toString();
    }

    /** The characters (code points) of a text, each as a token. */
    public static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /** The words of a text, and each of its other characters that is not white space, as tokens. */
    public static List<String> words(String text) {
        return WORD.matcher(text).results().map(MatchResult::group).toList();
    }

    /** Begins a refusal of a piece, by its line if that makes the same pieces when it is cut alone. */
    static DataException.Report at(Path file, String text, Function<String, List<String>> pieces, List<String> all,
            int piece) {
        int first = 0;
        long line = 1;
        for (int from = 0; from < text.length(); line++) {
            int feed = text.indexOf('\n', from);
            int end = feed < 0 ? text.length() : feed + 1;
            List<String> some;
            try {
                some = pieces.apply(text.substring(from, end));
            } catch (RuntimeException e) {
                break; // they are not made of lines
            }
            if (first + some.size() > all.size() || !some.equals(all.subList(first, first + some.size()))) {
                break;
            }
            first += some.size();
            if (piece < first) {
                return DataException.in(file).at("line", line);
            }
            from = end;
        }
        return DataException.in(file).at("token", piece);
    }
}
