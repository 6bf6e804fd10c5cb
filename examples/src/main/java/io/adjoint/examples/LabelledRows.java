package io.adjoint.examples;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Labelled data points: row = data point, column = feature.
 *
 * @param features one array of numbers for each data point, all of one length
 * @param labels the class of each data point, from 0
 */
record LabelledRows(float[][] features, int[] labels) {

    /**
     * What a file must look like.
     *
     * @param columns numbers in a line before the label
     * @param classes labels are whole numbers from 0 to this, exclusive
     * @param headerLines lines before the first data point
     */
    record Format(int columns, int classes, int headerLines) {}

    /** Reads a resource that lies beside this class; a name that ends in {@code .gz} is unpacked. */
    static LabelledRows ofResource(String name, Format format) {
        try (InputStream in = LabelledRows.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the examples");
            }
            return read(name, in, format);
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a file; a name that ends in {@code .gz} is unpacked.
     *
     * @throws UserError naming the file, the line and what was expected there
     */
    static LabelledRows ofFile(Path file, Format format) {
        if (!Files.isRegularFile(file)) {
            String found = Files.exists(file) ? "not a file" : "no such file";
            throw new UserError(file + ": " + found + "; give the path of a CSV file with --data");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in, format);
        } catch (IOException | UncheckedIOException | CsvParseException e) {
            throw new UserError(file + ": cannot be read, it may be cut off or not be CSV; expected lines of "
                    + format.columns + " numbers and a label");
        }
    }

    private static LabelledRows read(String name, InputStream in, Format format) throws IOException {
        List<float[]> features = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        InputStream unpacked = name.endsWith(".gz") ? new GZIPInputStream(in) : in;
        try (Reader reader = new InputStreamReader(unpacked, StandardCharsets.UTF_8);
                CsvReader<CsvRecord> csv = CsvReader.builder()
                        .commentStrategy(CommentStrategy.NONE)
                        .allowMissingFields(true) // Line refuses a wrong number of fields, and names the file
                        .allowExtraFields(true)
                        .ofCsvRecord(reader)) {
            for (CsvRecord line : csv) {
                if (line.getStartingLineNumber() > format.headerLines) {
                    Line fields = new Line(name, line);
                    features.add(fields.features(format));
                    labels.add(fields.label(format));
                }
            }
        }
        if (features.isEmpty()) {
            throw new UserError(
                    name + ": no data points; expected lines of " + format.columns + " numbers and a label");
        }
        return new LabelledRows(features.toArray(float[][]::new),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    /** One line of the file, which knows its place for messages. */
    private record Line(String file, CsvRecord fields) {
        float[] features(Format format) {
            if (fields.getFieldCount() != format.columns + 1) {
                throw refuse("", fields.getFieldCount() + " fields",
                        (format.columns + 1) + " fields: " + format.columns + " numbers and a label");
            }
            float[] row = new float[format.columns];
            for (int column = 0; column < row.length; column++) {
                row[column] = (float) number(column);
            }
            return row;
        }

        int label(Format format) {
            double label = number(format.columns);
            if (label != Math.rint(label) || label < 0 || label >= format.classes) {
                throw refuse(column(format.columns), "label " + fields.getField(format.columns),
                        "a whole number from 0 to " + (format.classes - 1));
            }
            return (int) label;
        }

        private double number(int column) {
            String text = fields.getField(column).strip();
            try {
                double number = Double.parseDouble(text);
                if (Double.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw refuse(column(column), "'" + text + "'", "a number");
            }
            throw refuse(column(column), "'" + text + "'", "a finite number");
        }

        private static String column(int column) {
            return ", column " + (column + 1);
        }

        private UserError refuse(String place, String found, String expected) {
            return new UserError(file + ", line " + fields.getStartingLineNumber() + place + ": found " + found
                    + "; expected " + expected);
        }
    }

    /** The labels as I64 tensors hold them. */
    long[] longLabels() {
        return Arrays.stream(labels).asLongStream().toArray();
    }
}
