package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * Each row centred, divided by its root mean square, scaled and shifted: layer normalisation, and with rows made of a
 * channel of a batch, batch normalisation. Scale and shift stretch to the input.
 *
 * <p>An operation for speed: one pass over each row in cache instead of nine over the whole.
 *
 * @param span what makes a row
 * @param centre what is subtracted first
 * @param epsilon added to the mean square, so that a constant row is not divided by zero
 */
public record Normalise(Span span, Centre centre, double epsilon) implements RowOp, Yielding {
    private static final NormalisingProgram MEAN = program(Centre.MEAN);
    private static final NormalisingProgram ZERO = program(Centre.ZERO);
    /** The rows, and mean and mean square of each. */
    private static final NormalisingProgram AND_MOMENTS = new NormalisingProgram(rows -> {
        var x = rows.input();
        var weight = rows.input();
        var bias = rows.input();
        var mean = rows.begin().mean(x);
        var centred = rows.centred(x, mean);
        var variance = rows.meanSquare(centred);
        return rows.build(affine(rows, centred, rows.scaleOf(variance), weight, bias), mean, variance);
    });

    private static NormalisingProgram program(Centre centre) {
        return new NormalisingProgram(rows -> {
            var x = rows.input();
            var weight = rows.input();
            var bias = rows.input();
            var centred = rows.begin().centred(centre, x);
            return rows.build(affine(rows, centred, rows.scale(centred), weight, bias));
        });
    }

    private static Value affine(NormalisingProgram.Rows rows, Value centred, Value scale, Value weight, Value bias) {
        return rows.map(rows.lane(0).mul(rows.lane(1)).mul(rows.lane(2)).add(rows.lane(3)), centred, scale, weight,
                bias);
    }

    @Override
    public String id() {
        return "normalise";
    }

    @Override
    public String formula() {
        return "(a - mean a) / sqrt(mean (a - mean a)^2 + epsilon) * b + c along each row";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("LayerNormalization");
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec x = inputs.getFirst();
        requireRows(id(), span, x, epsilon);
        requireStretching(id(), "scale", inputs.get(1), x);
        requireStretching(id(), "shift", inputs.get(2), x);
        return x;
    }

    static void requireStretching(String operation, String name, TensorSpec other, TensorSpec x) {
        if (other.dtype() != x.dtype() || !Shape.broadcast(operation, x.shape(), other.shape()).equals(x.shape())) {
            throw ShapeException.of(operation, name + " does not stretch to the input")
                    .operand("found", other).operand("input", x)
                    .expected("the input's dtype, and extents of it or 1");
        }
    }

    /** Refuses what has no rows of floats. */
    static void requireRows(String operation, Span span, TensorSpec x, double epsilon) {
        Reducing.requireFloat(operation, x.dtype());
        span.require(operation, x.shape());
        if (Double.isNaN(epsilon)) {
            throw ShapeException.of(operation, "epsilon is not a number").operand("epsilon", epsilon)
                    .expected("a number, such as 1e-5");
        }
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getFirst());
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

    /** Mean and variance, where the mean is subtracted. */
    @Override
    public List<Call> yields(List<TensorSpec> inputs) {
        return switch (centre) {
            case MEAN -> List.of(new Call(span.moments(), List.of(0)));
            case ZERO -> List.of();
        };
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepareYielding(List<Array> inputs, List<Optional<Array>> given, Array out,
            List<Optional<Array>> others) {
        return others.getFirst()
                .map(moments -> Moments.prepare(moments, (mean, variance) -> AND_MOMENTS.prepare(span, out.shape(),
                        epsilon, inputs, out, mean, variance)))
                .orElseGet(() -> prepare(inputs, out));
    }

    /** Rows neither scaled nor shifted. */
    Tensor plain(Tensor x) {
        return apply(x, Tensor.scalar(1, x.dtype()), Tensor.scalar(0, x.dtype()));
    }

    @Override
    public int separableAxes(List<TensorSpec> inputs) {
        return span.separableAxes(inputs.getFirst().shape());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(0, 1, v -> new NormaliseGradient(span, centre, epsilon)
                        .apply(v.cotangent(), v.input(0), v.input(1))),
                Gradient.Partial.reading(0, this::byScale).and(1),
                Gradient.Partial.linear(Gradient.Context::cotangent));
    }

    private Tensor byScale(Gradient.Context v) {
        Tensor x = v.input(0);
        return v.input(1).shape().equals(span.stretching(x.shape()))
                ? new NormaliseScaleGradient(span, centre, epsilon).apply(v.cotangent(), x)
                : v.cotangent().mul(plain(x));
    }

    static Sample sample(Sampler sampler) {
        Span span = sampler.pick(List.of(Span.values()));
        Tensor x = sampler.tensor(sampler.shape(span.leastRank(), span.mostRank()), Domain.DISTINCT);
        Shape scale = sampler.between(0, 1) == 0 ? Shape.of(x.dim(-1)) : x.shape().with(-1, 1);
        return Sample.of(new Normalise(span, sampler.pick(List.of(Centre.values())), 0.125), x,
                sampler.tensor(scale, Domain.REAL), sampler.tensor(scale, Domain.REAL));
    }
}
