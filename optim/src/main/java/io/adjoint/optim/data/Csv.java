package io.adjoint.optim.data;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.adjoint.autodiff.ShapeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How a CSV file (RFC 4180, UTF-8, also compressed by gzip) is read into a {@link Table}: every column is of numbers unless it
 * is named as one of categories, so a word among numbers is refused, not guessed about.
 *
 * {@snippet :
 * Table table = Csv.of().withCategorical("species").withMissing("NA").read(Path.of("flowers.csv"));
 * }
 *
 * @param skipped lines before everything else
 * @param columns their names; empty if the first line has them
 * @param separator between fields
 * @param categorical names of columns of words
 * @param missing what stands for a missing value, besides an empty field
 */
public record Csv(int skipped, List<String> columns, char separator, Set<String> categorical, Set<String> missing) {
    /** Tables of genes have tens of thousands. */
    private static final int MOST_FIELDS = 1 << 17;

    /**
     * Any way to read.
     *
     * @throws ShapeException if a number of lines is negative, two columns have one name, or a quote or the end of a line is to
     *     separate fields
     */
    public Csv {
        columns = List.copyOf(columns);
        categorical = Set.copyOf(categorical);
        missing = Set.copyOf(missing);
        if (skipped < 0) {
            throw ShapeException.of("csv", "a negative number").operand("skipped", skipped).expected("0 or more");
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw ShapeException.of("csv", "two columns have one name").operand("columns", columns)
                    .expected("different names");
        }
        if (separator == '"' || separator == '\n' || separator == '\r') {
            throw ShapeException.of("csv", "the separator has another meaning")
                    .operand("separator", String.format("0x%02x", (int) separator))
                    .expected("neither a quote nor the end of a line");
        }
    }

    /** Columns of numbers, between commas; their names are in the first line. */
    public static Csv of() {
        return new Csv(0, List.of(), ',', Set.of(), Set.of());
    }

    /** The same where the file does not name its columns. */
    public Csv withColumns(String... names) {
        return new Csv(skipped, List.of(names), separator, categorical, missing);
    }

    /** The same where the file does not name its columns: they are called {@code 1}, {@code 2}, and so on. */
    public Csv withColumns(int count) {
        return withColumns(IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toArray(String[]::new));
    }

    /** The same where so many lines come before the first that counts. */
    public Csv withSkippedLines(int lines) {
        return new Csv(lines, columns, separator, categorical, missing);
    }

    /** The same with another separator. */
    public Csv withSeparator(char separator) {
        return new Csv(skipped, columns, separator, categorical, missing);
    }

    /** The same with these columns of words. */
    public Csv withCategorical(String... names) {
        return new Csv(skipped, columns, separator, Set.of(names), missing);
    }

    /** The same with these words for a missing value, such as {@code NA}. */
    public Csv withMissing(String... words) {
        return new Csv(skipped, columns, separator, categorical, Set.of(words));
    }

    /**
     * Reads a file.
     *
     * @throws DataException if it is missing, cut off or not CSV, has no rows, lacks a column, or a line has another number of
     *     fields or no number where one belongs
     */
    public Table read(Path file) {
        SourceFile.require(file);
        return SourceFile.read(file, in -> parse(file.toString(), in));
    }

    /**
     * Reads a stream, such as a resource, and closes it.
     *
     * @param name what it is called in refusals
     * @throws DataException as {@link #read(Path)}
     */
    public Table read(String name, InputStream in) {
        try (InputStream unpacked = SourceFile.unpacked(in)) {
            return parse(name, unpacked);
        } catch (IOException e) {
            throw SourceFile.refused(name, e);
        }
    }

    private Table parse(String name, InputStream in) throws IOException {
        TableBuilder table = new TableBuilder(name, this);
        long line = skipped;
        try (CsvText text = CsvText.of(in, skipped); CsvReader<CsvRecord> records = records(text)) {
            for (Iterator<CsvRecord> rest = records.iterator(); rest.hasNext();) {
                CsvRecord record = rest.next();
                line = skipped + record.getStartingLineNumber();
                if (rest.hasNext()) {
                    table.add(line, record.getFields());
                } else if (!record.getFields().equals(List.of(CsvText.END))) {
                    throw DataException.in(name).at("line", line).found("quotes that are not closed",
                            "a quote at the end of the field");
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            throw e.getCause() instanceof IOException io ? SourceFile.refused(name, io)
                    : DataException.in(name).at("after line", line).found("what is not CSV",
                            "fields between '" + separator
                                    + "', at most " + MOST_FIELDS + ", with nothing behind a quote that closes one",
                            e);
        }
        return table.build();
    }

    private CsvReader<CsvRecord> records(Reader text) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .commentStrategy(CommentStrategy.NONE)
                .allowMissingFields(true) // the table refuses a wrong number of fields, and names the line
                .allowExtraFields(true)
                .build(CsvRecordHandler.of(handler -> handler.maxFields(MOST_FIELDS)), text);
    }
}
