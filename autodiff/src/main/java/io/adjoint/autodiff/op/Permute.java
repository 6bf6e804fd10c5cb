package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The axes in another order.
 *
 * @param order axis {@code i} of the result is axis {@code order.get(i)} of the input
 */
public record Permute(List<Integer> order) implements View {
    public Permute {
        order = List.copyOf(order);
    }

    @Override
    public String id() {
        return "permute";
    }

    @Override
    public String formula() {
        return "x with its axes in another order";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Transpose");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        int rank = input.shape().rank();
        if (!isPermutation(rank)) {
            throw ShapeException.of(id(), "not a permutation of the axes")
                    .operand("order", order)
                    .operand("input", input.shape())
                    .expected("each of the " + rank + " axes once");
        }
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = input.shape().dim(order.get(i));
        }
        return new TensorSpec(input.dtype(), Shape.of(dims));
    }

    private boolean isPermutation(int rank) {
        boolean[] seen = new boolean[rank];
        for (int axis : order) {
            if (axis < 0 || axis >= rank || seen[axis]) {
                return false;
            }
            seen[axis] = true;
        }
        return order.size() == rank;
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        int[] axes = new int[order.size()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = order.get(i);
        }
        return x.permute(axes);
    }

    /** Whether all other axes stay where they are. */
    boolean exchangesLastTwo() {
        int last = order.size() - 1;
        if (last < 1 || order.get(last) != last - 1) {
            return false;
        }
        return IntStream.range(0, last - 1).allMatch(axis -> order.get(axis) == axis);
    }

    @Override
    public Optional<View> ofRows(Shape input) {
        return order.getLast() == input.rank() - 1 ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> {
            int[] inverse = new int[order.size()];
            for (int i = 0; i < inverse.length; i++) {
                inverse[order.get(i)] = i;
            }
            return v.cotangent().permute(inverse);
        }));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(Domain.REAL);
        List<Integer> order = new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
        Collections.rotate(order, sampler.between(0, 3));
        return Sample.of(new Permute(order), x);
    }
}
