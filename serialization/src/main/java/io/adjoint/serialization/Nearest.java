package io.adjoint.serialization;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The nearest of some names by edit distance (Levenshtein 1966), where two neighbours in the wrong order
 * are one edit, and so is a prefix of whole names. A third of a
 * name may differ. The names are a file's, so the work is bounded: later names get no answer when it is used up.
 */
final class Nearest {
    private static final long WORK = 20_000_000;
    private static final int LONGEST = 256;
    private static final int TOLERANCE = 3;

    private final List<String> candidates;
    private long left = WORK;

    Nearest(List<String> candidates) {
        this.candidates = candidates;
    }

    Optional<String> to(String name) {
        Optional<String> nearest = Optional.empty();
        int most = name.length() / TOLERANCE;
        for (String candidate : candidates) {
            if (left-- < 0) {
                break;
            }
            int distance = distance(name, candidate, most);
            if (distance <= most) {
                most = distance - 1;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /** A number above {@code most} if the distance is above it. */
    private int distance(String a, String b, int most) {
        if (a.endsWith("." + b) || b.endsWith("." + a)) {
            return 1;
        }
        if (Math.abs(a.length() - b.length()) > most || a.length() > LONGEST || b.length() > LONGEST) {
            return most + 1;
        }
        left -= (long) a.length() * b.length();
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] next = before;
            before = above;
            above = row;
            row = next;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean isSame = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(above[j - 1] + (isSame ? 0 : 1), 1 + Math.min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
