/** Parts that several transformations are built from. */
package io.adjoint.optim.stage;
