package io.adjoint.optim.data;

import java.util.Objects;

/**
 * Data were refused: a file cannot be read, or something in it, or in the arrays given, cannot be learned from.
 *
 * <p>The message is one sentence: where, what was found, and what was expected there.
 *
 * <pre>{@code flowers.csv, line 7, column petal_width: found "wide"; expected a number}</pre>
 *
 * Text that comes from a file is shown shortened and without control characters.
 */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 40;

    private final String place;

    private DataException(String place, String found, String expected, Throwable cause) {
        super(place + ": found " + found + "; expected " + expected, cause);
        this.place = place;
    }

    /**
     * Begins a refusal; {@link Report#found} makes the exception.
     *
     * @param source the file, or what the data are called
     */
    public static Report in(Object source) {
        return new Report(source.toString());
    }

    /** Where: the file, line and column, as the message begins. */
    public String place() {
        return place;
    }

    /** Text of a file in quotes, as a message may show it. */
    static String quote(String text) {
        String shown = text.codePoints().limit(SHOWN).map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return '"' + shown + (shown.length() < text.length() ? "..." : "") + '"';
    }

    /** A refusal being written: its place, then what is wrong there. */
    public static final class Report {
        private final StringBuilder place;

        private Report(String source) {
            place = new StringBuilder(source);
        }

        /** Narrows the place: {@code at("line", 7)}. */
        public Report at(String what, Object where) {
            place.append(", ").append(what).append(' ').append(where);
            return this;
        }

        /** Completes the report. */
        public DataException found(String found, String expected) {
            return new DataException(place.toString(), found, expected, null);
        }

        /** Completes the report of what another exception told. */
        public DataException found(String found, String expected, Throwable cause) {
            return new DataException(place.toString(), found, expected, Objects.requireNonNull(cause));
        }
    }
}
