package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MaxPlaceKernel;
import java.util.List;
import java.util.Optional;

/**
 * The place of the greatest element of each window that slides over the innermost axes, I64: its row-major number in the
 * plane of these axes; the first among equals, but the last NaN where there is one. What a window sees outside the plane
 * does not count. Gathering there gives the maximum itself, and its gradient.
 *
 * @param size elements of a window, one number for each of the innermost axes
 * @param slide how windows move, without groups
 * @param windows how many there are along each axis
 */
public record MaxPlaces(List<Integer> size, Slide slide, List<Integer> windows) implements WindowMaxima {
    public MaxPlaces {
        size = List.copyOf(size);
        windows = List.copyOf(windows);
    }

    @Override
    public String id() {
        return "max_places";
    }

    @Override
    public String formula() {
        return "place of the greatest x[o * stride + t * dilation - before] in the plane";
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
        TensorSpec input = inputs.getFirst();
        Reducing.requireNumber(id(), input.dtype());
        Shape shape = replaced(id(), input.shape(), windows);
        if (size.size() != windows.size() || slide.axes() != windows.size() || slide.groups() != 1
                || size.stream().anyMatch(s -> s < 1)) {
            throw ShapeException.of(id(), "windows of other axes").operand("size", size).operand("windows", windows)
                    .operand("slide", slide).expected("a size of 1 or more for each axis, and one group");
        }
        for (int axis = 0; axis < windows.size(); axis++) {
            requireElements(axis, input.shape());
        }
        return new TensorSpec(DType.I64, shape);
    }

    /** The shape with its innermost extents replaced. */
    static Shape replaced(String operation, Shape shape, List<Integer> extents) {
        if (extents.isEmpty() || extents.size() > shape.rank()) {
            throw ShapeException.of(operation, "not so many axes").operand("input", shape)
                    .operand("windows", extents).expected("one number for each of the innermost axes");
        }
        int[] dims = shape.dims();
        for (int i = 0; i < extents.size(); i++) {
            dims[dims.length - extents.size() + i] = extents.get(i);
        }
        return Shape.of(dims);
    }

    /** Each window must see an element: those that begin inside do, those that begin before may step over all. */
    private void requireElements(int axis, Shape input) {
        int extent = input.dim(axis - windows.size());
        int count = windows.get(axis);
        boolean sees = count == 0 || extent > 0 && start(axis, count - 1L) < extent;
        for (long o = 0; sees && o < count && start(axis, o) < 0; o++) {
            long skipped = skipped(axis, o);
            sees = skipped < size.get(axis) && start(axis, o) + skipped * slide.dilation().get(axis) < extent;
        }
        if (!sees) {
            throw ShapeException.of(id(), "a window without elements").operand("input", input).operand("size", size)
                    .operand("slide", slide).operand("windows", windows)
                    .expected("at least one element for each window");
        }
    }

    private long start(int axis, long window) {
        return window * slide.stride().get(axis) - slide.before().get(axis);
    }

    /** How many elements of a window lie before the plane. */
    private long skipped(int axis, long window) {
        return Math.max(0, Math.ceilDiv(-start(axis, window), (long) slide.dilation().get(axis)));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, new TensorSpec(DType.I64, replaced(id(), inputs.getFirst().shape(), windows)),
                inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public MaxPlaceKernel.Spans spans(int axis, int extent) {
        int dilation = slide.dilation().get(axis);
        int[] from = new int[windows.get(axis)];
        int[] count = new int[from.length];
        for (int o = 0; o < from.length; o++) {
            long skipped = skipped(axis, o);
            long first = start(axis, o) + skipped * dilation;
            from[o] = (int) first;
            count[o] = (int) Math.min(size.get(axis) - skipped, Math.ceilDiv(extent - first, (long) dilation));
        }
        return new MaxPlaceKernel.Spans(from, count, dilation);
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        int axes = sampler.between(1, 2);
        Tensor x = sampler.tensor(sampler.filled(axes, axes + 2), Domain.REAL);
        List<Integer> size = Slide.numbers(sampler, axes, 1, 3);
        List<Integer> stride = Slide.numbers(sampler, axes, 1, 2);
        List<Integer> before = size.stream().map(s -> sampler.between(0, s - 1)).toList();
        List<Integer> ones = size.stream().map(_ -> 1).toList();
        List<Integer> windows = java.util.stream.IntStream.range(0, axes)
                .mapToObj(a -> (x.shape().dim(a - axes) - 1 + before.get(a)) / stride.get(a) + 1).toList();
        return Sample.of(new MaxPlaces(size, new Slide(stride, before, ones, 1), windows), x);
    }
}
