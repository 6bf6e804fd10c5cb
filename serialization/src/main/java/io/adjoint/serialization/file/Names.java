package io.adjoint.serialization.file;

import java.nio.charset.StandardCharsets;

/** Names of tensors and metadata, as they may be shown and stored. */
public final class Names {
    private static final int SHOWN = 100;

    private Names() {}

    /** In quotes, safe for a terminal: a file decides what its names are, so they are shortened and their controls replaced. */
    public static String quote(String name) {
        StringBuilder text = new StringBuilder("\"");
        name.codePoints().limit(SHOWN).forEach(c -> text.appendCodePoint(isShowable(c) ? c : '\uFFFD'));
        return text.append(name.codePointCount(0, name.length()) > SHOWN ? "..." : "").append('"').toString();
    }

    /** As {@link #quote}, without the quotes. */
    public static String shown(String name) {
        String quoted = quote(name);
        return quoted.substring(1, quoted.length() - 1);
    }

    private static boolean isShowable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED, Character.PRIVATE_USE ->
                false;
            default -> true;
        };
    }

    /** Whether UTF-8 can hold this text: a lone surrogate would come back as a question mark. */
    public static boolean isStorable(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
