package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The product along axes; 1 where there is nothing to multiply. Integers wrap around; BOOL is refused. The derivative is the
 * product of the other elements, that of those before times that of those behind, which needs no division: it is right
 * beside zeros, too.
 */
public record Prod(List<Integer> axes) implements Joining {
    public Prod {
        axes = List.copyOf(axes);
    }

    @Override
    public String id() {
        return "prod";
    }

    @Override
    public String formula() {
        return "product of x over the axes";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ReduceProd");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        Reducing.requireNumber(id(), inputs.getFirst().dtype());
        return Reducing.inferSame(id(), inputs.getFirst(), axes);
    }

    @Override
    @SuppressWarnings("exports")
    public Combine combine() {
        return Combine.PROD;
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0,
                v -> Reducing.restore(v.cotangent(), v.inputSpec(0).shape(), axes).mul(others(v.input(0)))));
    }

    /** For each element the product of the others along the axes, which are laid out as one for that. */
    private Tensor others(Tensor x) {
        if (axes.size() == 1 || x.size() == 0) {
            return x.size() == 0 ? x : others(x, axes.getFirst());
        }
        int[] kept = IntStream.range(0, x.rank()).filter(axis -> !axes.contains(axis)).toArray();
        int[] order = IntStream.concat(IntStream.of(kept), axes.stream().mapToInt(axis -> axis)).toArray();
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        Tensor ordered = x.permute(order);
        int[] dims = IntStream.concat(IntStream.of(kept).map(x::dim),
                IntStream.of(axes.stream().mapToInt(x::dim).reduce(1, (a, b) -> a * b))).toArray();
        return others(ordered.reshape(Shape.of(dims)), kept.length).reshape(ordered.shape()).permute(back);
    }

    private static Tensor others(Tensor x, int axis) {
        return before(x, axis).mul(before(x.flip(axis), axis).flip(axis));
    }

    private static Tensor before(Tensor x, int axis) {
        return x.slice(axis, 0, x.dim(axis) - 1).pad(axis, 1, 0, 1).cumprod(axis);
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(), Domain.REAL);
        return Sample.of(new Prod(sampler.axes(x.rank())), x);
    }
}
