package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.weights.NpyHeader.Layout;
import java.util.Arrays;
import java.util.Optional;

/**
 * Parses {@code {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }}: these three keys in any order, text without
 * escapes, blanks anywhere between. It is Python, but nothing of it is run, and nothing else of Python is understood.
 */
final class NpyDictionary {
    private static final int DIGITS = 18; // so that it fits a long

    private final String text;
    private final Source source;
    private int at;

    NpyDictionary(String text, Source source) {
        this.text = text;
        this.source = source;
    }

    /** @throws ModelFileException if it is anything else, or stands for no tensor */
    NpyHeader parse() {
        Optional<NpyType> type = Optional.empty();
        Optional<Layout> layout = Optional.empty();
        Optional<Shape> shape = Optional.empty();
        expect('{');
        while (!next('}')) {
            String key = string();
            expect(':');
            switch (key) {
                case "descr" -> type = once(key, type, type());
                case "fortran_order" -> layout = once(key, layout, layout());
                case "shape" -> shape = once(key, shape, shape());
                default -> throw source.damaged("its header has a key " + Names.quote(key)
                        + " that the format does not know");
            }
            if (!next(',') && !isAt('}')) {
                throw malformed();
            }
        }
        skipBlanks();
        if (at < text.length()) {
            throw malformed();
        }
        if (type.isEmpty() || layout.isEmpty() || shape.isEmpty()) {
            throw source.damaged("its header lacks one of descr, fortran_order and shape");
        }
        return new NpyHeader(type.get(), layout.get(), shape.get());
    }

    private <T> Optional<T> once(String key, Optional<T> before, T value) {
        if (before.isPresent()) {
            throw source.damaged("its header has " + key + " twice");
        }
        return Optional.of(value);
    }

    private NpyType type() {
        if (isAt('[') || isAt('(')) {
            throw NpyType.records(source);
        }
        return NpyType.parse(string(), source);
    }

    private Layout layout() {
        skipBlanks();
        for (String word : new String[] {"True", "False"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("True") ? Layout.FORTRAN : Layout.C;
            }
        }
        throw malformed();
    }

    /** A tuple: that of one number has a comma behind it. */
    private Shape shape() {
        expect('(');
        long[] extents = new long[NpyHeader.MAX_RANK];
        int rank = 0;
        boolean comma = true;
        while (!next(')')) {
            if (!comma) {
                throw malformed();
            }
            if (rank == NpyHeader.MAX_RANK) {
                throw source.damaged("its rank is more than " + NpyHeader.MAX_RANK);
            }
            extents[rank++] = number();
            comma = next(',');
        }
        if (rank == 1 && !comma) {
            throw malformed();
        }
        try {
            // The same value as an int, or -1, which no shape has.
            return Shape.of(Arrays.stream(extents, 0, rank).mapToInt(n -> n == (int) n ? (int) n : -1).toArray());
        } catch (ShapeException e) {
            throw source.damaged(
                    "there is no tensor with the extents " + Arrays.toString(Arrays.copyOf(extents, rank)));
        }
    }

    private long number() {
        skipBlanks();
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == from || at - from > DIGITS) {
            throw malformed();
        }
        long number = Long.parseLong(text, from, at, 10);
        next('L'); // as Python 2 printed them
        return number;
    }

    private String string() {
        char quote = isAt('"') ? '"' : '\'';
        expect(quote);
        int end = text.indexOf(quote, at);
        String string = end < 0 ? "\\" : text.substring(at, end);
        if (string.indexOf('\\') >= 0) {
            throw malformed();
        }
        at = end + 1;
        return string;
    }

    private void expect(char c) {
        if (!next(c)) {
            throw malformed();
        }
    }

    /** Passes over this character if it comes next. */
    private boolean next(char c) {
        boolean there = isAt(c);
        at += there ? 1 : 0;
        return there;
    }

    private boolean isAt(char c) {
        skipBlanks();
        return at < text.length() && text.charAt(at) == c;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
            at++;
        }
    }

    private ModelFileException malformed() {
        return source.damaged("its header is not understood from character " + at + " on");
    }
}
