/** The operations: each one's shape rule, numerics and gradient rule in one place. */
package io.adjoint.autodiff.op;
