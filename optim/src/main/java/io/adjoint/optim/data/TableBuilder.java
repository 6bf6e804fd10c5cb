package io.adjoint.optim.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes the lines of a file one after the other and refuses those that do not fit. */
final class TableBuilder {
    private final String source;
    private final Csv format;
    private final List<String> names = new ArrayList<>();
    /** For each column its words, or null if it is of numbers. */
    private final List<List<String>> words = new ArrayList<>();
    private double[][] numbers = new double[0][];
    private long[] lines = new long[16];
    private int rows;

    TableBuilder(String source, Csv format) {
        this.source = source;
        this.format = format;
        if (!format.columns().isEmpty()) {
            name(format.columns());
        }
    }

    void add(long line, List<String> fields) {
        if (names.isEmpty()) {
            name(header(line, fields));
            return;
        }
        if (fields.size() != names.size()) {
            boolean isShort = fields.size() < names.size();
            throw DataException.in(source).at("line", line)
                    .at("column", isShort ? names.get(fields.size()) : names.size() + 1)
                    .found(fields.size() + " fields", names.size() + " fields");
        }
        makeRoom();
        lines[rows] = line;
        for (int column = 0; column < names.size(); column++) {
            String text = fields.get(column).strip();
            requireCharacters(line, names.get(column), text);
            boolean missing = text.isEmpty() || format.missing().contains(text);
            if (numbers[column] == null) {
                words.get(column).add(missing ? "" : text);
            } else {
                numbers[column][rows] = missing ? Double.NaN : number(line, column, text);
            }
        }
        rows++;
    }

    private List<String> header(long line, List<String> fields) {
        List<String> header = fields.stream().map(String::strip).toList();
        Set<String> before = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            requireCharacters(line, i + 1, header.get(i));
            if (header.get(i).isEmpty() || !before.add(header.get(i))) {
                throw DataException.in(source).at("line", line).at("column", i + 1)
                        .found("the name " + DataException.quote(header.get(i)),
                                "a name for each column, all different");
            }
        }
        return header;
    }

    private void requireCharacters(long line, Object column, String text) {
        if (CsvText.isBad(text)) {
            throw DataException.in(source).at("line", line).at("column", column)
                    .found("bytes that are not UTF-8", "text in UTF-8");
        }
    }

    private void name(List<String> columns) {
        names.addAll(columns);
        HashSet<String> unknown = new HashSet<>(format.categorical());
        columns.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw DataException.in(source).found("no column " + DataException.quote(unknown.iterator().next()),
                    "columns that were named as categorical");
        }
        numbers = new double[columns.size()][];
        for (int column = 0; column < columns.size(); column++) {
            boolean categorical = format.categorical().contains(columns.get(column));
            words.add(categorical ? new ArrayList<>() : List.of());
            numbers[column] = categorical ? null : new double[lines.length];
        }
    }

    private void makeRoom() {
        if (rows < lines.length) {
            return;
        }
        lines = Arrays.copyOf(lines, 2 * rows);
        for (int column = 0; column < numbers.length; column++) {
            numbers[column] = numbers[column] == null ? null : Arrays.copyOf(numbers[column], 2 * rows);
        }
    }

    private double number(long line, int column, String text) {
        DataException.Report place = DataException.in(source).at("line", line).at("column", names.get(column));
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw place.found(DataException.quote(text), "a number", e);
        }
        // Java reads 1d and 0x1p3, which no one means in a table
        if (!Double.isFinite(number) || text.chars().anyMatch(c -> "dDfFxX".indexOf(c) >= 0)) {
            throw place.found(DataException.quote(text), "a finite number");
        }
        return number;
    }

    Table build() {
        if (rows == 0) {
            throw DataException.in(source).found("no rows", "a line for each row"
                    + (format.columns().isEmpty() ? ", after one with the names of the columns" : ""));
        }
        List<Table.Column> columns = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            columns.add(numbers[column] == null ? new Table.Words(names.get(column), words.get(column))
                    : new Table.Numbers(names.get(column), Arrays.copyOf(numbers[column], rows)));
        }
        return new Table(source, columns, Arrays.copyOf(lines, rows));
    }
}
