package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Columns of numbers and words as they were read, some of them missing; each row knows its line in the file. A
 * {@link TableEncoder} makes tensors of it.
 */
public final class Table {
    private final String source;
    private final List<Column> columns;
    private final Map<String, Column> byName;
    private final long[] lines;

    Table(String source, List<Column> columns, long[] lines) {
        this.source = source;
        this.columns = List.copyOf(columns);
        this.byName = columns.stream().collect(Collectors.toUnmodifiableMap(Column::name, column -> column));
        this.lines = lines;
    }

    /** A column; its arrays are not handed out. */
    sealed interface Column {
        String name();

        boolean isMissing(int row);

        Column subset(int[] rows);
    }

    /** Numbers, NaN where one is missing. */
    record Numbers(String name, double[] values) implements Column {
        @Override
        public boolean isMissing(int row) {
            return Double.isNaN(values[row]);
        }

        @Override
        public Column subset(int[] rows) {
            return new Numbers(name, Arrays.stream(rows).mapToDouble(row -> values[row]).toArray());
        }
    }

    /** Words, empty where one is missing. */
    record Words(String name, List<String> values) implements Column {
        @Override
        public boolean isMissing(int row) {
            return values.get(row).isEmpty();
        }

        @Override
        public Column subset(int[] rows) {
            return new Words(name, Arrays.stream(rows).mapToObj(values::get).toList());
        }
    }

    /** Number of rows. */
    public int size() {
        return lines.length;
    }

    /** Names of the columns, in order. */
    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /**
     * A column of numbers, NaN where one is missing.
     *
     * @throws DataException if there is none of this name
     */
    public double[] numbers(String name) {
        return numeric(name).values().clone();
    }

    /**
     * A column of words, empty where one is missing.
     *
     * @throws DataException if there is none of this name
     */
    public List<String> words(String name) {
        return List.copyOf(categorical(name).values());
    }

    /**
     * The line of the file in which a row begins, 1 for the first.
     *
     * @throws io.adjoint.autodiff.ShapeException if there is no such row
     */
    public long line(int row) {
        Rows.require(source, size(), row);
        return lines[row];
    }

    /** The table without these columns. */
    public Table without(String... names) {
        Arrays.stream(names).forEach(this::column);
        List<String> left = List.of(names);
        return new Table(source, columns.stream().filter(column -> !left.contains(column.name())).toList(), lines);
    }

    /** These rows, in this order. */
    public Table subset(int... rows) {
        Rows.requirePart(source, origin().at(), size(), rows);
        return new Table(source, columns.stream().map(column -> column.subset(rows)).toList(),
                Arrays.stream(rows).mapToLong(row -> lines[row]).toArray());
    }

    /**
     * Two parts without a common row, drawn at random.
     *
     * @param share of the rows that is held back, above 0 and below 1; rounded to whole rows
     * @throws DataException if one part would be empty
     */
    public Split<Table> split(double share, Rng rng) {
        return Parts.random(origin().at(), size(), share, rng).of(this::subset);
    }

    /**
     * Two parts without a common row, with each category in both in its proportion, up to one row.
     *
     * @param column of words
     * @param share of the rows that is held back, above 0 and below 1; rounded to whole rows
     * @throws DataException if one part would be empty, or there is no such column
     */
    public Split<Table> stratified(String column, double share, Rng rng) {
        List<String> words = categorical(column).values();
        List<String> sorted = words.stream().distinct().sorted().toList();
        return Parts.stratified(origin().at(), words.stream().mapToLong(sorted::indexOf).toArray(), share, rng)
                .of(this::subset);
    }

    /** A dataset of all rows, which must be complete: {@link TableEncoder#fit} with {@link Missing#REFUSE}, and applied. */
    public Dataset dataset(Target target) {
        return TableEncoder.fit(this, target, Missing.REFUSE).encode(this);
    }

    Column column(String name) {
        Column column = byName.get(name);
        if (column == null) {
            throw DataException.in(source).found("no column " + DataException.quote(name), "one of " + names());
        }
        return column;
    }

    Numbers numeric(String name) {
        if (column(name) instanceof Numbers numbers) {
            return numbers;
        }
        throw DataException.in(source).at("column", name).found("words", "a column of numbers");
    }

    Words categorical(String name) {
        if (column(name) instanceof Words words) {
            return words;
        }
        throw DataException.in(source).at("column", name).found("numbers",
                "a column of words, named by Csv.withCategorical");
    }

    /** Begins a refusal of what stands in a row. */
    DataException.Report at(int row, String column) {
        return DataException.in(source).at("line", lines[row]).at("column", column);
    }

    /** Of the rows of a dataset, with the names of its features and targets. */
    Origin origin(List<String> features, List<String> targets) {
        return Origin.lines(source, lines, features, targets);
    }

    private Origin origin() {
        return origin(List.of(), List.of());
    }

    DataException.Report at() {
        return DataException.in(source);
    }

    /** The rows in which none of these columns is missing. */
    int[] complete(List<String> names) {
        List<Column> asked = names.stream().map(this::column).toList();
        return IntStream.range(0, size()).filter(row -> asked.stream().noneMatch(column -> column.isMissing(row)))
                .toArray();
    }
}
