package io.adjoint.examples.benchmarks;

/** A workload as one system does it. */
interface Job {
    /** What is timed. */
    void run();

    /**
     * Numbers that every system has to find too, before times mean anything; asked for once, before the first run.
     */
    double[] evidence();
}
