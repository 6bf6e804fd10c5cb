package io.adjoint.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@code x[...]} chooses, by loops over coordinates: the shape of the result, and for each of its elements the row-major
 * number in x.
 */
record NaiveSubscript(int[] shape, int[] numbers) {
    /** What an index says about one axis of x, or about none, axis -1. */
    private sealed interface Part {
        int axis();
    }

    private record Fixed(int axis, int place) implements Part {}

    private record Range(int axis, int[] places) implements Part {}

    private record Fresh(int axis) implements Part {}

    private record Chosen(int axis, int[] shape, int[] places) implements Part {}

    static NaiveSubscript of(int[] x, List<Index> indices) {
        List<Part> parts = parts(x, indices);
        List<Part> lasting = parts.stream().filter(part -> !(part instanceof Fixed)).toList();
        List<Chosen> chosen = lasting.stream().filter(Chosen.class::isInstance).map(Chosen.class::cast).toList();
        int[] around = broadcast(chosen.stream().map(Chosen::shape).toList());
        int first = chosen.isEmpty() ? 0 : lasting.indexOf(chosen.getFirst());
        int last = chosen.isEmpty() ? -1 : lasting.indexOf(chosen.getLast());
        int front = last - first + 1 == chosen.size() ? first : 0;
        List<Part> others = lasting.stream().filter(part -> !(part instanceof Chosen)).toList();
        List<Integer> dims = new ArrayList<>();
        for (int i = 0; i <= others.size(); i++) {
            if (i == front) {
                Arrays.stream(around).forEach(dims::add);
            }
            if (i < others.size()) {
                dims.add(others.get(i) instanceof Range range ? range.places.length : 1);
            }
        }
        int[] shape = dims.stream().mapToInt(Integer::intValue).toArray();
        int[] numbers = new int[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
        for (int n = 0; n < numbers.length; n++) {
            int[] at = coordinates(n, shape);
            int[] from = new int[x.length];
            for (Part part : parts) {
                int other = others.indexOf(part);
                switch (part) {
                    case Fixed(int axis, int place) -> from[axis] = place;
                    case Range(int axis, int[] places) ->
                        from[axis] = places[at[other < front ? other : other + around.length]];
                    case Fresh _ -> {
                    }
                    case Chosen(int axis, int[] own, int[] places) -> {
                        if (axis >= 0) {
                            int[] b = Arrays.copyOfRange(at, front, front + around.length);
                            from[axis] = places[stretched(b, own)];
                        }
                    }
                }
            }
            numbers[n] = number(from, x);
        }
        return new NaiveSubscript(shape, numbers);
    }

    private static List<Part> parts(int[] x, List<Index> indices) {
        List<Part> parts = new ArrayList<>();
        int axis = 0;
        for (int i = 0; i < indices.size(); i++) {
            switch (indices.get(i)) {
                case Index.At(int place) -> parts.add(new Fixed(axis, wrapped(place, x[axis++])));
                case Index.Slice(int start, int stop, int step) -> {
                    int extent = x[axis];
                    List<Integer> places = new ArrayList<>();
                    for (long p = bound(start, extent); p < bound(stop, extent); p += step) {
                        places.add((int) p);
                    }
                    parts.add(new Range(axis++, places.stream().mapToInt(Integer::intValue).toArray()));
                }
                case Index.Ellipsis _ -> {
                    int after = indices.subList(i + 1, indices.size()).stream().mapToInt(NaiveSubscript::axes).sum();
                    while (axis < x.length - after) {
                        parts.add(whole(axis, x[axis++]));
                    }
                }
                case Index.NewAxis _ -> parts.add(new Fresh(-1));
                case Index.Flag(boolean isThere) ->
                    parts.add(new Chosen(-1, new int[] {isThere ? 1 : 0}, new int[isThere ? 1 : 0]));
                case Index.Of(Tensor mask) when mask.dtype() == DType.BOOL && mask.rank() == 0 ->
                    parts.add(new Chosen(-1, new int[] {(int) mask.item()}, new int[(int) mask.item()]));
                case Index.Of(Tensor mask) when mask.dtype() == DType.BOOL -> {
                    boolean[] isTrue = mask.toBooleans();
                    int[] found = IntStream.range(0, isTrue.length).filter(n -> isTrue[n]).toArray();
                    for (int a = 0; a < mask.rank(); a++) {
                        int of = a;
                        int[] places =
                                IntStream.of(found).map(n -> coordinates(n, mask.shape().dims())[of]).toArray();
                        parts.add(new Chosen(axis++, new int[] {places.length}, places));
                    }
                }
                case Index.Of(Tensor places) when places.rank() == 0 ->
                    parts.add(new Fixed(axis, wrapped((long) places.item(), x[axis++])));
                case Index.Of(Tensor places) -> {
                    int extent = x[axis];
                    parts.add(new Chosen(axis++, places.shape().dims(),
                            Arrays.stream(places.toLongs()).mapToInt(p -> wrapped(p, extent)).toArray()));
                }
            }
        }
        while (axis < x.length) {
            parts.add(whole(axis, x[axis++]));
        }
        return parts;
    }

    private static int axes(Index index) {
        return switch (index) {
            case Index.At _, Index.Slice _ -> 1;
            case Index.Of(Tensor mask) when mask.dtype() == DType.BOOL -> mask.rank();
            case Index.Of _ -> 1;
            default -> 0;
        };
    }

    private static Range whole(int axis, int extent) {
        return new Range(axis, IntStream.range(0, extent).toArray());
    }

    private static int wrapped(long place, int extent) {
        return (int) (place < 0 ? place + extent : place);
    }

    private static long bound(int place, int extent) {
        return Math.max(0, Math.min(extent, place < 0 ? (long) place + extent : place));
    }

    private static int[] broadcast(List<int[]> shapes) {
        int rank = shapes.stream().mapToInt(shape -> shape.length).max().orElse(0);
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        for (int[] shape : shapes) {
            for (int i = 0; i < shape.length; i++) {
                int at = rank - shape.length + i;
                dims[at] = shape[i] == 1 ? dims[at] : shape[i];
            }
        }
        return dims;
    }

    /** The row-major number, in a shape that stretches to it, of what stands at these coordinates. */
    static int stretched(int[] at, int[] shape) {
        int[] own = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            own[i] = shape[i] == 1 ? 0 : at[at.length - shape.length + i];
        }
        return number(own, shape);
    }

    static int number(int[] at, int[] shape) {
        int number = 0;
        for (int i = 0; i < shape.length; i++) {
            number = number * shape[i] + at[i];
        }
        return number;
    }

    static int[] coordinates(int number, int[] shape) {
        int[] at = new int[shape.length];
        for (int i = shape.length - 1; i >= 0; i--) {
            at[i] = number % shape[i];
            number /= shape[i];
        }
        return at;
    }
}
