package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Decompositions;

/** Initialisers whose elements depend on each other or on their place. */
final class Structured {
    private Structured() {}

    static Tensor truncatedNormal(double mean, double deviation, double from, double to, Shape shape, DType dtype,
            Rng rng) {
        double low = (from - mean) / deviation;
        double high = (to - mean) / deviation;
        if (low > 0) { // the other tail is where ndtr keeps its digits
            return truncatedNormal(-mean, deviation, -to, -from, shape, dtype, rng).neg();
        }
        double below = ndtr(low);
        Tensor probability = rng.uniform(shape, DType.F64).mul(ndtr(high) - below).add(below);
        Tensor standard = probability.mul(2).sub(1).erfinv().mul(Math.sqrt(2));
        return standard.mul(deviation).add(mean).clamp(from, to).cast(dtype);
    }

    private static double ndtr(double x) {
        return Tensor.scalar(x, DType.F64).ndtr().item();
    }

    static Tensor orthogonal(double gain, Shape shape, DType dtype, Rng rng) {
        requireAxes(shape, 2, Integer.MAX_VALUE, "a weight [out, in, ...]");
        if (shape.size() == 0) {
            return Tensor.zeros(shape, dtype);
        }
        int rows = shape.dim(0);
        int columns = shape.size() / rows;
        Tensor normal = rng.normal(Shape.of(Math.max(rows, columns), Math.min(rows, columns)), dtype);
        // r has no negative number on its diagonal: without that choice of signs q would not be uniformly distributed
        Tensor q = Decompositions.qr(normal).q();
        return (rows < columns ? q.transpose() : q).mul(gain).reshape(shape);
    }

    static Tensor identity(Shape shape, DType dtype) {
        requireAxes(shape, 2, 2, "a matrix [out, in]");
        return Tensor.range(shape.dim(0)).unsqueeze(1).eq(Tensor.range(shape.dim(1))).cast(dtype);
    }

    static Tensor dirac(int groups, Shape shape, DType dtype) {
        requireAxes(shape, 3, 5, "a weight [out, in / groups, ...] with one to three more axes");
        if (shape.dim(0) % groups != 0) {
            throw ShapeException.of("initialiser", "channels cannot be divided").operand("shape", shape)
                    .operand("groups", groups).expected("a multiple of the groups as the first extent");
        }
        Tensor channel = Tensor.range(shape.dim(0)).remainder(shape.dim(0) / groups);
        Tensor weight = channel.unsqueeze(1).eq(Tensor.range(shape.dim(1)));
        for (int axis = 2; axis < shape.rank(); axis++) {
            Tensor isCentre = Tensor.range(shape.dim(axis)).eq(shape.dim(axis) / 2);
            weight = weight.unsqueeze(-1).and(isCentre);
        }
        return weight.cast(dtype);
    }

    static Tensor sparse(double share, double deviation, Shape shape, DType dtype, Rng rng) {
        requireAxes(shape, 2, 2, "a matrix [out, in]");
        int zeros = (int) Math.ceil(share * shape.dim(0));
        // the place of each element among random numbers of its column: the first ones become 0
        Tensor place = rng.stream(0).uniform(shape, DType.F64).argsort(0).argsort(0);
        return place.lt(zeros).where(0, rng.stream(1).normal(shape, dtype).mul(deviation));
    }

    private static void requireAxes(Shape shape, int least, int most, String expected) {
        if (shape.rank() < least || shape.rank() > most) {
            throw ShapeException.of("initialiser", "not such a shape").operand("shape", shape).expected(expected);
        }
    }
}
