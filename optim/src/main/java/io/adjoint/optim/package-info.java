/** Optimizers, learning-rate schedules and the training loop. */
package io.adjoint.optim;
