package io.adjoint.serialization.tensorboard;

import io.adjoint.autodiff.ShapeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as files have them: seconds since 1970, in a double, which holds those of today to a quarter of a microsecond. */
final class Times {
    private static final double NANOS = 1e9;
    private static final double MICROS = 1e6;

    private Times() {}

    /** Refuses a time that a reader would refuse. */
    static Instant require(Instant time) {
        if (time.getEpochSecond() < 0 || time.getEpochSecond() >= Limits.SECONDS) {
            throw ShapeException.of("event file", "no such time").operand("time", time)
                    .expected("one of the years 1970 to 9999");
        }
        return time;
    }

    static double seconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / NANOS;
    }

    /** To the microsecond; empty if these are no seconds of the years 1970 to 9999. */
    static Optional<Instant> of(double seconds) {
        return seconds >= 0 && seconds < Limits.SECONDS
                ? Optional.of(Instant.EPOCH.plus(Math.round(seconds * MICROS), ChronoUnit.MICROS))
                : Optional.empty();
    }
}
