/**
 * Workloads timed on this library and, on request, on others.
 *
 * <p>A {@link io.adjoint.examples.benchmarks.Workload} says what is computed, from which numbers; each system has a {@link
 * io.adjoint.examples.benchmarks.Side} that says in one switch how it does it. An {@link
 * io.adjoint.examples.benchmarks.Entry} is a way of measuring. Each system runs in a process of its own with its best settings
 * in the environment, and they take turns, since only ratios of runs side by side mean anything on a machine that others use
 * too. Before that they have to come to the same results, so that nobody wins by computing less.
 */
package io.adjoint.examples.benchmarks;
