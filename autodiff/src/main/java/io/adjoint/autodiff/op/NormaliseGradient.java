package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.RowKernel;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link Normalise} by its input: from the gradient {@code a} by its result, the input {@code b} and the
 * scale {@code c}, with {@code g = a * c}, {@code y} the normalised rows and {@code r} what they were scaled by,
 * {@code (g - mean g - y * mean(g * y)) * r}; without the mean of g where nothing was subtracted.
 *
 * <p>A scale that is one number for each row is a factor of all of that, so it is r that it is multiplied with. The sums are of
 * a and of {@code a * y} then, which are what flows to the shift and to the scale.
 *
 * @param span as there
 * @param centre as there
 * @param epsilon as there
 */
public record NormaliseGradient(Span span, Centre centre, double epsilon) implements RowOp, Yielding {
    private static final NormalisingProgram MEAN = program(Centre.MEAN);
    private static final NormalisingProgram ZERO = program(Centre.ZERO);
    /** How many sums there are if the scale is a number for each row: what flows to the scale, and to the shift. */
    private static final int SUMS = 2;
    /** With a scale that is a number for each row; the sums are left too. */
    private static final NormalisingProgram SCALED_MEAN = scaled(Centre.MEAN);
    private static final NormalisingProgram SCALED_ZERO = scaled(Centre.ZERO);
    private static final NormalisingProgram SCALED_GIVEN_MOMENTS = new NormalisingProgram(rows -> {
        var a = rows.input();
        var x = rows.input();
        var weight = rows.number();
        var mean = rows.number();
        var variance = rows.number();
        var centred = rows.begin().centred(x, mean);
        return scaled(Centre.MEAN, rows, a, centred, rows.scaleOf(variance), weight);
    });

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

    private static NormalisingProgram scaled(Centre centre) {
        return new NormalisingProgram(rows -> {
            var a = rows.input();
            var x = rows.input();
            var weight = rows.number();
            var centred = rows.begin().centred(centre, x);
            return scaled(centre, rows, a, centred, rows.scale(centred), weight);
        });
    }

    private static RowKernel scaled(Centre centre, NormalisingProgram.Rows rows, Value a, Value centred, Value scale,
            Value weight) {
        var product = rows.lane(0).mul(rows.lane(1));
        var y = rows.map(product, centred, scale);
        var byShift = rows.sum(a);
        var byScale = rows.sum(rows.map(product, a, y));
        var left = switch (centre) {
            case MEAN -> rows.centred(a, rows.meanOf(byShift));
            case ZERO -> a;
        };
        var across = rows.lane(1).mul(rows.lane(2));
        return rows.build(rows.map(rows.lane(0).sub(across).mul(rows.lane(3)), left, y, rows.meanOf(byScale),
                rows.map(product, scale, weight)), byScale, byShift);
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
        return span.isNumber(inputs.getLast().shape())
                ? prepareYielding(inputs, List.of(), out, List.of())
                : (switch (centre) {
                    case MEAN -> MEAN;
                    case ZERO -> ZERO;
                }).prepare(span, out.shape(), epsilon, inputs, out);
    }

    @Override
    public boolean mayOverwriteFirst() {
        return true;
    }

    /** What flows to the scale and to the shift, where these are numbers for rows. */
    @Override
    public List<Call> yields(List<TensorSpec> inputs) {
        if (!span.isNumber(inputs.getLast().shape())) {
            return List.of();
        }
        Call byScale = new Call(new NormaliseScaleGradient(span, centre, epsilon), List.of(0, 1));
        return span.sum(inputs.getFirst().shape()).map(byShift -> List.of(byScale, new Call(byShift, List.of(0))))
                .orElse(List.of(byScale));
    }

    /** Mean and variance, where the scale is a number and the mean is subtracted. */
    @Override
    public List<Call> needs(List<TensorSpec> inputs) {
        return centre == Centre.MEAN && span.isNumber(inputs.getLast().shape())
                ? List.of(new Call(span.moments(), List.of(1))) : List.of();
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepareYielding(List<Array> inputs, List<Optional<Array>> given, Array out,
            List<Optional<Array>> others) {
        Shape rows = Shape.of(span.rows(out.shape()).size());
        List<Array> outs = new ArrayList<>(List.of(out));
        for (int sum = 0; sum < SUMS; sum++) {
            outs.add((sum < others.size() ? others.get(sum) : Optional.<Array>empty())
                    .map(array -> array.view(rows, rows.rowMajorStrides(), array.offset()))
                    .orElseGet(() -> Array.uninitialized(out.dtype(), rows)));
        }
        List<Array> numbers = new ArrayList<>(List.of(inputs.getLast()));
        given.stream().flatMap(Optional::stream)
                .forEach(moments -> numbers.addAll(List.of(Moments.mean(moments), Moments.variance(moments))));
        return (switch (centre) {
            case MEAN -> numbers.size() > 1 ? SCALED_GIVEN_MOMENTS : SCALED_MEAN;
            case ZERO -> SCALED_ZERO;
        }).prepare(span, out.shape(), epsilon, inputs.subList(0, 2), numbers, outs.toArray(Array[]::new));
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
