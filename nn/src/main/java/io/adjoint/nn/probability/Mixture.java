package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * A mixture of distributions of one family: one of them is drawn, then a value from it. Samples have no gradient.
 *
 * @param weights chooses the component, batch {@code [batch...]}
 * @param components batch {@code [batch..., n]} with as many as there are weights
 */
public record Mixture(Categorical weights, Distribution components) implements Distribution {
    /**
     * Both are kept as they are.
     *
     * @throws ShapeException if the batch of the components is not that of the weights with their number
     */
    public Mixture {
        if (!components.batchShape().equals(weights.logits().shape())) {
            throw ShapeException.of("mixture", "weights and components do not fit")
                    .operand("weights", weights.logits().shape()).operand("components", components.batchShape())
                    .expected("components " + weights.logits().shape());
        }
    }

    @Override
    public Shape batchShape() {
        return weights.batchShape();
    }

    @Override
    public Shape eventShape() {
        return components.eventShape();
    }

    @Override
    public DType dtype() {
        return components.dtype();
    }

    private int eventRank() {
        return eventShape().rank();
    }

    /** The probabilities beside values of the components. */
    private Tensor shares() {
        Tensor shares = weights.probabilities();
        for (int i = 0; i < eventRank(); i++) {
            shares = shares.unsqueeze(-1);
        }
        return shares;
    }

    private Tensor averaged(Tensor x) {
        return x.mul(shares()).sum(-1 - eventRank());
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor logs = components.logProb(x.unsqueeze(-1 - eventRank())).add(weights.logits());
        Tensor outside = logs.eq(Double.NEGATIVE_INFINITY).all(-1);
        // logarithms of nothing but zeros have no gradient
        return outside.where(Double.NEGATIVE_INFINITY, outside.unsqueeze(-1).where(0, logs).logSumExp(-1));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor all = components.sample(rng.stream(0), sampleShape).detached();
        Tensor index = weights.sample(rng.stream(1), sampleShape).unsqueeze(-1);
        for (int i = 0; i < eventRank(); i++) {
            index = index.unsqueeze(-1);
        }
        int axis = -1 - eventRank();
        return all.takeAlongAxis(axis, index).squeeze(axis);
    }

    @Override
    public Tensor mean() {
        return averaged(components.mean());
    }

    @Override
    public Tensor variance() {
        Tensor mean = components.mean();
        Tensor away = mean.sub(averaged(mean).unsqueeze(-1 - eventRank()));
        return averaged(components.variance().add(away.square()));
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return averaged(components.cdf(x.unsqueeze(-1)));
    }
}
