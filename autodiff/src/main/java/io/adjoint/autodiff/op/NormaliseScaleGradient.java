package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link Normalise} by a scale that is one number for each row: from the gradient {@code a} by its result and
 * the input {@code b}, with {@code y} the normalised rows, the sum of {@code a * y} along each row.
 *
 * <p>An operation for speed: what is summed is nowhere stored.
 *
 * @param span as there
 * @param centre as there
 * @param epsilon as there
 */
public record NormaliseScaleGradient(Span span, Centre centre, double epsilon) implements RowOp {
    private static final NormalisingProgram MEAN = program(Centre.MEAN);
    private static final NormalisingProgram ZERO = program(Centre.ZERO);

    private static NormalisingProgram program(Centre centre) {
        return new NormalisingProgram(rows -> {
            var a = rows.input();
            var x = rows.input();
            var centred = rows.begin().centred(centre, x);
            var y = rows.map(rows.lane(0).mul(rows.lane(1)), centred, rows.scale(centred));
            return rows.build(rows.sum(rows.map(rows.lane(0).mul(rows.lane(1)), a, y)));
        });
    }

    @Override
    public String id() {
        return "normalise_scale_gradient";
    }

    @Override
    public String formula() {
        return "sum of a * y along each row with y = (b - mean b) / sqrt(mean (b - mean b)^2 + epsilon)";
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
        NormaliseGradient.requireGradient(id(), span, inputs.getFirst(), x, epsilon);
        return new TensorSpec(x.dtype(), span.stretching(x.shape()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getLast());
        Shape shape = span.stretching(x.shape());
        if (x.size() == 0) {
            return Tensor.zeros(shape, x.dtype());
        }
        Array out = Array.uninitialized(x.dtype(), shape);
        prepare(inputs.stream().map(Internals::array).toList(), out).run();
        return Internals.tensor(out);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Shape rows = Shape.of(out.size());
        return inputs.getLast().size() == 0 ? RowOp.super.prepare(inputs, out) : (switch (centre) {
            case MEAN -> MEAN;
            case ZERO -> ZERO;
        }).prepare(span, inputs.getLast().shape(), epsilon, inputs,
                out.view(rows, rows.rowMajorStrides(), out.offset()));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(
                        1, v -> v.cotangent().mul(new Normalise(span, centre, epsilon).plain(v.input(1)))),
                Gradient.Partial.reading(
                        0, 1, v -> new NormaliseGradient(span, centre, epsilon)
                                .apply(v.input(0), v.input(1), v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        Span span = sampler.pick(List.of(Span.values()));
        Tensor x = sampler.tensor(sampler.shape(span.leastRank(), span.mostRank()), Domain.DISTINCT);
        return Sample.of(new NormaliseScaleGradient(span, sampler.pick(List.of(Centre.values())), 0.125),
                sampler.tensor(x.shape(), Domain.DISTINCT), x);
    }
}
