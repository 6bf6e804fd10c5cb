/** Runnable programs on real data. */
package io.adjoint.examples;
