package io.adjoint.autodiff.check;

import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;

/** Terms that depend on a point, and the gradient of their weighted sum: what one order of a check differentiates. */
interface Quantity {
    /** A result, and the tracked tensors of the point that it was computed from. */
    record Trace(Tensor result, Tensor[] leaves) {
        Tensor weighted(double[] weights) {
            return result.mul(Elements.like(result, weights)).sum();
        }
    }

    /** The function under check, evaluated so that gradients can be taken. */
    interface Function {
        Trace at(List<Tensor> point);
    }

    /** The terms at a point. */
    double[] terms(List<Tensor> point);

    /** The gradient of the weighted sum of the terms by each tensor of the point. */
    List<double[]> gradient(List<Tensor> point, double[] weights);

    /** First order: the elements of the function's result. */
    record Value(Function function) implements Quantity {
        @Override
        public double[] terms(List<Tensor> point) {
            return Elements.of(function.at(point).result());
        }

        @Override
        public List<double[]> gradient(List<Tensor> point, double[] weights) {
            Trace trace = function.at(point);
            return elements(trace.weighted(weights).gradients(trace.leaves));
        }
    }

    /** Second order: the elements of the gradient of the function's result, with fixed weights. */
    record Slope(Function function, double[] fixed) implements Quantity {
        @Override
        public double[] terms(List<Tensor> point) {
            List<double[]> gradient = new Value(function).gradient(point, fixed);
            return gradient.stream().flatMapToDouble(Arrays::stream).toArray();
        }

        @Override
        public List<double[]> gradient(List<Tensor> point, double[] weights) {
            Trace trace = function.at(point);
            Tensor sum = Tensor.scalar(0, trace.result.dtype());
            int start = 0;
            for (Tensor slope : trace.weighted(fixed).differentiableGradients(trace.leaves).values()) {
                double[] part = Arrays.copyOfRange(weights, start, start + slope.size());
                sum = sum.add(slope.mul(Elements.like(slope, part)).sum());
                start += slope.size();
            }
            return elements(sum.gradients(trace.leaves));
        }
    }

    private static List<double[]> elements(Gradients gradients) {
        return gradients.values().stream().map(Elements::of).toList();
    }
}
