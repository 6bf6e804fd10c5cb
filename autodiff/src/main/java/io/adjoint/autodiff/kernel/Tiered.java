package io.adjoint.autodiff.kernel;

/** Scalar code with a SIMD twin that has to be compiled before it may serve: {@link Warmer} sees to that. */
interface Tiered {
    /** How much the SIMD twin was missed so far. */
    long operations();

    /** Has the SIMD twin compiled and lets it serve; if it does not get fast, for lack of an instruction, nothing changes. */
    void rehearse();
}
