package io.adjoint.optim.data;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a CSV file from the first line that counts on, and a line of its own behind them, {@link #END}. A field whose
 * quotes are never closed takes that line in, which shows it.
 */
final class CsvText extends FilterReader {
    static final String END = "end";
    /** Stands for bytes that are no character: half a character, which no text in UTF-8 has without its other half. */
    private static final char BAD = '\uDC00';
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final String added = "\n" + END + "\n";
    private int given;

    private CsvText(Reader text) {
        super(text);
    }

    /** @param lines to leave out, whatever they hold */
    static CsvText of(InputStream in, int lines) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE).replaceWith(String.valueOf(BAD));
        BufferedReader text = new BufferedReader(new InputStreamReader(in, decoder));
        skipMark(text);
        for (int i = 0; i < lines && skipLine(text); i++) {
            // a line
        }
        skipMark(text);
        return new CsvText(text);
    }

    /** Whether bytes of a field were no characters. */
    static boolean isBad(String field) {
        int at = field.indexOf(BAD);
        while (at > 0 && Character.isHighSurrogate(field.charAt(at - 1))) {
            at = field.indexOf(BAD, at + 1);
        }
        return at >= 0;
    }

    private static void skipMark(Reader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
    }

    /** Whether there may be another one. */
    private static boolean skipLine(Reader text) throws IOException {
        int c = text.read();
        while (c >= 0 && c != '\n' && c != '\r') {
            c = text.read();
        }
        text.mark(1);
        if (c != '\r' || text.read() != '\n') {
            text.reset();
        }
        return c >= 0;
    }

    @Override
    public int read(char[] chars, int offset, int length) throws IOException {
        int count = super.read(chars, offset, length);
        if (count >= 0) {
            return count;
        }
        int more = Math.min(length, added.length() - given);
        added.getChars(given, given + more, chars, offset);
        given += more;
        return more > 0 ? more : -1;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }
}
