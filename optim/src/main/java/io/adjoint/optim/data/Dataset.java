package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Examples in memory: row i of the features belongs to row i of the targets.
 *
 * {@snippet :
 * Split<Dataset> split = Dataset.of(pixels, digits, 10).split(0.2, Rng.seed(1));
 * for (Batch batch : split.training().batches(32, Rng.seed(2)).epoch(0)) { ... }
 * }
 *
 * @param features {@code [n, ...]}
 * @param targets {@code [n, ...]}: numbers, or labels of classes as I64 {@code [n]}
 * @param origin where the rows come from
 */
public record Dataset(Tensor features, Tensor targets, Origin origin) implements Labelled<Dataset> {
    private static final String NAME = "dataset";

    /**
     * A dataset of any tensors.
     *
     * @throws ShapeException if the numbers of rows differ, that of the origin included
     * @throws DataException if there is no row, or a feature or target is NaN or infinite; the message names its row and
     *     column
     */
    public Dataset {
        Objects.requireNonNull(origin, "origin");
        if (features.rank() == 0 || targets.rank() == 0 || features.dim(0) != targets.dim(0)) {
            throw ShapeException.of(NAME, "features and targets differ in their number of rows")
                    .operand("features", features.shape()).operand("targets", targets.shape())
                    .expected("features [n, ...] and targets [n, ...]");
        }
        if (features.dim(0) == 0) {
            throw origin.at().found("no rows", "one row or more");
        }
        if (origin.size().orElse(features.dim(0)) != features.dim(0)) {
            throw ShapeException.of(NAME, "the origin is of another number of rows")
                    .operand("features", features.shape()).operand("rows of the origin", origin.size().getAsInt())
                    .expected("the origin of these rows, or Origin.rows(name)");
        }
        requireFinite(features, origin::feature);
        requireFinite(targets, origin::target);
    }

    /**
     * A dataset of any tensors.
     *
     * @throws ShapeException as the constructor with an origin
     * @throws DataException as the constructor with an origin
     */
    public Dataset(Tensor features, Tensor targets) {
        this(features, targets, Origin.rows(NAME));
    }

    /**
     * A copy of rows of features with a label each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if rows differ in length
     * @throws DataException as the constructor, and if a label is out of range
     */
    public static Dataset of(float[][] features, int[] labels, int classes) {
        return of(Tensor.rows(features), labels, classes);
    }

    /**
     * A copy of rows of features with a label each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if rows differ in length
     * @throws DataException as the constructor, and if a label is out of range
     */
    public static Dataset of(float[][] features, long[] labels, int classes) {
        return of(Tensor.rows(features), labels, classes);
    }

    /**
     * Rows of features, of any shape, with a copy of a label for each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor
     * @throws DataException as the constructor, and if a label is out of range
     */
    public static Dataset of(Tensor features, int[] labels, int classes) {
        return of(features, Arrays.stream(labels).asLongStream().toArray(), classes);
    }

    /**
     * Rows of features, of any shape, with a copy of a label for each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor
     * @throws DataException as the constructor, and if a label is out of range
     */
    public static Dataset of(Tensor features, long[] labels, int classes) {
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw DataException.in(NAME).at("row", row).found("label " + labels[row],
                        "a label from 0 to " + (classes - 1));
            }
        }
        return new Dataset(features, Tensor.of(labels, labels.length));
    }

    /**
     * A dataset of a list of anything; of a stream by its {@code toList()}.
     *
     * @param features of one of them, of one length for all
     * @param label of one of them
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if rows differ in length
     * @throws DataException as the constructor, and if a label is out of range
     */
    public static <T> Dataset of(List<T> items, Function<T, float[]> features, ToLongFunction<T> label, int classes) {
        return of(items.stream().map(features).toArray(float[][]::new), items.stream().mapToLong(label).toArray(),
                classes);
    }

    /**
     * A dataset of a list of examples; of a stream by its {@code toList()}.
     *
     * @throws ShapeException if the shapes of examples differ
     * @throws DataException as the constructor
     */
    public static Dataset of(List<Example> examples) {
        if (examples.isEmpty()) {
            throw DataException.in(NAME).found("no rows", "one row or more");
        }
        return of(Batch.of(examples));
    }

    /**
     * All examples of a batch, or of any data: {@code Dataset.of(images.rows(0, 1, 2))}.
     *
     * @throws ShapeException as the constructor
     * @throws DataException as the constructor
     */
    public static Dataset of(Batch batch) {
        return new Dataset(batch.features(), batch.targets());
    }

    /**
     * All of the data, loaded into memory; what is refused later is known by its place in them.
     *
     * @throws DataException as the constructor, and if an example cannot be read
     */
    public static Dataset of(Examples<?> data) {
        Batch all = data.rows(IntStream.range(0, data.size()).toArray());
        return new Dataset(all.features(), all.targets(), Origin.of(data));
    }

    @Override
    public int size() {
        return features.dim(0);
    }

    @Override
    public Batch rows(int... rows) {
        Tensor index = Tensor.of(Rows.require(NAME, size(), rows), rows.length).cast(DType.I64);
        return new Batch(features.indexSelect(0, index), targets.indexSelect(0, index));
    }

    /**
     * The same rows with other features, such as scaled ones; as many as before keep the names of their columns.
     *
     * @throws ShapeException as the constructor
     * @throws DataException as the constructor
     */
    public Dataset withFeatures(Tensor other) {
        return new Dataset(other, targets, origin);
    }

    @Override
    public DataException.Report at() {
        return origin.at();
    }

    @Override
    public DataException.Report at(int row) {
        return origin.at(row);
    }

    /** Of features and targets. */
    @Override
    public int[] representatives() {
        BitSet rows = new BitSet();
        new Numbers().add(features, rows, 0);
        new Numbers().add(targets, rows, 0);
        return rows.stream().toArray();
    }

    @Override
    public Dataset subset(int... rows) {
        Batch part = rows(Rows.requirePart(NAME, at(), size(), rows));
        return new Dataset(part.features(), part.targets(), origin.subset(rows));
    }

    /**
     * The class of each row.
     *
     * @throws ShapeException if the targets are not labels
     */
    @Override
    public long[] labels() {
        if (targets.dtype() != DType.I64 || targets.rank() != 1) {
            throw ShapeException.of(NAME, "the targets are not labels").operand("targets", targets.spec())
                    .expected("I64[n]");
        }
        return targets.toLongs();
    }

    /** Begins a refusal of a number of a row, one of so many. */
    @FunctionalInterface
    interface Place {
        DataException.Report of(int row, int index, int count);
    }

    static void requireFinite(Tensor values, Place place) {
        if (!values.dtype().isFloat()) {
            return;
        }
        double[] numbers = values.cast(DType.F64).toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                int columns = numbers.length / values.dim(0);
                throw place.of(i / columns, i % columns, columns).found(Double.toString(numbers[i]),
                        "a finite number; fill or drop missing values first");
            }
        }
    }
}
