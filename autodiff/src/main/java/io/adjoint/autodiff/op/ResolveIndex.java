package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An index as numbers in {@code [0, extent)}, refused if one is out of range. What computes with indices checks them by this
 * first: in a sum of coordinates an index that is too large could pass for another place.
 *
 * @param extent how many places there are
 * @param counting what numbers below 0 mean
 * @param asker the operation that a refusal names
 */
public record ResolveIndex(int extent, Counting counting, String asker) implements Indexing {
    /** What numbers below 0 mean. */
    public enum Counting {
        /** They are out of range. */
        FROM_FRONT,
        /** They count from the end: -1 is the last place. */
        FROM_BOTH_ENDS
    }

    /** Made to words only where it is named. */
    private record Axis(int extent) {
        @Override
        public String toString() {
            return "an axis of " + extent;
        }
    }

    @Override
    public String id() {
        return "resolve_index";
    }

    @Override
    public String formula() {
        return "x < 0 ? x + extent : x, within the extent";
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
        TensorSpec index = inputs.getFirst();
        IndexRules.requireIndex(asker, index);
        if (extent < 0) {
            throw ShapeException.of(asker, "a negative extent").operand("extent", extent).expected("0 or more");
        }
        return index;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array index = Internals.array(inputs.getFirst());
        int least = counting == Counting.FROM_BOTH_ENDS ? -extent : 0;
        if (IndexRules.requireBetween(asker, least, extent, new Axis(extent), index) >= 0) {
            return inputs.getFirst();
        }
        Array whole = Copies.contiguous(index);
        long[] places = Arrays.copyOfRange(whole.longs(), whole.offset(), whole.offset() + whole.size());
        addExtent(places, 0, places.length);
        return Internals.tensor(Array.wrap(DType.I64, index.shape(), places));
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array index = inputs.getFirst();
        int least = counting == Counting.FROM_BOTH_ENDS ? -extent : 0;
        return Launch.all(IndexRules.between(asker, least, extent, new Axis(extent), index),
                Copies.prepare(index, out), () -> addExtent(out.longs(), out.offset(), out.offset() + out.size()));
    }

    private void addExtent(long[] places, int from, int to) {
        for (int i = from; i < to; i++) {
            places[i] += places[i] < 0 ? extent : 0;
        }
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        int extent = sampler.between(1, 5);
        Tensor index = sampler.indices(sampler.shape(), extent);
        Counting counting = sampler.pick(List.of(Counting.values()));
        return Sample.of(new ResolveIndex(extent, counting, "sample"),
                counting == Counting.FROM_BOTH_ENDS && sampler.between(0, 1) == 0 ? index.sub(extent) : index);
    }
}
