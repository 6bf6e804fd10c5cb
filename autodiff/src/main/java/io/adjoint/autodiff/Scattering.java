package io.adjoint.autodiff;

/**
 * What is scattered where, checked: base, index and source have one rank, at least one axis, and the source is cut to the
 * extents of the index.
 */
record Scattering(Tensor base, int axis, Tensor index, Tensor source) {
    /** An index with a number for each element of the source. */
    static Scattering of(String operation, Tensor base, int axis, Tensor index, Tensor source) {
        Scattering given = of(operation, base, axis, index);
        if (given.isEmpty()) {
            return given;
        }
        Places.requireDType(operation, "source", source, base);
        Tensor cut = Places.axes(source);
        boolean fits = cut.rank() == given.index.rank();
        for (int i = 0; fits && i < cut.rank(); i++) {
            int extent = given.index.dim(i);
            fits = extent <= cut.dim(i);
            cut = fits && extent < cut.dim(i) ? cut.slice(i, 0, extent) : cut;
        }
        if (!fits) {
            throw ShapeException.of(operation, "the source does not fit the index").operand("source", source.shape())
                    .operand("index", index.shape()).expected("the same rank, and no extent below the index's");
        }
        return new Scattering(given.base, given.axis, given.index, cut);
    }

    /** An index alone; it stands for the source. */
    static Scattering of(String operation, Tensor base, int axis, Tensor index) {
        Tensor into = Places.axes(base);
        int at = into.shape().axis(operation, axis);
        Tensor places = Places.axes(Places.checked(operation, index, into.dim(at)));
        boolean fits = places.size() == 0 || places.rank() == into.rank();
        for (int i = 0; places.size() > 0 && fits && i < into.rank(); i++) {
            fits = i == at || places.dim(i) <= into.dim(i);
        }
        if (!fits) {
            throw ShapeException.of(operation, "the index does not fit the input").operand("index", index.shape())
                    .operand("input", base.shape())
                    .expected("the same rank, and extents not above the input's except at axis " + at);
        }
        return new Scattering(into, at, places, places);
    }

    /** A list with a number for each slice of the source. */
    static Scattering ofSlices(String operation, Tensor base, int axis, Tensor index, Tensor source) {
        Tensor into = Places.axes(base);
        int at = into.shape().axis(operation, axis);
        Tensor list = Places.checked(operation, Places.list(operation, index), into.dim(at));
        Places.requireDType(operation, "source", source, base);
        Tensor slices = Places.axes(source);
        if (!slices.shape().equals(into.shape().with(at, list.size()))) {
            throw ShapeException.of(operation, "not a slice for each index").operand("source", source.shape())
                    .operand("index", index.shape()).operand("input", base.shape())
                    .expected("a source " + into.shape().with(at, list.size()));
        }
        return new Scattering(into, at, Places.along(list, at, into.shape()), slices);
    }

    /** Whether no element is scattered; shapes say nothing then. */
    boolean isEmpty() {
        return index.size() == 0;
    }

    /** BOOL of the base's shape: where the index names a place. */
    Tensor hit() {
        return Places.hit(base.shape(), axis, index);
    }

    /** The base, or where it does not count, a neutral number in the places that the index names. */
    Tensor baseOr(double neutral, ScatterBase counts) {
        return switch (counts) {
            case INCLUDED -> base;
            case EXCLUDED -> hit().where(Tensor.scalar(neutral, base.dtype()), base);
        };
    }

    /** How many elements there are at each place, I64 of at least 1. */
    Tensor count(ScatterBase counts) {
        Tensor ones = Tensor.full(index.shape(), DType.I64, 1);
        return switch (counts) {
            case INCLUDED -> Tensor.full(base.shape(), DType.I64, 1).scatterAdd(axis, index, ones);
            case EXCLUDED -> Tensor.zeros(base.shape(), DType.I64).scatterAdd(axis, index, ones).maximum(1);
        };
    }
}
