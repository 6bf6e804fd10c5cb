package io.adjoint.optim.train;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Order;
import io.adjoint.optim.data.Remainder;
import io.adjoint.optim.metric.Metric;
import java.util.List;
import java.util.Optional;

/**
 * Looks for what would end a training after hours, before its first step: a batch is tried, and then every label and token that the
 * data have, in rows that between them have them all.
 */
record DataCheck(Evaluator trial, Batches batches, List<Metric> metrics) {
    DataCheck(Task task, Batches batches, List<Metric> metrics) {
        this(new Evaluator(task, Execution.EAGER), batches, metrics);
    }

    /** The figures of the first batch. */
    Evaluation require(Batch first) {
        Optional<ShapeException> misfit = refusal(List.of(first));
        int[] rows = batches.data().representatives();
        if (rows.length > 0) {
            Batches some = new Batches(batches.data().subset(rows), batches.size(), Order.sequential(), Rng.seed(0),
                    Remainder.KEEP, batches.augmentation());
            requireAll(rows, some);
        }
        if (misfit.isPresent()) {
            throw misfit.get();
        }
        return evaluate(List.of(first));
    }

    private void requireAll(int[] rows, Batches some) {
        List<Batch> epoch = some.epoch(0);
        for (int i = 0; i < epoch.size(); i++) {
            Optional<ShapeException> misfit = refusal(List.of(epoch.get(i)));
            if (misfit.isPresent()) {
                findRow(rows, some, i * some.size(), misfit.get());
            }
        }
    }

    /** Refuses the first row whose numbers are to blame; if zeros would not do either, it is about shapes, and no row is. */
    private void findRow(int[] rows, Batches some, int from, ShapeException misfit) {
        List<Batch> single = new Batches(some.data(), 1, some.order(), some.key(), some.remainder(),
                some.augmentation()).epoch(0);
        int bad = from;
        while (bad < rows.length && refusal(List.of(single.get(bad))).isEmpty()) {
            bad++;
        }
        if (bad == rows.length || refusal(List.of(withZeros(single.get(bad)))).isPresent()) {
            throw misfit;
        }
        ShapeException reason = refusal(List.of(single.get(bad))).orElse(misfit);
        Batch batch = single.get(bad);
        boolean isLabel = batch.targets().size() == 1 && !batch.targets().dtype().isFloat();
        throw batches.data().at(rows[bad]).found(
                isLabel ? "label " + (long) batch.targets().item() : "numbers that the model does not take",
                "what the model takes: " + reason.getMessage(), reason);
    }

    private static Batch withZeros(Batch batch) {
        return new Batch(withZeros(batch.features()), withZeros(batch.targets()));
    }

    private static Tensor withZeros(Tensor numbers) {
        return numbers.dtype().isFloat() ? numbers : Tensor.zeros(numbers.shape(), numbers.dtype());
    }

    private Optional<ShapeException> refusal(List<Batch> batch) {
        try {
            evaluate(batch);
            return Optional.empty();
        } catch (ShapeException e) {
            return Optional.of(e);
        }
    }

    private Evaluation evaluate(List<Batch> batch) {
        return trial.evaluate(new Feed(batch, Loading.ON_DEMAND), metrics);
    }
}
