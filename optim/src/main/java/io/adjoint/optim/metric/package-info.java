/** Metrics. */
package io.adjoint.optim.metric;
