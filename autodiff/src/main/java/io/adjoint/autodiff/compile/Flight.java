package io.adjoint.autodiff.compile;

import jdk.jfr.FlightRecorder;

/**
 * What programs report to Java Flight Recorder, if this virtual machine has one. Nothing of {@code jdk.jfr} is touched where
 * it is missing, and nothing is allocated where no recording wants it.
 */
final class Flight {
    private static final boolean PRESENT = isPresent();

    private Flight() {}

    private static boolean isPresent() {
        try {
            Class.forName("jdk.jfr.Event");
            return true;
        } catch (ClassNotFoundException _) {
            return false;
        }
    }

    /**
     * Whether there is a recorder. Before there is one, no recording wants anything, and loading the events would take as long as
     * tracing a small network.
     */
    private static boolean hasRecorder() {
        return PRESENT && FlightRecorder.isInitialized();
    }

    /** A function was traced and compiled for a signature; {@code known} is the number of signatures that it had before. */
    static void compiled(String function, String signature, int known, long nanos, Plan plan) {
        if (hasRecorder()) {
            FlightEvents.compiled(function, signature, known, nanos, plan);
        }
    }

    static boolean wantsSlowSteps() {
        return hasRecorder() && FlightEvents.wantsSlowSteps();
    }

    static void slowStep(String function, String signature, long nanos, long median) {
        FlightEvents.slowStep(function, signature, nanos, median);
    }

    static boolean wantsSlowOperations() {
        return hasRecorder() && FlightEvents.wantsSlowOperations();
    }

    /** Runs a launch as an event, which is dropped if it took less than the recording's threshold. */
    static void operation(Runnable launch, Plan plan, int number) {
        FlightEvents.operation(launch, plan, number);
    }
}
