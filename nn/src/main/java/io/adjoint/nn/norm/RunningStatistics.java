package io.adjoint.nn.norm;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Normalisation.Normalised;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Mean and variance of each channel, gathered over the steps of training for use afterwards.
 *
 * @param mean a buffer {@code [channels]}
 * @param variance a buffer {@code [channels]}, that of the population: divided by the number of elements less one
 * @param count how many batches there were, an I64 buffer that is a scalar
 */
public record RunningStatistics(Variable mean, Variable variance, Variable count) {
    /**
     * Statistics in given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public RunningStatistics {
        if (mean.spec().shape().rank() != 1 || !mean.spec().equals(variance.spec())
                || !count.spec().equals(Tensor.scalar(0, DType.I64).spec())) {
            throw ShapeException.of("running_statistics", "the variables do not fit").operand("mean", mean.spec())
                    .operand("variance", variance.spec()).operand("count", count.spec())
                    .expected("mean and variance [channels] of one dtype, and a count I64[]");
        }
    }

    /** Mean 0, variance 1, and no batch so far. */
    public static RunningStatistics of(int channels, DType dtype) {
        return new RunningStatistics(Variable.buffer(Tensor.zeros(Shape.of(channels), dtype)),
                Variable.buffer(Tensor.full(Shape.of(channels), dtype, 1)),
                Variable.buffer(Tensor.scalar(0, DType.I64)));
    }

    /** Puts the variables among the parts of a layer, by the names that they have in PyTorch. */
    void addTo(Map<String, Object> parts) {
        parts.put("running_mean", mean);
        parts.put("running_var", variance);
        parts.put("num_batches_tracked", count);
    }

    /** Moves towards a batch, by the share that momentum says; counts nothing. */
    void move(Normalised batch, double momentum) {
        synchronized (count) {
            mean.set(Normalised.moved(mean.value(), batch.mean().cast(mean.spec().dtype()), momentum));
            variance.set(Normalised.moved(variance.value(), batch.variance().cast(mean.spec().dtype()), momentum));
        }
    }

    /** Counts a batch and moves towards it, without a momentum to the mean of all batches so far. */
    void add(Normalised batch, OptionalDouble momentum) {
        synchronized (count) {
            count.set(count.value().add(1));
            if (batch.output().size() == 0) {
                return; // nothing was seen
            }
            if (momentum.isPresent()) {
                move(batch, momentum.getAsDouble());
                return;
            }
            Tensor share = count.value().cast(DType.F64).reciprocal();
            mean.set(averaged(mean.value(), batch.mean(), share));
            variance.set(averaged(variance.value(), batch.variance(), share));
        }
    }

    private static Tensor averaged(Tensor running, Tensor seen, Tensor share) {
        Tensor kept = running.mul(share.rsub(1).cast(running.dtype()));
        return kept.add(seen.detached().cast(running.dtype()).mul(share.cast(running.dtype())));
    }
}
