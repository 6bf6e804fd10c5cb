package io.adjoint.optim.data;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.data.TableEncoder.Categorical;
import io.adjoint.optim.data.TableEncoder.Feature;
import io.adjoint.optim.data.TableEncoder.Numeric;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tensors of one table, every refusal with its line and column. */
record Encoding(TableEncoder encoder, Table table) {
    Tensor features() {
        float[][] rows = new float[table.size()][encoder.width()];
        int place = 0;
        for (Feature feature : encoder.features()) {
            switch (feature) {
                case Numeric numeric -> numbers(rows, place, numeric);
                case Categorical words -> oneHot(rows, place, words);
            }
            place += feature.width();
        }
        return Tensor.rows(rows);
    }

    private void numbers(float[][] rows, int place, Numeric column) {
        Table.Numbers numbers = table.numeric(column.column());
        for (int row = 0; row < rows.length; row++) {
            boolean missing = numbers.isMissing(row);
            if (missing) {
                requireFilled(row, column.column());
            }
            rows[row][place] = single(row, column.column(), missing ? column.fill() : numbers.values()[row]);
        }
    }

    private void oneHot(float[][] rows, int place, Categorical column) {
        Table.Words words = table.categorical(column.column());
        Map<String, Integer> places = places(column.categories());
        for (int row = 0; row < rows.length; row++) {
            if (words.isMissing(row)) {
                requireFilled(row, column.column());
            } else {
                rows[row][place + known(row, words, places)] = 1;
            }
        }
    }

    Tensor targets() {
        encoder.target().columns().forEach(this::requireComplete);
        return switch (encoder.target()) {
            case Target.Category(String column) -> {
                Table.Words words = table.categorical(column);
                Map<String, Integer> places = places(encoder.classes());
                long[] labels = new long[table.size()];
                Arrays.setAll(labels, row -> known(row, words, places));
                yield Tensor.of(labels);
            }
            case Target.Label(String column, int classes) -> {
                double[] values = table.numeric(column).values();
                long[] labels = new long[table.size()];
                Arrays.setAll(labels, row -> label(row, column, classes, values[row]));
                yield Tensor.of(labels);
            }
            case Target.Values(List<String> columns) -> numbers(columns);
            case Target.Probabilities(List<String> columns) -> {
                columns.forEach(this::requireProbabilities);
                yield numbers(columns);
            }
        };
    }

    private Tensor numbers(List<String> columns) {
        float[][] rows = new float[table.size()][columns.size()];
        for (int i = 0; i < columns.size(); i++) {
            numbers(rows, i, new Numeric(columns.get(i), 0));
        }
        return Tensor.rows(rows);
    }

    private void requireProbabilities(String column) {
        double[] values = table.numeric(column).values();
        for (int row = 0; row < values.length; row++) {
            if (!(values[row] >= 0 && values[row] <= 1)) {
                throw table.at(row, column).found(written(values[row]), "a probability from 0 to 1");
            }
        }
    }

    private long label(int row, String column, int classes, double value) {
        if (value != Math.rint(value) || value < 0 || value >= classes) {
            throw table.at(row, column).found("label " + written(value),
                    "a whole number from 0 to " + (classes - 1));
        }
        return (long) value;
    }

    /** As a file has it. */
    private static String written(double value) {
        return Double.toString(value).replaceFirst("\\.0$", "");
    }

    private static Map<String, Integer> places(List<String> words) {
        Map<String, Integer> places = new HashMap<>();
        words.forEach(word -> places.put(word, places.size()));
        return places;
    }

    private int known(int row, Table.Words words, Map<String, Integer> places) {
        String word = words.values().get(row);
        Integer place = places.get(word);
        if (place == null) {
            throw table.at(row, words.name()).found(DataException.quote(word), "a category of the training part");
        }
        return place;
    }

    private float single(int row, String column, double value) {
        float single = (float) value;
        if (Float.isInfinite(single)) {
            throw table.at(row, column).found(Double.toString(value), "a number that F32 holds");
        }
        return single;
    }

    private void requireFilled(int row, String column) {
        if (encoder.missing() instanceof Missing.Refuse) {
            throw missing(row, column);
        }
    }

    private void requireComplete(String name) {
        Table.Column column = table.column(name);
        for (int row = 0; row < table.size(); row++) {
            if (column.isMissing(row)) {
                throw missing(row, name);
            }
        }
    }

    private DataException missing(int row, String column) {
        return table.at(row, column).found("no value", "a value, or another way to treat missing ones");
    }
}
