package io.adjoint.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of a {@link Summary} as text. */
final class SummaryTable {
    private static final List<String> HEAD =
            List.of("path", "type", "output", "parameters", "multiply-adds", "memory");

    /** Columns before this one are texts, the others numbers. */
    private static final int NUMBERS = 3;

    private SummaryTable() {}

    static String of(List<Summary.Row> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        rows.forEach(row -> lines.add(cells(row)));
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0)).toArray();
        return lines.stream().map(line -> line(line, widths)).collect(Collectors.joining("\n"));
    }

    private static List<String> cells(Summary.Row row) {
        String output = row.outputs().isEmpty() ? "-"
                : row.outputs().stream().map(Object::toString).collect(Collectors.joining(", "));
        return List.of(row.path(), row.type(), output, number(row.parameters()), number(row.multiplyAdds()),
                bytes(row.memory()));
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(
                        i -> String.format(Locale.ROOT, "%" + (i < NUMBERS ? "-" : "") + widths[i] + "s", cells.get(i)))
                .collect(Collectors.joining("  "));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String bytes(long bytes) {
        double size = bytes;
        for (String unit : List.of("B", "KiB", "MiB")) {
            if (size < 1024) {
                return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", size, unit);
            }
            size /= 1024;
        }
        return String.format(Locale.ROOT, "%.1f GiB", size);
    }
}
