/** Single kernels under JMH, for work on one of them; run by {@code examples/run jmh}. */
package io.adjoint.examples.benchmarks.kernels;
