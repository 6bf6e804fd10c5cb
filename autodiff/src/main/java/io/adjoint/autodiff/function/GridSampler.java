package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/** One call of {@link Grids#sample}: positions are {@code [batch, points]}, one tensor for each axis of the images. */
final class GridSampler {
    private static final double A = -0.75;

    private final Tensor images;
    private final Outside outside;
    private final Corners corners;
    private final int[] result;
    private final int[] extents;
    private final Tensor[] positions;

    GridSampler(Tensor images, Tensor grid, Outside outside, Corners corners) {
        this.images = images;
        this.outside = outside;
        this.corners = corners;
        int axes = images.rank() - 2;
        result = images.shape().dims();
        System.arraycopy(grid.shape().dims(), 1, result, 2, axes);
        extents = Arrays.copyOfRange(images.shape().dims(), 2, axes + 2);
        positions = new Tensor[axes];
        for (int axis = 0; axis < axes; axis++) {
            Tensor point = grid.select(-1, axes - 1 - axis).flatten(1);
            positions[axis] = corners == Corners.CENTRES
                    ? point.add(1).div(2).mul(extents[axis] - 1.0)
                    : point.add(1).mul(extents[axis]).sub(1).div(2);
        }
    }

    Tensor sample(SampleMode mode) {
        return switch (mode) {
            case NEAREST -> nearest();
            case LINEAR -> linear();
            case CUBIC -> cubic();
        };
    }

    private Tensor nearest() {
        Tensor[] places = new Tensor[positions.length];
        for (int axis = 0; axis < places.length; axis++) {
            places[axis] = inside(positions[axis], axis).round();
        }
        return shaped(elements(places));
    }

    private Tensor linear() {
        int axes = positions.length;
        Tensor[][] places = new Tensor[axes][];
        Tensor[][] weights = new Tensor[axes][];
        for (int axis = 0; axis < axes; axis++) {
            Tensor position = inside(positions[axis], axis);
            Tensor below = position.detached().floor();
            Tensor part = position.sub(below);
            places[axis] = new Tensor[] {below, below.add(1)};
            weights[axis] = new Tensor[] {part.rsub(1), part};
        }
        return weighted(places, weights);
    }

    private Tensor cubic() {
        Tensor[][] places = new Tensor[positions.length][4];
        Tensor[][] weights = new Tensor[positions.length][];
        for (int axis = 0; axis < places.length; axis++) {
            Tensor below = positions[axis].detached().floor();
            Tensor part = positions[axis].sub(below);
            for (int tap = 0; tap < 4; tap++) {
                places[axis][tap] = inside(below.add(tap - 1.0), axis);
            }
            weights[axis] = new Tensor[] {outer(part.add(1)), inner(part), inner(part.rsub(1)), outer(part.rsub(2))};
        }
        return weighted(places, weights);
    }

    private static Tensor inner(Tensor x) {
        return x.mul(A + 2).sub(A + 3).mul(x).mul(x).add(1);
    }

    private static Tensor outer(Tensor x) {
        return x.mul(A).sub(5 * A).mul(x).add(8 * A).mul(x).sub(4 * A);
    }

    /** The sum over all combinations of one tap along each axis. */
    private Tensor weighted(Tensor[][] places, Tensor[][] weights) {
        int taps = places[0].length;
        int combinations = (int) Math.pow(taps, places.length);
        Tensor sum = null;
        for (int i = 0; i < combinations; i++) {
            Tensor[] place = new Tensor[places.length];
            Tensor weight = null;
            int rest = i;
            for (int axis = places.length - 1; axis >= 0; axis--) {
                int tap = rest % taps;
                rest /= taps;
                place[axis] = places[axis][tap];
                weight = weight == null ? weights[axis][tap] : weight.mul(weights[axis][tap]);
            }
            Tensor term = elements(place).mul(weight.unsqueeze(1));
            sum = sum == null ? term : sum.add(term);
        }
        return shaped(sum);
    }

    /** A position brought into the image, where that is what happens outside. */
    private Tensor inside(Tensor position, int axis) {
        return switch (outside) {
            case ZEROS -> position;
            case BORDER -> clipped(position, axis);
            case REFLECTION -> clipped(reflected(position, axis), axis);
        };
    }

    /** On and outside the border the position is constant; NaN is the first element. */
    private Tensor clipped(Tensor position, int axis) {
        double last = extents[axis] - 1.0;
        Tensor within = position.gt(0).and(position.lt(last));
        Tensor behind = position.ge(last).cast(position.dtype()).mul(last);
        return within.where(position, behind);
    }

    private Tensor reflected(Tensor position, int axis) {
        double low = corners == Corners.CENTRES ? 0 : -0.5;
        double twice = corners == Corners.CENTRES ? 2 * (extents[axis] - 1.0) : 2.0 * extents[axis];
        if (twice == 0) {
            return position.mul(0);
        }
        Tensor distance = position.sub(low).abs();
        Tensor extra = distance.sub(distance.div(twice).floor().mul(twice));
        return extra.minimum(extra.rsub(twice)).add(low);
    }

    /** {@code [batch, channels, points]}: the elements at whole positions, zero where there is none. */
    private Tensor elements(Tensor[] places) {
        Tensor place = null;
        Tensor exists = null;
        for (int axis = 0; axis < places.length; axis++) {
            Tensor at = places[axis].detached();
            double last = extents[axis] - 1.0;
            Tensor valid = at.ge(0).and(at.le(last));
            Tensor index = valid.where(at, 0).cast(DType.I64);
            place = place == null ? index : place.mul(extents[axis]).add(index);
            exists = exists == null ? valid : exists.and(valid);
        }
        int[] dims = {images.dim(0), images.dim(1), place.dim(1)};
        Tensor found = images.flatten(2).gather(2, place.unsqueeze(1).expand(dims));
        return exists.unsqueeze(1).where(found, 0);
    }

    private Tensor shaped(Tensor points) {
        return points.reshape(result);
    }
}
