package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * A batch of distributions as one distribution of more axes: the innermost axes of the batch become axes of the event, so that
 * probabilities along them are multiplied.
 *
 * @param base the distributions
 * @param axes how many axes of the batch move
 */
public record Independent(Distribution base, int axes) implements Distribution {
    /**
     * The base is kept as it is.
     *
     * @throws ShapeException if its batch has fewer axes
     */
    public Independent {
        if (axes < 0 || axes > base.batchShape().rank()) {
            throw ShapeException.of("independent", "not as many axes").operand("axes", axes)
                    .operand("batch", base.batchShape()).expected("0 to " + base.batchShape().rank());
        }
    }

    @Override
    public Shape batchShape() {
        return Parameters.outer(base.batchShape(), axes);
    }

    @Override
    public Shape eventShape() {
        return Parameters.join(Parameters.inner(base.batchShape(), axes), base.eventShape());
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        // expanded, since a value that broadcasts counts for each element
        Shape shape = Shape.broadcast("log_prob", Parameters.value(this, value).shape(),
                Parameters.join(batchShape(), eventShape()));
        return Parameters.sumLast(base.logProb(value.expand(shape)), axes);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return base.sample(rng, sampleShape);
    }

    @Override
    public boolean isReparameterised() {
        return base.isReparameterised();
    }

    @Override
    public Tensor entropy() {
        return Parameters.sumLast(base.entropy(), axes);
    }

    @Override
    public Tensor mean() {
        return base.mean();
    }

    @Override
    public Tensor variance() {
        return base.variance();
    }

    @Override
    public Tensor mode() {
        return base.mode();
    }
}
