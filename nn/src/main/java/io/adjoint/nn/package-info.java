/** Neural networks: models as trees of parameters, and the layers, losses and distributions to build them from. */
package io.adjoint.nn;
