package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link Normalise} by its input, before scaling: from the gradient {@code a} by {@code y} and the input {@code
 * b}, with {@code y} the normalised rows and {@code r} what they were scaled by, {@code (a - mean a - y * mean(a * y)) * r}; without
 * the mean of a where nothing was subtracted.
 *
 * @param centre as there
 * @param epsilon as there
 */
public record NormaliseGradient(Centre centre, double epsilon) implements RowOp {
    private static final NormalisingProgram MEAN = program(Centre.MEAN);
    private static final NormalisingProgram ZERO = program(Centre.ZERO);

    private static NormalisingProgram program(Centre centre) {
        return new NormalisingProgram(rows -> {
            var a = rows.input();
            var x = rows.input();
            var centred = rows.begin().centred(centre, x);
            var scale = rows.scale(centred);
            var y = rows.map(rows.lane(0).mul(rows.lane(1)), centred, scale);
            var along = rows.mean(rows.map(rows.lane(0).mul(rows.lane(1)), a, y));
            var across = rows.lane(1).mul(rows.lane(2));
            return rows.build(
                    rows.map(rows.lane(0).sub(across).mul(rows.lane(3)), rows.centred(centre, a), y, along, scale));
        });
    }

    @Override
    public String id() {
        return "normalise_gradient";
    }

    @Override
    public String formula() {
        return "(a - mean a - y * mean(a * y)) * r with y = (b - mean b) * r, r = (mean (b - mean b)^2 + epsilon)^(-1/2)";
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
        TensorSpec x = inputs.getLast();
        Normalise.requireRows(id(), x, epsilon);
        if (!inputs.getFirst().equals(x)) {
            throw ShapeException.of(id(), "gradient and input differ").operand("gradient", inputs.getFirst())
                    .operand("input", x).expected("gradient " + x);
        }
        return x;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getLast());
        Array out = Array.uninitialized(x.dtype(), x.shape());
        if (x.size() > 0) {
            Array[] ins = inputs.stream().map(Internals::array).toArray(Array[]::new);
            (switch (centre) {
                case MEAN -> MEAN;
                case ZERO -> ZERO;
            }).run(x.shape(), epsilon, ins, out);
        }
        return Internals.tensor(out);
    }

    /** The same as a composition, which has derivatives of every order. */
    private Tensor composed(Tensor a, Tensor x) {
        Tensor centred = centred(x);
        Tensor r = centred.square().mean(Axes.keep(-1)).add(epsilon).sqrt().reciprocal();
        Tensor y = centred.mul(r);
        return centred(a).sub(y.mul(a.mul(y).mean(Axes.keep(-1)))).mul(r);
    }

    private Tensor centred(Tensor x) {
        return switch (centre) {
            case MEAN -> x.sub(x.mean(Axes.keep(-1)));
            case ZERO -> x;
        };
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                // linear and its own transpose
                Gradient.Partial.reading(1, v -> apply(v.cotangent(), v.input(1))),
                Gradient.Partial.reading(0, 1, this::byInput));
    }

    private Tensor byInput(Gradient.Context v) {
        Tensor x = v.input(1).tracked();
        Tensor result = composed(v.input(0), x).vjp(v.cotangent(), x).of(x);
        boolean isConstant = !v.input(0).isTracked() && !v.input(1).isTracked() && !v.cotangent().isTracked();
        return isConstant ? result.detached() : result;
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 4), Domain.DISTINCT);
        return Sample.of(new NormaliseGradient(sampler.pick(List.of(Centre.values())), 0.125),
                sampler.tensor(x.shape(), Domain.DISTINCT), x);
    }
}
