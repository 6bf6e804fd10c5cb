package io.adjoint.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A list of indices applied to a tensor: what is a view at once, then what index tensors choose in that view. */
final class Subscript {
    private final String operation;
    private final Shape whole;
    private Tensor view;
    /** The index tensors by the axis of the view that they choose along: I64, counted from the front, in range. */
    private final SequencedMap<Integer, Tensor> chosen = new TreeMap<>();
    private int axis;

    private Subscript(String operation, Tensor x) {
        this.operation = operation;
        this.whole = x.shape();
        this.view = x;
    }

    static Tensor of(String operation, Tensor x, Index... indices) {
        Subscript subscript = new Subscript(operation, x);
        int left = subscript.axesLeft(indices);
        for (Index index : indices) {
            subscript.take(index, left);
        }
        return subscript.chosen.isEmpty() ? subscript.view : subscript.choose();
    }

    /** How many axes no index speaks about. */
    private int axesLeft(Index[] indices) {
        int named = Arrays.stream(indices).mapToInt(Subscript::axes).sum();
        if (named > whole.rank()) {
            throw ShapeException.of(operation, "more axes than there are").operand("indices for", named + " axes")
                    .operand("input", whole).expected("indices for at most " + whole.rank());
        }
        if (Arrays.stream(indices).filter(Index.Ellipsis.class::isInstance).count() > 1) {
            throw ShapeException.of(operation, "more than one ellipsis").operand("indices", indices.length)
                    .expected("one at most, since it stands for all axes left");
        }
        return whole.rank() - named;
    }

    private static int axes(Index index) {
        return switch (index) {
            case Index.At _, Index.Slice _ -> 1;
            case Index.Ellipsis _, Index.NewAxis _, Index.Flag _ -> 0;
            case Index.Of(Tensor places) -> places.dtype() == DType.BOOL ? places.rank() : 1;
        };
    }

    private void take(Index index, int axesLeft) {
        switch (index) {
            case Index.At(int place) -> view = Places.select(operation, view, axis, place);
            case Index.Slice slice -> view = slice(slice);
            case Index.Ellipsis _ -> axis += axesLeft;
            case Index.NewAxis _ -> view = view.unsqueeze(axis++);
            case Index.Flag(boolean isThere) -> {
                view = view.unsqueeze(axis);
                choose(Tensor.zeros(Shape.of(isThere ? 1 : 0), DType.I64));
            }
            case Index.Of(Tensor places) when places.rank() > 0 -> take(places);
            case Index.Of(Tensor one) when one.dtype() == DType.BOOL -> take(Index.bool(one.item() != 0), axesLeft);
            case Index.Of(Tensor one) -> {
                Places.resolved(operation, one, view.dim(axis));
                take(Index.at((int) one.item()), axesLeft); // in range, hence an int
            }
        }
    }

    private Tensor slice(Index.Slice slice) {
        int extent = view.dim(axis);
        int start = clamp(slice.start(), extent);
        return view.slice(axis++, start, Math.max(start, clamp(slice.stop(), extent)), slice.step());
    }

    private static int clamp(int place, int extent) {
        return Math.clamp(place < 0 ? (long) place + extent : place, 0, extent);
    }

    private void take(Tensor places) {
        if (places.dtype() == DType.I64) {
            choose(Places.resolved(operation, places, view.dim(axis)));
            return;
        }
        Shape masked = Shape.of(IntStream.range(axis, axis + places.rank()).map(view::dim).toArray());
        if (!places.shape().equals(masked)) {
            throw ShapeException.of(operation, "a mask of another shape").operand("mask", places.shape())
                    .operand("from axis", axis).operand("of", view.shape()).expected("a mask " + masked);
        }
        places.nonzero().unbind(1).forEach(this::choose);
    }

    private void choose(Tensor places) {
        chosen.put(axis++, places);
    }

    private Tensor choose() {
        Shape around = Shape.scalar();
        for (Tensor places : chosen.values()) {
            around = Shape.broadcast(operation, around, places.shape());
        }
        int first = chosen.firstEntry().getKey();
        if (chosen.lastEntry().getKey() - first >= chosen.size()) {
            view = view.permute(chosenFirst()); // they are no neighbours
            first = 0;
        }
        int[] extents = Arrays.copyOfRange(view.shape().dims(), first, first + chosen.size());
        int[] strides = Shape.of(extents).rowMajorStrides();
        Tensor numbers = Tensor.zeros(around, DType.I64);
        int i = 0;
        for (Tensor places : chosen.values()) {
            numbers = numbers.add(places.mul(strides[i++]));
        }
        int[] before = Arrays.copyOf(view.shape().dims(), first);
        int[] after = Arrays.copyOfRange(view.shape().dims(), first + extents.length, view.rank());
        return view.reshape(joined(before, new int[] {Shape.of(extents).size()}, after))
                .indexSelect(first, numbers.reshape(Shape.of(around.size())))
                .reshape(joined(before, around.dims(), after));
    }

    private int[] chosenFirst() {
        List<Integer> order = new ArrayList<>(chosen.keySet());
        IntStream.range(0, view.rank()).filter(at -> !chosen.containsKey(at)).forEach(order::add);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Shape joined(int[]... parts) {
        return Shape.of(Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray());
    }
}
