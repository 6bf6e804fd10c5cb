package io.adjoint.autodiff.check;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;

/** Tensors as Java numbers and back: a check adds up in plain Java, so that no operation is its own judge. */
final class Elements {
    private Elements() {}

    static double[] of(Tensor x) {
        return x.detached().cast(DType.F64).toDoubles();
    }

    /** A constant of the shape and dtype of another tensor. */
    static Tensor like(Tensor other, double[] elements) {
        return Tensor.of(elements, other.shape()).cast(other.dtype());
    }

    /** {@code x + factor * direction}, rounded to the dtype of x. */
    static Tensor moved(Tensor x, double[] direction, double factor) {
        double[] elements = of(x);
        for (int i = 0; i < elements.length; i++) {
            elements[i] += factor * direction[i];
        }
        return like(x, elements);
    }

    /** {@code (a - b) / width}. */
    static double[] slope(double[] a, double[] b, double width) {
        double[] slope = new double[a.length];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = (a[i] - b[i]) / width;
        }
        return slope;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** {@code sum |a_i b_i|}: the size of a dot product before anything cancels. */
    static double absoluteDot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] * b[i]);
        }
        return sum;
    }

    static double greatest(double[] a) {
        double greatest = 0;
        for (double x : a) {
            greatest = Math.max(greatest, Math.abs(x));
        }
        return greatest;
    }

    /** The least magnitude other than zero; 1 if there is none. */
    static double leastButZero(Tensor x) {
        double least = 1;
        for (double element : of(x)) {
            least = element == 0 ? least : Math.min(least, Math.abs(element));
        }
        return least;
    }
}
