/**
 * Gradient checking: the gradients that a program computes against finite differences. Begin with
 * {@link io.adjoint.autodiff.check.GradientCheck}.
 */
package io.adjoint.autodiff.check;
