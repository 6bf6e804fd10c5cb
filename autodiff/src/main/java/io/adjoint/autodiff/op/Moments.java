package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Mean and variance, divided by the number of elements, of each row, side by side: {@code [..., 2]}. The
 * variance is of what is left after the mean is subtracted, so that a large mean costs no digits. An operation for speed: one
 * pass over each row in cache.
 *
 * @param span what makes a row
 */
public record Moments(Span span) implements RowOp {
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
        return "mean x and mean (x - mean x)^2 along each row";
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
        Normalise.requireRows(id(), span, x, 0);
        Reducing.requireNonEmpty(id(), x.shape(), span == Span.CHANNEL ? List.of(0, 2) : List.of(x.shape().rank() - 1));
        return new TensorSpec(x.dtype(), result(x.shape()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getFirst());
        Array out = Array.uninitialized(x.dtype(), result(x.shape()));
        if (out.size() > 0) {
            prepare(List.of(x), out).run();
        }
        return Internals.tensor(out);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array x = inputs.getFirst();
        return prepare(out, (mean, variance) -> MEAN.prepare(span, x.shape(), 0, inputs, mean, variance));
    }

    /** The launch of a program that leaves both for each row, which are put side by side. */
    static Launch prepare(Array moments, BiFunction<Array, Array, Launch> program) {
        Shape rows = Shape.of(moments.size() / 2);
        Array mean = Array.uninitialized(moments.dtype(), rows);
        Array variance = Array.uninitialized(moments.dtype(), rows);
        Launch launch = program.apply(mean, variance);
        return () -> {
            launch.run();
            Moves.interleave(mean, variance, moments);
        };
    }

    /** The mean of each row, as a number that stretches to it, of what this operation gives. */
    static Array mean(Array moments) {
        return moments.view(moments.shape().with(-1, 1), moments.strides(), moments.offset());
    }

    /** The variance of each row in the same way. */
    static Array variance(Array moments) {
        return moments.view(moments.shape().with(-1, 1), moments.strides(), moments.offset() + 1);
    }

    private Shape result(Shape shape) {
        int[] rows = span.rows(shape).dims();
        int[] dims = Arrays.copyOf(rows, rows.length + 1);
        dims[rows.length] = 2;
        return Shape.of(dims);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0, v -> {
            Tensor x = v.input(0);
            Tensor byMean = v.cotangent().slice(-1, 0, 1);
            Tensor byVariance = v.cotangent().slice(-1, 1, 2);
            return x.sub(span.mean(x)).mul(byVariance.mul(2)).add(byMean).div(span.length(x.shape()));
        }));
    }

    static Sample sample(Sampler sampler) {
        Span span = sampler.pick(List.of(Span.values()));
        return Sample.of(new Moments(span),
                sampler.tensor(sampler.filled(span.leastRank(), span.mostRank()), Domain.REAL));
    }
}
