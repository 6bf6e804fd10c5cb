package io.adjoint.optim.data;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * The characters of a CSV file from the first line that counts on, and a line of its own behind them, {@link #END}. A field whose
 * quotes are never closed takes that line in, which shows it.
 */
final class CsvText extends FilterReader {
    static final String END = "end";
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final String added = "\n" + END + "\n";
    private int given;

    private CsvText(Reader text) {
        super(text);
    }

    /** @param lines to leave out, whatever they hold */
    static CsvText of(BufferedReader text, int lines) throws IOException {
        skipMark(text);
        for (int i = 0; i < lines && skipLine(text); i++) {
            // a line
        }
        skipMark(text);
        return new CsvText(text);
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
