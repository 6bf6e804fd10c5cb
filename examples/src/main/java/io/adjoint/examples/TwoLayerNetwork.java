package io.adjoint.examples;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/**
 * A network of two sigmoid layers with its gradients written out by hand. Matrices hold a data point in each row and a
 * feature in each column:
 *
 * <pre>{@code
 * Z1 = X W1 + b1    A1 = s(Z1)        [n, hidden]
 * Z2 = A1 W2 + b2   A2 = s(Z2)        [n, outputs]
 * C  = 1/(2n) * sum of (A2 - Y)^2
 * }</pre>
 *
 * @param w1 {@code [features, hidden]}
 * @param b1 {@code [hidden]}
 * @param w2 {@code [hidden, outputs]}
 * @param b2 {@code [outputs]}
 */
record TwoLayerNetwork(Tensor w1, Tensor b1, Tensor w2, Tensor b2) {

    /** What the backward pass computes: the errors of both layers and the gradients of the cost. */
    record Backward(Tensor error2, Tensor error1, Tensor w1, Tensor b1, Tensor w2, Tensor b2) {}

    static TwoLayerNetwork random(int features, int hidden, int outputs, Rng rng) {
        return new TwoLayerNetwork(
                rng.stream(0).normal(Shape.of(features, hidden), DType.F64).div(Math.sqrt(features)),
                Tensor.zeros(Shape.of(hidden), DType.F64),
                rng.stream(1).normal(Shape.of(hidden, outputs), DType.F64).div(Math.sqrt(hidden)),
                Tensor.zeros(Shape.of(outputs), DType.F64));
    }

    /** The output {@code A2}, {@code [n, outputs]}. */
    Tensor forward(Tensor x) {
        Tensor a1 = x.matmul(w1).add(b1).sigmoid();
        return a1.matmul(w2).add(b2).sigmoid();
    }

    /** The quadratic cost. */
    Tensor cost(Tensor x, Tensor y) {
        return forward(x).sub(y).square().sum().div(2.0 * x.dim(0));
    }

    /** The four equations of backpropagation in matrix form. */
    Backward backward(Tensor x, Tensor y) {
        Tensor a1 = x.matmul(w1).add(b1).sigmoid();
        Tensor a2 = a1.matmul(w2).add(b2).sigmoid();
        // 1. output error: how the cost changes with Z2; s'(Z) = A (1 - A)
        Tensor error2 = a2.sub(y).div(x.dim(0)).mul(a2.mul(a2.rsub(1)));
        // 2. the error passed back through the weights: how the cost changes with Z1
        Tensor error1 = error2.matmul(w2.transpose()).mul(a1.mul(a1.rsub(1)));
        // 3. bias gradients: the errors summed over the data points; 4. weight gradients: input times error
        return new Backward(error2, error1,
                x.transpose().matmul(error1), error1.sum(Axes.drop(0)),
                a1.transpose().matmul(error2), error2.sum(Axes.drop(0)));
    }

    /** The network one step down the gradients. */
    TwoLayerNetwork step(Backward gradients, double learningRate) {
        return new TwoLayerNetwork(
                w1.sub(gradients.w1.mul(learningRate)), b1.sub(gradients.b1.mul(learningRate)),
                w2.sub(gradients.w2.mul(learningRate)), b2.sub(gradients.b2.mul(learningRate)));
    }

    /** The same gradients from the recorded computation, without a formula of backpropagation in sight. */
    Backward automatic(Tensor x, Tensor y) {
        TwoLayerNetwork tracked = new TwoLayerNetwork(w1.tracked(), b1.tracked(), w2.tracked(), b2.tracked());
        Tensor z1 = x.matmul(tracked.w1).add(tracked.b1).tracked();
        Tensor z2 = z1.sigmoid().matmul(tracked.w2).add(tracked.b2).tracked();
        Tensor cost = z2.sigmoid().sub(y).square().sum().div(2.0 * x.dim(0));
        List<Tensor> gradients = cost.gradients(z2, z1, tracked.w1, tracked.b1, tracked.w2, tracked.b2).values();
        return new Backward(gradients.get(0), gradients.get(1), gradients.get(2), gradients.get(3), gradients.get(4),
                gradients.get(5));
    }
}
