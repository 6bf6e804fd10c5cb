package io.adjoint.optim.train;

import io.adjoint.autodiff.ShapeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * How good a model is on some data.
 *
 * @param loss the mean over all examples
 * @param metrics figures by the names of the metrics, in their order; all are NaN where the loss of evaluated data is
 */
public record Evaluation(double loss, SequencedMap<String, Double> metrics) {
    static final String LOSS = "loss";

    /** Copies the figures. */
    public Evaluation {
        metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    }

    /**
     * A figure by its name, {@code loss} or that of a metric.
     *
     * @throws ShapeException if there is none of this name
     */
    public double figure(String name) {
        if (name.equals(LOSS)) {
            return loss;
        }
        Double figure = metrics.get(name);
        if (figure == null) {
            throw ShapeException.of("evaluation", "no such figure").operand("name", name)
                    .operand("figures", LOSS + " and " + metrics.keySet()).expected("the name of one of them");
        }
        return figure;
    }
}
