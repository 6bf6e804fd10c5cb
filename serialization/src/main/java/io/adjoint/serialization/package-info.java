/** Models and training state as files. */
package io.adjoint.serialization;
