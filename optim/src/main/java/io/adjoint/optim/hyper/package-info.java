/** Checks of hyperparameters, for all packages of this module. */
package io.adjoint.optim.hyper;
