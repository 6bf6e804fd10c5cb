package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/**
 * What becomes of a distribution under invertible functions: {@code y = f_n(... f_1(x))} with density {@code p(x) / |det
 * dy/dx|}. Where a function takes more axes together than one draw has, axes of the batch become axes of the event.
 *
 * @param base the distribution of x
 * @param bijectors the functions, the first one first
 */
public record Transformed(Distribution base, List<Bijector> bijectors) implements Distribution {
    /**
     * The base as {@link Independent} of as many axes as the functions ask for.
     *
     * @throws ShapeException if a function takes more axes than the base has
     */
    public Transformed {
        bijectors = List.copyOf(bijectors);
        int rank = bijectors.stream().mapToInt(Bijector::eventRank).max().orElse(0);
        int missing = rank - base.eventShape().rank();
        base = missing > 0 ? new Independent(base, missing) : base;
    }

    /** With the functions one by one. */
    public static Transformed of(Distribution base, Bijector... bijectors) {
        return new Transformed(base, List.of(bijectors));
    }

    @Override
    public Shape batchShape() {
        return base.batchShape();
    }

    @Override
    public Shape eventShape() {
        return base.eventShape();
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor y = Parameters.value(this, value);
        Tensor stretched = Tensor.zeros(Shape.scalar(), dtype());
        Tensor isOutside = Tensor.zeros(Shape.scalar(), DType.BOOL);
        int rank = eventShape().rank();
        for (Bijector bijector : bijectors.reversed()) {
            Tensor outside = bijector.isOutside(y);
            Tensor safe = outside.where(bijector.forward(anywhere()), y);
            isOutside = isOutside.or(any(outside, rank));
            Tensor x = bijector.inverse(safe);
            Tensor log = bijector.logDeterminant(x, safe);
            stretched = stretched.add(Parameters.sumLast(log, rank - bijector.eventRank()));
            y = x;
        }
        Tensor log = base.logProb(y).sub(stretched);
        return isOutside.where(Double.NEGATIVE_INFINITY, log);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor y = base.sample(rng, sampleShape);
        for (Bijector bijector : bijectors) {
            y = bijector.forward(y);
        }
        return isReparameterised() ? y : y.detached();
    }

    @Override
    public boolean isReparameterised() {
        return base.isReparameterised();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor y = Parameters.value("cdf", this, value);
        Tensor slope = Tensor.scalar(1, dtype());
        for (Bijector bijector : bijectors.reversed()) {
            slope = slope.mul(bijector.slope().orElseThrow(() -> Parameters.unknown("cdf", this)));
        }
        return cdf(y, slope);
    }

    /** Beyond an end of a function's values the inverse is infinite, which the base's own function knows. */
    private Tensor cdf(Tensor value, Tensor slope) {
        Tensor y = value;
        for (Bijector bijector : bijectors.reversed()) {
            y = bijector.inverse(bijector.nearest(y));
        }
        Tensor below = base.cdf(y);
        return slope.lt(0).where(below.rsub(1), below);
    }

    /** A place where every function may be computed. */
    private Tensor anywhere() {
        return Tensor.scalar(0.5, dtype());
    }

    private static Tensor any(Tensor outside, int axes) {
        Tensor any = outside;
        for (int i = 0; i < axes && any.rank() > 0; i++) {
            any = any.any(-1);
        }
        return any;
    }
}
