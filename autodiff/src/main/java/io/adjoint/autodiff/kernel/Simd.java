package io.adjoint.autodiff.kernel;

import java.util.Locale;
import jdk.incubator.vector.VectorShape;

/**
 * Whether loops may use the Vector API, decided once: by the system property {@code adjoint.simd} ({@code auto}, {@code
 * off} or {@code eager}) and by the presence of the module {@code jdk.incubator.vector}.
 */
final class Simd {
    private static final Mode MODE = decide();

    private Simd() {}

    /** How SIMD loops come into play; the bits are the same in each mode. */
    enum Mode {
        /** The scalar twin serves until the SIMD loop is compiled. */
        AUTO,
        /** The scalar twin serves. */
        OFF,
        /** The SIMD loop serves from the first call, very slowly until it is compiled: for tests and benchmarks. */
        EAGER
    }

    /** The mode of this virtual machine. */
    static Mode mode() {
        return MODE;
    }

    /** Elements of {@code bytes} bytes in a vector of the preferred size; only where the mode is not OFF. */
    static int lanes(int bytes) {
        return Width.BYTES / bytes;
    }

    private static Mode decide() {
        Mode wanted = Mode.valueOf(System.getProperty("adjoint.simd", "auto").toUpperCase(Locale.ROOT));
        if (wanted != Mode.OFF
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            // Not a logger: its default format makes two lines of one.
            System.err.println(
                    "Adjoint computes without SIMD: start java with --add-modules jdk.incubator.vector to be several times faster");
            return Mode.OFF;
        }
        return wanted;
    }

    /** A class of its own, so that {@link Simd} loads where the Vector API is absent. */
    private static final class Width {
        static final int BYTES = VectorShape.preferredShape().vectorBitSize() / Byte.SIZE;
    }
}
