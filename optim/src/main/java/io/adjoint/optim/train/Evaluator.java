package io.adjoint.optim.train;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.metric.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/** Judges a model as it is, without leaving a trace in it or in the metrics. */
final class Evaluator {
    private final Function<List<Tensor>, List<Tensor>> predictionAndLoss;
    private final Function<List<Tensor>, List<Tensor>> prediction;

    Evaluator(Task task, Execution execution) {
        predictionAndLoss = of(execution, in -> {
            Tensor predicted = task.forward().apply(in.getFirst());
            return List.of(predicted, task.loss().apply(predicted, in.getLast()));
        });
        prediction = of(execution, in -> List.of(task.forward().apply(in.getFirst())));
    }

    private static Function<List<Tensor>, List<Tensor>> of(Execution execution,
            Function<List<Tensor>, List<Tensor>> function) {
        return switch (execution) {
            case EAGER -> function;
            case COMPILED -> {
                Program program = Program.compileAll(function);
                yield in -> program.applyAll(in.toArray(Tensor[]::new));
            }
        };
    }

    /** Of two metrics of one name the figure of one would be lost. */
    static void requireOwnNames(List<Metric> metrics) {
        List<String> names = metrics.stream().map(Metric::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw ShapeException.of("evaluation", "two metrics have one name").operand("metrics", names)
                    .expected("different metrics");
        }
        if (names.contains(Evaluation.LOSS)) {
            throw ShapeException.of("evaluation", "a metric is named as the loss").operand("metrics", names)
                    .expected("another name");
        }
    }

    /** Closes the batches. */
    Evaluation evaluate(Feed batches, List<Metric> metrics) {
        requireOwnNames(metrics);
        List<Metric> fresh = metrics.stream().map(Metric::fresh).toList();
        try (batches) {
            return Training.suspended(() -> judged(batches, fresh));
        }
    }

    /** With a loss of NaN all figures are: some metrics refuse what made it, and could not say what did. */
    private Evaluation judged(Feed batches, List<Metric> fresh) {
        double lossSum = 0;
        double examples = 0;
        while (batches.hasNext()) {
            Batch batch = batches.next();
            List<Tensor> results = predictionAndLoss.apply(List.of(batch.features(), batch.targets()));
            lossSum += results.getLast().item() * batch.size();
            examples += batch.size();
            if (!Double.isNaN(lossSum)) {
                fresh.forEach(metric -> metric.update(results.getFirst(), batch.targets()));
            }
        }
        boolean isNan = Double.isNaN(lossSum);
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        fresh.forEach(metric -> figures.put(metric.name(), isNan ? Double.NaN : metric.value()));
        return new Evaluation(lossSum / examples, figures);
    }

    /** Closes the batches. */
    Tensor predict(Feed batches) {
        try (batches) {
            return Training.suspended(() -> {
                List<Tensor> parts = new ArrayList<>();
                batches.forEachRemaining(
                        batch -> parts.add(prediction.apply(List.of(batch.features())).getFirst()));
                return Tensor.concat(0, parts.toArray(Tensor[]::new));
            });
        }
    }
}
