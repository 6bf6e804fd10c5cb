package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * Mean and variance, divided by the number of elements, of each row of the last axis, side by side: {@code [..., 2]}. The
 * variance is of what is left after the mean is subtracted, so that a large mean costs no digits. An operation for speed: one
 * pass over each row in cache.
 */
public record Moments() implements RowOp {
    private static final NormalisingProgram MEAN = new NormalisingProgram(rows -> {
        var x = rows.input();
        var mean = rows.begin().mean(x);
        return rows.build(mean, rows.meanSquare(rows.map(rows.lane(0).sub(rows.lane(1)), x, mean)));
    });

    @Override
    public String id() {
        return "moments";
    }

    @Override
    public String formula() {
        return "mean x and mean (x - mean x)^2 along the last axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.getFirst();
        Normalise.requireRows(id(), x, 0);
        Reducing.requireNonEmpty(id(), x.shape(), List.of(x.shape().rank() - 1));
        return new TensorSpec(x.dtype(), x.shape().with(-1, 2));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getFirst());
        Shape rows = Shape.of(x.size() / x.shape().dim(-1));
        Array mean = Array.uninitialized(x.dtype(), rows);
        Array variance = Array.uninitialized(x.dtype(), rows);
        if (x.size() > 0) {
            MEAN.run(x.shape(), 0, new Array[] {x}, mean, variance);
        }
        return Tensor.stack(1, Internals.tensor(mean), Internals.tensor(variance)).reshape(x.shape().with(-1, 2));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0, v -> {
            Tensor x = v.input(0);
            Tensor byMean = v.cotangent().slice(-1, 0, 1);
            Tensor byVariance = v.cotangent().slice(-1, 1, 2);
            return x.sub(x.mean(Axes.keep(-1))).mul(byVariance.mul(2)).add(byMean).div(x.dim(-1));
        }));
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new Moments(), sampler.tensor(sampler.filled(1, 4), Domain.REAL));
    }
}
