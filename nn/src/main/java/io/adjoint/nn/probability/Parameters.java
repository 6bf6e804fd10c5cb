package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Special;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** What distributions share: parameters that broadcast, values that fit, uniform numbers. */
final class Parameters {
    static final double LN_2PI = Math.log(2 * Math.PI);

    /** The constant of Euler and Mascheroni. */
    static final double EULER = 0.5772156649015329;

    /** Half the distance of uniform numbers: in place of 0, whose logarithm is infinite. */
    private static final double LEAST = 0x1p-54;

    private Parameters() {}

    /** The parameters as floats of one dtype and shape. */
    static Tensor[] broadcast(String name, Tensor... parameters) {
        DType dtype = DType.F32;
        Shape shape = Shape.scalar();
        boolean isFloat = false;
        for (Tensor parameter : parameters) {
            isFloat |= parameter.dtype().isFloat();
            dtype = DType.promote(dtype, parameter.dtype());
            shape = Shape.broadcast(name, shape, parameter.shape());
        }
        if (!isFloat) {
            throw ShapeException.of(name, "no float parameter").operand("parameter", parameters[0].spec())
                    .expected("F32 or F64");
        }
        Tensor[] equal = new Tensor[parameters.length];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = parameters[i].cast(dtype).expand(shape);
        }
        return equal;
    }

    /** A parameter whose last axes are those of an event. */
    static void requireRank(String name, String parameter, Tensor tensor, int rank) {
        if (!tensor.dtype().isFloat() || tensor.rank() < rank) {
            throw ShapeException.of(name, "not the parameter of an event").operand(parameter, tensor.spec())
                    .expected("F32 or F64 of rank " + rank + " or more");
        }
    }

    static Shape join(Shape outer, Shape inner) {
        int[] dims = Arrays.copyOf(outer.dims(), outer.rank() + inner.rank());
        System.arraycopy(inner.dims(), 0, dims, outer.rank(), inner.rank());
        return Shape.of(dims);
    }

    /** The outer axes without so many inner ones. */
    static Shape outer(Shape shape, int inner) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - inner));
    }

    static Shape inner(Shape shape, int inner) {
        return Shape.of(Arrays.copyOfRange(shape.dims(), shape.rank() - inner, shape.rank()));
    }

    static Shape whole(Distribution distribution, Shape sampleShape) {
        return join(sampleShape, distribution.batchShape());
    }

    /** A value in the dtype of the distribution, after a look at its shape. */
    static Tensor value(String operation, Distribution distribution, Tensor value) {
        Shape event = distribution.eventShape();
        Shape one = join(distribution.batchShape(), event);
        boolean fits = value.rank() >= event.rank();
        try {
            fits &= inner(Shape.broadcast(operation, value.shape(), one), event.rank()).equals(event);
        } catch (ShapeException _) {
            fits = false;
        }
        if (!fits) {
            throw ShapeException.of(operation, "the value does not fit the distribution")
                    .operand("distribution", distribution.getClass().getSimpleName())
                    .operand("value", value.shape()).expected("what broadcasts to [..., " + one + "]");
        }
        return value.cast(distribution.dtype());
    }

    /** A value for {@code logProb}. */
    static Tensor value(Distribution distribution, Tensor value) {
        return value("log_prob", distribution, value);
    }

    /** The density inside, {@code -Infinity} outside; there it is computed at another place, so that gradients are 0. */
    static Tensor within(Tensor value, Tensor outside, double inner, UnaryOperator<Tensor> density) {
        return outside.where(Double.NEGATIVE_INFINITY, density.apply(outside.where(inner, value)));
    }

    /** Where a value is not one of 0, 1, 2, ... */
    static Tensor isNoCount(Tensor value) {
        return value.lt(0).or(value.ne(value.floor()).and(value.isNaN().not()));
    }

    /** Numbers spread evenly over (0, 1), F64: neither end is ever met. */
    static Tensor uniform(Rng rng, Shape shape) {
        return rng.uniform(shape, DType.F64).clampMin(LEAST);
    }

    /** Logarithms of gamma distributed numbers, through which gradients flow. */
    static Tensor logGamma(Rng rng, Shape shape, Tensor concentration) {
        return Special.logGammaQuantile(concentration.expand(shape), uniform(rng, shape));
    }

    /** {@code p x}, 0 where p is 0 whatever x is. */
    static Tensor weighted(Tensor p, Tensor x) {
        Tensor none = p.eq(0);
        return none.where(0, p.mul(none.where(0, x)));
    }

    static Tensor sumLast(Tensor x, int axes) {
        return axes == 0 ? x : x.sum(IntStream.rangeClosed(1, axes).map(i -> -i).toArray());
    }

    static Tensor filled(Distribution distribution, double value) {
        return Tensor.full(distribution.batchShape(), distribution.dtype(), value);
    }

    /** {@code ln B(a, b)}. */
    static Tensor logBeta(Tensor a, Tensor b) {
        return a.lgamma().add(b.lgamma()).sub(a.add(b).lgamma());
    }

    static ShapeException unknown(String what, Distribution distribution) {
        return ShapeException.of(what, "not known in closed form")
                .operand("distribution", distribution.getClass().getSimpleName())
                .expected("another distribution, or an estimate from samples");
    }
}
