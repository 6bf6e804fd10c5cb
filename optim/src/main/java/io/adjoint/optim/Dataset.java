package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Examples in memory: row i of the features belongs to row i of the targets.
 *
 * {@snippet :
 * Split split = Dataset.of(pixels, digits, 10).split(0.2, Rng.seed(1));
 * for (Batch batch : split.training().batches(32, Rng.seed(2)).epoch(0)) { ... }
 * }
 *
 * @param features {@code [n, ...]}
 * @param targets {@code [n, ...]}: numbers, or labels of classes as I64 {@code [n]}
 */
public record Dataset(Tensor features, Tensor targets) {
    /**
     * A dataset of any tensors.
     *
     * @throws ShapeException if there is no row, the numbers of rows differ, or a feature or target is NaN or infinite;
     *     the message names its row and column
     */
    public Dataset {
        if (features.rank() == 0 || targets.rank() == 0 || features.dim(0) != targets.dim(0)) {
            throw ShapeException.of("dataset", "features and targets differ in their number of rows")
                    .operand("features", features.shape()).operand("targets", targets.shape())
                    .expected("features [n, ...] and targets [n, ...]");
        }
        if (features.dim(0) == 0) {
            throw ShapeException.of("dataset", "no rows").operand("features", features.shape())
                    .expected("one row or more");
        }
        requireFinite("feature", features);
        requireFinite("target", targets);
    }

    /**
     * A copy of rows of features with a label each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if rows differ in length or a label is out of range
     */
    public static Dataset of(float[][] features, int[] labels, int classes) {
        return of(Tensor.rows(features), labels, classes);
    }

    /**
     * A copy of rows of features with a label each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if rows differ in length or a label is out of range
     */
    public static Dataset of(float[][] features, long[] labels, int classes) {
        return of(Tensor.rows(features), labels, classes);
    }

    /**
     * Rows of features, of any shape, with a copy of a label for each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if a label is out of range
     */
    public static Dataset of(Tensor features, int[] labels, int classes) {
        return of(features, Arrays.stream(labels).asLongStream().toArray(), classes);
    }

    /**
     * Rows of features, of any shape, with a copy of a label for each.
     *
     * @param classes number of classes: labels go from 0 to one less
     * @throws ShapeException as the constructor, and if a label is out of range
     */
    public static Dataset of(Tensor features, long[] labels, int classes) {
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw ShapeException.of("dataset", "label out of range").operand("row", row)
                        .operand("label", labels[row]).expected("0 to " + (classes - 1));
            }
        }
        return new Dataset(features, Tensor.of(labels, labels.length));
    }

    /** Number of rows. */
    public int size() {
        return features.dim(0);
    }

    /** The rows at these places, in this order. */
    public Batch rows(int... rows) {
        Tensor index = Tensor.of(rows, rows.length).cast(DType.I64);
        return new Batch(features.indexSelect(0, index), targets.indexSelect(0, index));
    }

    /**
     * Two parts without a common row, drawn at random.
     *
     * @param share of the rows that is held back, above 0 and below 1; rounded to whole rows
     * @throws ShapeException if one part would be empty
     */
    public Split split(double share, Rng rng) {
        long heldBack = Math.round(size() * share);
        if (!(heldBack > 0 && heldBack < size())) {
            throw ShapeException.of("split", "one part is empty").operand("rows", size()).operand("share", share)
                    .expected("a share that leaves a row or more for each part");
        }
        int[] order = rng.permutation(size());
        int[] held = Arrays.copyOf(order, (int) heldBack);
        int[] kept = Arrays.copyOfRange(order, (int) heldBack, order.length);
        Arrays.sort(held);
        Arrays.sort(kept);
        return new Split(part(kept), part(held));
    }

    private Dataset part(int[] rows) {
        Batch part = rows(rows);
        return new Dataset(part.features(), part.targets());
    }

    /**
     * Batches in a new random order each epoch.
     *
     * @param size rows of a batch; the last one may have fewer
     */
    public Batches batches(int size, Rng rng) {
        return new Batches(this, size, Optional.of(rng));
    }

    /**
     * Batches in the order of the rows, as for an evaluation.
     *
     * @param size rows of a batch; the last one may have fewer
     */
    public Batches batches(int size) {
        return new Batches(this, size, Optional.empty());
    }

    private static void requireFinite(String what, Tensor values) {
        if (!values.dtype().isFloat()) {
            return;
        }
        double[] numbers = values.cast(DType.F64).toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                int columns = numbers.length / values.dim(0);
                throw ShapeException.of("dataset", "a " + what + " is not a finite number")
                        .operand("row", i / columns).operand("column", i % columns).operand("value", numbers[i])
                        .expected("a number; fill or drop missing values first");
            }
        }
    }
}
