package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * The linear recurrence {@code y[i] = a[i] y[i - 1] + b[i]} along an axis, in order, from {@code y[0] = b[0]}; a[0] is not
 * read. Running products, sums with a decay and their derivatives of every order are recurrences, so none of them divides.
 * Integers wrap around; BOOL is refused.
 *
 * <p>Derivatives: with the recurrence backwards, {@code s[i] = g[i] + a[i + 1] s[i + 1]}, they are {@code s} by b and {@code
 * s[i] y[i - 1]} by a.
 *
 * @param axis in {@code [0, rank)}
 */
public record Recurrence(int axis) implements Scan {
    @Override
    public String id() {
        return "recurrence";
    }

    @Override
    public String formula() {
        return "y[i] = a[i] y[i - 1] + b[i] along the axis, y[0] = b[0]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec factors = inputs.getFirst();
        TensorSpec added = inputs.getLast();
        Reducing.requireNumber(id(), factors.dtype());
        AxisRules.require(id(), factors.shape(), axis);
        if (!factors.equals(added)) {
            throw ShapeException.of(id(), "two different specs").operand("a", factors).operand("b", added)
                    .expected("one dtype and shape");
        }
        return added;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, inputs.getFirst().spec(), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return ScanSteps.LINEAR.prepare(inputs, axis, out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(0, v -> {
                    Tensor sums = backwards(v.input(0), v.cotangent());
                    Tensor y = v.output();
                    int n = y.dim(axis);
                    return n == 0 ? sums : sums.slice(axis, 1, n).mul(y.slice(axis, 0, n - 1)).pad(axis, 1, 0, 0);
                }).andOutput(),
                Gradient.Partial.reading(0, v -> backwards(v.input(0), v.cotangent())));
    }

    private Tensor backwards(Tensor a, Tensor g) {
        return new Recurrence(axis).apply(a.flip(axis).roll(1, axis), g.flip(axis)).flip(axis);
    }

    static Sample sample(Sampler sampler) {
        Tensor a = sampler.tensor(sampler.shape(1, 5), new Domain(-1, 1));
        return Sample.of(new Recurrence(sampler.between(0, a.rank() - 1)), a,
                sampler.tensor(a.shape(), Domain.REAL));
    }
}
