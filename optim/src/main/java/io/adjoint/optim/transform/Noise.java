package io.adjoint.optim.transform;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Normal;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.hyper.Hyper;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * Adds normal noise of variance {@code scale / (1 + t)^decay} to gradients (Neelakantan et al. 2015). The noise is a function of
 * the key, the parameter and the step.
 *
 * @param scale variance at the first step, 0.01 to 1 in the paper
 * @param decay 0.55 in the paper
 * @param rng the random key
 */
public record Noise(double scale, double decay, Rng rng) implements Transformation {
    public Noise {
        Hyper.notNegative("noise", "scale", scale);
        Hyper.notNegative("noise", "decay", decay);
    }

    /** With the paper's decay of 0.55. */
    public static Noise of(double scale, Rng rng) {
        return new Noise(scale, 0.55, rng);
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return (updates, values, step) -> {
            Tensor deviation = step.add(1).pow(-decay).mul(scale).sqrt();
            List<Tensor> results = new ArrayList<>(updates.size());
            for (Tensor update : updates) {
                Tensor key = key(rng.stream(results.size()), step);
                Tensor noise = new Normal(update.shape(), update.dtype()).apply(key);
                results.add(update.add(noise.mul(deviation.cast(update.dtype()))));
            }
            return results;
        };
    }

    private static Tensor key(Rng rng, Tensor step) {
        Tensor count = step.cast(DType.I64).reshape(1);
        return rng.key().add(Tensor.concat(0, Tensor.zeros(Shape.of(1), DType.I64), count));
    }
}
