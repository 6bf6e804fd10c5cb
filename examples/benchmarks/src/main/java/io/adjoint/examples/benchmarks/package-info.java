/**
 * Workloads timed on this library and, on request, on others. Each system runs in a process of its own with its best
 * settings in the environment, and they take turns, since only ratios of runs side by side mean anything on a machine
 * that others use too.
 */
package io.adjoint.examples.benchmarks;
