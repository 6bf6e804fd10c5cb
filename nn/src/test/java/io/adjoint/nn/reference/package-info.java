/** Values that PyTorch computed, as the tests of this module and of those above it read them. */
package io.adjoint.nn.reference;
