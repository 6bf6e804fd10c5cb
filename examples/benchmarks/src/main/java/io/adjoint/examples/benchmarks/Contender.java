package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * A system as it is started at its best.
 *
 * @param name in the table
 * @param mainClass its {@link Side}
 * @param options of the JVM
 * @param environment what its native libraries read
 */
record Contender(String name, String mainClass, List<String> options, Map<String, String> environment) {
    private static final String PACKAGE = Contender.class.getPackageName() + ".";

    static Contender adjoint(int threads) {
        return new Contender(
                "adjoint", PACKAGE + "AdjointSide",
                List.of("--add-modules", "jdk.incubator.vector", "-Dadjoint.threads=" + threads), Map.of());
    }

    /**
     * Two libraries in it have thread pools of their own. Left alone, OpenBLAS uses two threads where one is asked for, and
     * with several threads the pools spin against each other.
     */
    static Contender libtorch(int threads) {
        String count = Integer.toString(threads);
        return new Contender(
                "libtorch", PACKAGE + "LibtorchSide", List.of("--enable-native-access=ALL-UNNAMED"),
                Map.of(
                        "OMP_NUM_THREADS", count, "OPENBLAS_NUM_THREADS", count, "OMP_WAIT_POLICY", "PASSIVE",
                        "OPENBLAS_THREAD_TIMEOUT", "4"));
    }
}
