package io.adjoint.autodiff.kernel;

/** Which of two opposite vectors is meant, where a decomposition allows both. */
final class Signs {
    private Signs() {}

    /** The sign of the element of greatest magnitude, the first among equals: 1 or -1. */
    static double ofGreatest(double[] x, int start, int stride, int count) {
        double greatest = 0;
        for (int i = 0; i < count; i++) {
            double element = x[start + i * stride];
            greatest = Math.abs(element) > Math.abs(greatest) ? element : greatest;
        }
        return greatest < 0 ? -1 : 1;
    }
}
