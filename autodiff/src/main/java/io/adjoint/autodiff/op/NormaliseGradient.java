package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link Normalise} by its input: from the gradient {@code a} by its result, the input {@code b} and the
 * scale {@code c}, with {@code g = a * c}, {@code y} the normalised rows and {@code r} what they were scaled by,
 * {@code (g - mean g - y * mean(g * y)) * r}; without the mean of g where nothing was subtracted.
 *
 * @param span as there
 * @param centre as there
 * @param epsilon as there
 */
public record NormaliseGradient(Span span, Centre centre, double epsilon) implements RowOp {
    private static final NormalisingProgram MEAN = program(Centre.MEAN);
    private static final NormalisingProgram ZERO = program(Centre.ZERO);

    private static NormalisingProgram program(Centre centre) {
        return new NormalisingProgram(rows -> {
            var a = rows.input();
            var x = rows.input();
            var weight = rows.input();
            var centred = rows.begin().centred(centre, x);
            var g = rows.map(rows.lane(0).mul(rows.lane(1)), a, weight);
            var scale = rows.scale(centred);
            var y = rows.map(rows.lane(0).mul(rows.lane(1)), centred, scale);
            var along = rows.mean(rows.map(rows.lane(0).mul(rows.lane(1)), g, y));
            var across = rows.lane(1).mul(rows.lane(2));
            return rows.build(
                    rows.map(rows.lane(0).sub(across).mul(rows.lane(3)), rows.centred(centre, g), y, along, scale));
        });
    }

    @Override
    public String id() {
        return "normalise_gradient";
    }

    @Override
    public String formula() {
        return "(g - mean g - y * mean(g * y)) * r with g = a * c, y = (b - mean b) * r, r = (mean (b - mean b)^2 + epsilon)^(-1/2)";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.get(1);
        requireGradient(id(), span, inputs.getFirst(), x, epsilon);
        Normalise.requireStretching(id(), "scale", inputs.get(2), x);
        return x;
    }

    /** Refuses what are not a gradient and an input of one spec with rows of floats. */
    static void requireGradient(String operation, Span span, TensorSpec gradient, TensorSpec x, double epsilon) {
        Normalise.requireRows(operation, span, x, epsilon);
        if (!gradient.equals(x)) {
            throw ShapeException.of(operation, "gradient and input differ").operand("gradient", gradient)
                    .operand("input", x).expected("gradient " + x);
        }
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.get(1));
        Array out = Array.uninitialized(x.dtype(), x.shape());
        if (x.size() > 0) {
            prepare(inputs.stream().map(Internals::array).toList(), out).run();
        }
        return Internals.tensor(out);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return (switch (centre) {
            case MEAN -> MEAN;
            case ZERO -> ZERO;
        }).prepare(span, out.shape(), epsilon, inputs, out);
    }

    /** The same as a composition, which has derivatives of every order. */
    private Tensor composed(Tensor a, Tensor x) {
        Tensor centred = centred(x);
        Tensor r = span.mean(centred.square()).add(epsilon).sqrt().reciprocal();
        Tensor y = centred.mul(r);
        return centred(a).sub(y.mul(span.mean(a.mul(y)))).mul(r);
    }

    private Tensor centred(Tensor x) {
        return switch (centre) {
            case MEAN -> x.sub(span.mean(x));
            case ZERO -> x;
        };
    }

    @Override
    public int separableAxes(List<TensorSpec> inputs) {
        return span.separableAxes(inputs.getFirst().shape());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                // linear and its own transpose
                Gradient.Partial.reading(1, 2, v -> plain(v.cotangent(), v.input(1)).mul(v.input(2))),
                Gradient.Partial.reading(0, 1, this::byInput).and(2),
                Gradient.Partial.reading(0, 1, v -> plain(v.cotangent(), v.input(1)).mul(v.input(0))));
    }

    private Tensor plain(Tensor a, Tensor x) {
        return apply(a, x, Tensor.scalar(1, x.dtype()));
    }

    private Tensor byInput(Gradient.Context v) {
        Tensor x = v.input(1).tracked();
        Tensor result = composed(v.input(0).mul(v.input(2)), x).vjp(v.cotangent(), x).of(x);
        boolean isConstant = !v.input(0).isTracked() && !v.input(1).isTracked() && !v.input(2).isTracked()
                && !v.cotangent().isTracked();
        return isConstant ? result.detached() : result;
    }

    static Sample sample(Sampler sampler) {
        Span span = sampler.pick(List.of(Span.values()));
        Tensor x = sampler.tensor(sampler.shape(span.leastRank(), span.mostRank()), Domain.DISTINCT);
        Shape scale = sampler.between(0, 1) == 0 ? Shape.of(x.dim(-1)) : x.shape().with(-1, 1);
        return Sample.of(new NormaliseGradient(span, sampler.pick(List.of(Centre.values())), 0.125),
                sampler.tensor(x.shape(), Domain.DISTINCT), x, sampler.tensor(scale, Domain.REAL));
    }
}
