package io.adjoint.autodiff;

/**
 * One part of what stands in the brackets of {@code x[...]} in PyTorch and numpy: {@code x.get(Index.at(0), Index.ellipsis(),
 * Index.from(-2))} is {@code x[0, ..., -2:]}. The parts speak about the axes of a tensor from the outermost on; axes that
 * nothing speaks about stay whole. A place below 0 counts from the end.
 *
 * <p>{@link Of} and {@link Flag} choose by tensors, which broadcast together: their axes stand in the result where the
 * indexed axes stood if these are neighbours, else in front of all others. Without them the result is a view.
 */
public sealed interface Index {
    /** One place along an axis, which vanishes; it is taken before tensors choose, so it does not stand between them. */
    static Index at(int place) {
        return new At(place);
    }

    /** The whole axis, {@code :}. */
    static Slice all() {
        return from(0);
    }

    /** From a place to the end, {@code start:}. */
    static Slice from(int start) {
        return slice(start, Integer.MAX_VALUE);
    }

    /** From the beginning up to but without a place, {@code :stop}. */
    static Slice to(int stop) {
        return slice(0, stop);
    }

    /** The places from {@code start} up to but without {@code stop}, {@code start:stop}. */
    static Slice slice(int start, int stop) {
        return slice(start, stop, 1);
    }

    /**
     * Every {@code step}-th place from {@code start} up to but without {@code stop}, {@code start:stop:step}.
     *
     * @throws ShapeException if the step is below 1
     */
    static Slice slice(int start, int stop, int step) {
        return new Slice(start, stop, step);
    }

    /** As many whole axes as nothing else speaks about, {@code ...}; at most one in a list. */
    static Index ellipsis() {
        return new Ellipsis();
    }

    /** A new axis of extent 1, {@code None}. */
    static Index newAxis() {
        return new NewAxis();
    }

    /** A new axis that is there once, or not at all: an index tensor {@code [0]}, or an empty one, along a new axis. */
    static Index bool(boolean isThere) {
        return new Flag(isThere);
    }

    /**
     * Places in a tensor.
     *
     * @param places I64 of any shape: a place along one axis for each element, a scalar being {@link #at}; or BOOL of the shape of
     *     the axes it speaks about, standing for the places where it is true, a scalar being {@link #bool}. Scalars and truth
     *     values are read on the host.
     * @throws ShapeException if the dtype is another one
     */
    static Index of(Tensor places) {
        return new Of(places);
    }

    /** One place. */
    record At(int place) implements Index {}

    /**
     * A range of places. What lies beyond the axis is left out, as in Python.
     *
     * @param start first place
     * @param stop place after the last
     * @param step 1 or more
     */
    record Slice(int start, int stop, int step) implements Index {
        public Slice {
            if (step < 1) {
                throw ShapeException.of("index", "not a step forwards").operand("step", step)
                        .expected("1 or more; flip() turns an axis around");
            }
        }

        /** This range with another step. */
        public Slice every(int places) {
            return new Slice(start, stop, places);
        }
    }

    /** All axes that nothing else speaks about. */
    record Ellipsis() implements Index {}

    /** A new axis. */
    record NewAxis() implements Index {}

    /** A truth value. */
    record Flag(boolean isThere) implements Index {}

    /** Places in a tensor, I64 or BOOL. */
    record Of(Tensor places) implements Index {
        public Of {
            if (places.dtype() != DType.I64 && places.dtype() != DType.BOOL) {
                throw ShapeException.of("index", "neither places nor truth values").operand("index", places.spec())
                        .expected("I64 or BOOL");
            }
        }
    }
}
