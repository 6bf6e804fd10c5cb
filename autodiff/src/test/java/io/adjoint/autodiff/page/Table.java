package io.adjoint.autodiff.page;

import java.util.List;
import java.util.stream.Collectors;

/** A table in Markdown, as GitHub shows it. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    Table(String... columns) {
        row(columns);
        row(List.of(columns).stream().map(_ -> "---").toArray(String[]::new));
    }

    /** Adds a row; a bar would end a cell. */
    Table row(String... cells) {
        text.append(List.of(cells).stream().map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n")));
        return this;
    }

    /** As code, if there is any. */
    static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
