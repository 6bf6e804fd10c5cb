/**
 * Figures for how good predictions are, gathered batch by batch: {@link io.adjoint.optim.metric.Metric}.
 *
 * <p>Of classes: {@link io.adjoint.optim.metric.Accuracy}, also among the k best, {@link io.adjoint.optim.metric.ClassMeasure}
 * (precision, recall, F1), {@link io.adjoint.optim.metric.RocAuc}, {@link io.adjoint.optim.metric.ConfusionMatrix},
 * {@link io.adjoint.optim.metric.Perplexity}, {@link io.adjoint.optim.metric.CalibrationError}. Of numbers:
 * {@link io.adjoint.optim.metric.RegressionError} and {@link io.adjoint.optim.metric.RSquared}. Classes are along the last axis.
 */
package io.adjoint.optim.metric;
