package io.adjoint.optim.data;

import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Makes tensors of a table by what was fitted on its training part: the numbers that stand in for missing ones, the
 * categories and the classes. Being data, it can be kept and applied to new tables.
 *
 * <p>The features are F32 {@code [n, width]}, column by column in the order of the table: a number each, or for words a 1
 * in the place of the category and zeros in those of the others.
 *
 * @param features the columns to learn from
 * @param target what is to be learned
 * @param missing what becomes of missing values
 * @param classes the classes of a {@link Target.Category} in order, empty for other targets
 */
public record TableEncoder(List<Feature> features, Target target, Missing missing, List<String> classes) {
    /** Any encoder. */
    public TableEncoder {
        features = List.copyOf(features);
        classes = List.copyOf(classes);
    }

    /** A column to learn from. */
    public sealed interface Feature {
        /** The column's name. */
        String column();

        /** How many numbers one row makes. */
        int width();
    }

    /**
     * A column of numbers.
     *
     * @param column its name
     * @param fill stands in for a missing number
     */
    public record Numeric(String column, double fill) implements Feature {
        @Override
        public int width() {
            return 1;
        }
    }

    /**
     * A column of words.
     *
     * @param column its name
     * @param categories in order
     */
    public record Categorical(String column, List<String> categories) implements Feature {
        /** Copies the list. */
        public Categorical {
            categories = List.copyOf(categories);
        }

        @Override
        public int width() {
            return categories.size();
        }
    }

    /**
     * Fits an encoder. All columns but the target's are features.
     *
     * @param training rows to learn from, none of those held back
     * @throws DataException if a column is missing or of another type, or all numbers of one are missing and their mean is
     *     asked for
     */
    public static TableEncoder fit(Table training, Target target, Missing missing) {
        target.columns().forEach(training::column);
        List<Feature> features = new ArrayList<>();
        for (String name : training.names()) {
            if (!target.columns().contains(name)) {
                features.add(switch (training.column(name)) {
                    case Table.Numbers numbers -> new Numeric(name, fill(training, numbers, missing));
                    case Table.Words words -> new Categorical(name, categories(words));
                });
            }
        }
        if (features.isEmpty()) {
            throw training.at().found("no column but the target's", "columns to learn from");
        }
        List<String> classes = target instanceof Target.Category category
                ? categories(training.categorical(category.column()))
                : List.of();
        return new TableEncoder(features, target, missing, classes);
    }

    private static double fill(Table table, Table.Numbers column, Missing missing) {
        return switch (missing) {
            case Missing.Refuse _, Missing.Drop _ -> 0;
            case Missing.Constant constant -> constant.value();
            case Missing.Mean _ -> DoubleStream.of(column.values()).filter(value -> !Double.isNaN(value)).average()
                    .orElseThrow(() -> table.at().at("column", column.name()).found("no number",
                            "one or more, to take their mean"));
        };
    }

    private static List<String> categories(Table.Words words) {
        return words.values().stream().filter(word -> !word.isEmpty()).distinct().sorted().toList();
    }

    /** Numbers that one row makes. */
    public int width() {
        return features.stream().mapToInt(Feature::width).sum();
    }

    /** Names of the features, {@link #width} of them: {@code age}, {@code colour=red}, {@code colour=blue}. */
    public List<String> names() {
        return features.stream().flatMap(feature -> switch (feature) {
            case Numeric numeric -> List.of(numeric.column()).stream();
            case Categorical words -> words.categories().stream().map(category -> words.column() + "=" + category);
        }).toList();
    }

    /**
     * Features and targets of a table.
     *
     * @throws DataException if a column is missing or of another type, a value is missing and may not be, a category or class
     *     is unknown, a label or a probability out of range, or F32 does not hold a number; the message names line and
     *     column
     */
    public Dataset encode(Table table) {
        List<String> used = new ArrayList<>(features.stream().map(Feature::column).toList());
        used.addAll(target.columns());
        Encoding kept = new Encoding(this, kept(table, used));
        return new Dataset(kept.features(), kept.targets(), kept.table().origin(names(), target.columns()));
    }

    /**
     * Features of a table, which needs no target.
     *
     * @throws DataException as {@link #encode}
     */
    public Tensor encodeFeatures(Table table) {
        return new Encoding(this, kept(table, features.stream().map(Feature::column).toList())).features();
    }

    private Table kept(Table table, List<String> used) {
        if (!(missing instanceof Missing.Drop)) {
            return table;
        }
        int[] rows = table.complete(used);
        if (rows.length == 0) {
            throw table.at().found("a missing value in every row", "a complete row or more");
        }
        return table.subset(rows);
    }
}
