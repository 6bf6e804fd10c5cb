package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern of paths: names joined by dots, where {@code *} stands for any part of a name and {@code **} for any number of
 * names, also none.
 */
final class PathPattern {
    private static final String ANY_NAMES = "**";

    private final String text;
    private final List<String> names;
    private final List<Pattern> patterns;

    private PathPattern(String text) {
        this.text = text;
        this.names = names(text);
        this.patterns = names.stream().map(PathPattern::pattern).toList();
    }

    static List<PathPattern> of(String... texts) {
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

    private static Pattern pattern(String name) {
        StringBuilder regex = new StringBuilder();
        for (String piece : name.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(piece));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Whether this is a pattern of the path. */
    boolean matches(String path) {
        List<String> given = List.of(path.split("\\.", -1));
        return matches(0, given, 0, false);
    }

    /** Whether this is a pattern of the path or of a part above it. */
    boolean covers(String path) {
        return matches(0, List.of(path.split("\\.", -1)), 0, true);
    }

    private boolean matches(int from, List<String> path, int at, boolean above) {
        if (from == names.size()) {
            return at == path.size() || above;
        }
        if (names.get(from).equals(ANY_NAMES)) {
            return matches(from + 1, path, at, above)
                    || at < path.size() && matches(from, path, at + 1, above);
        }
        return at < path.size() && patterns.get(from).matcher(path.get(at)).matches()
                && matches(from + 1, path, at + 1, above);
    }

    @Override
    public String toString() {
        return text;
    }
}
