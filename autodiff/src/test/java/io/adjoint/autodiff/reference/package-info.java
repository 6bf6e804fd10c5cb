/** Values that other frameworks computed, and the tests that hold this library against them. */
package io.adjoint.autodiff.reference;
