package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern of paths: names joined by dots, where {@code *} stands for any part of a name and {@code **} for any number of
 * names, also none. Immutable.
 */
public final class PathPattern {
    private static final String ANY_NAMES = "**";

    private final String text;
    private final List<String> names;

    private PathPattern(String text) {
        this.text = text;
        this.names = names(text);
    }

    /**
     * The patterns that texts such as {@code encoder.*.weight} describe.
     *
     * @throws ShapeException if a name is empty
     */
    public static List<PathPattern> of(String... texts) {
        return Arrays.stream(texts).map(PathPattern::new).toList();
    }

    private static List<String> names(String path) {
        List<String> names = List.of(path.split("\\.", -1));
        if (names.contains("")) {
            throw ShapeException.of("pattern", "an empty name").operand("pattern", '"' + path + '"')
                    .expected("names joined by dots, such as encoder.*.weight");
        }
        return names;
    }

    /** Whether this is a pattern of the path. */
    public boolean matches(String path) {
        return walk(path, false);
    }

    /** Whether this is a pattern of the path or of a part above it. */
    public boolean covers(String path) {
        return walk(path, true);
    }

    /** Goes through the path once with all places of the pattern that it may be at: a path from a file may be as long as it likes. */
    private boolean walk(String path, boolean above) {
        boolean[] places = new boolean[names.size() + 1];
        places[0] = true;
        leaveOut(places);
        for (String name : path.split("\\.", -1)) {
            if (above && places[names.size()]) {
                return true;
            }
            boolean[] next = new boolean[places.length];
            for (int i = 0; i < names.size(); i++) {
                boolean isAny = names.get(i).equals(ANY_NAMES);
                next[i] |= places[i] && isAny;
                next[i + 1] |= places[i] && !isAny && matchesName(names.get(i), name);
            }
            leaveOut(next);
            places = next;
        }
        return places[names.size()];
    }

    /** Any number of names is also none. */
    private void leaveOut(boolean[] places) {
        for (int i = 0; i < names.size(); i++) {
            places[i + 1] |= places[i] && names.get(i).equals(ANY_NAMES);
        }
    }

    /** The pieces between the stars stand one after the other in the name; taking each as early as possible finds a way if there is one. */
    private static boolean matchesName(String pattern, String name) {
        String[] pieces = pattern.split("\\*", -1);
        String first = pieces[0];
        String last = pieces[pieces.length - 1];
        if (pieces.length == 1) {
            return name.equals(first);
        }
        int at = first.length();
        int end = name.length() - last.length();
        if (at > end || !name.startsWith(first) || !name.endsWith(last)) {
            return false;
        }
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = name.indexOf(pieces[i], at);
            if (found < 0 || found + pieces[i].length() > end) {
                return false;
            }
            at = found + pieces[i].length();
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text that describes it. */
    @Override
    public String toString() {
        return text;
    }
}
