package io.adjoint.serialization.onnx.source;

import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Text that a file chose, as it may stand in source: as text, whatever is in it. */
final class Escapes {
    private static final String PLAIN = " .,:;!?()[]-_+=/'";
    private static final int LAST_OCTAL = 0xFF;

    private Escapes() {}

    /** A string as a literal. */
    static String literal(String text) {
        return '"' + escaped(text, Escapes::inLiteral) + '"';
    }

    /** Text in a comment for Javadoc. No asterisk is left, so the comment does not end. */
    static String comment(String text) {
        return escaped(text, Escapes::inComment);
    }

    private static String escaped(String text, IntFunction<String> escape) {
        return text.codePoints()
                .mapToObj(character -> Character.isLetterOrDigit(character) || PLAIN.indexOf(character) >= 0
                        ? Character.toString(character) : escape.apply(character))
                .collect(Collectors.joining());
    }

    /** The compiler reads a unicode escape before it looks for the literal's end: one of a newline would end it. */
    private static String inLiteral(int character) {
        if (character == '"' || character == '\\') {
            return "\\" + Character.toString(character);
        }
        if (character > ' ' && character < '\u007f') {
            return Character.toString(character);
        }
        return character <= LAST_OCTAL ? "\\%03o".formatted(character)
                : Character.toString(character).chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }

    private static String inComment(int character) {
        return switch (character) {
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '&' -> "&amp;";
            default -> "&#" + character + ";";
        };
    }
}
