/** Gradient checking: the gradients that a program computes against finite differences. */
package io.adjoint.autodiff.check;
