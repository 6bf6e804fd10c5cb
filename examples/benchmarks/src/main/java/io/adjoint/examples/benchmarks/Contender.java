package io.adjoint.examples.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A system as it is started at its best.
 *
 * @param name in the table
 * @param mainClass its {@link Side}
 * @param threads that it may use
 * @param options of the JVM
 * @param environment what its native libraries read
 */
record Contender(String name, String mainClass, int threads, List<String> options, Map<String, String> environment) {
    private static final String PACKAGE = Contender.class.getPackageName() + ".";

    /** Settings of the native libraries that a user's environment may hold; the ones below are meant to be the best. */
    private static final List<String> LIBRARIES =
            List.of("OPENBLAS_", "OMP_", "GOMP_", "KMP_", "MKL_", "THP_", "MALLOC_", "GLIBC_TUNABLES");

    /** Bytes, more than any workload has. */
    private static final String EVERYTHING = "17179869184";

    static Contender adjoint(int threads) {
        return new Contender("adjoint", PACKAGE + "AdjointSide", threads,
                List.of("--add-modules", "jdk.incubator.vector", "-Dadjoint.threads=" + threads), Map.of());
    }

    static Contender compiled(int threads) {
        Contender eager = adjoint(threads);
        return new Contender("adjoint-compiled", PACKAGE + "CompiledSide", threads, eager.options, Map.of());
    }

    /** The trainer beside a loop of compiled steps. */
    static Contender trainer(int threads) {
        return new Contender("adjoint-trainer", PACKAGE + "TrainerSide", threads, adjoint(threads).options, Map.of());
    }

    /** The machine's own limit. */
    static Contender fma(int threads) {
        return new Contender("fma", PACKAGE + "FmaSide", threads, List.of("--add-modules", "jdk.incubator.vector"),
                Map.of());
    }

    /**
     * Two libraries in it have thread pools of their own. Left alone, OpenBLAS uses two threads where one is asked for, and
     * with several threads the pools spin against each other. Without the options JavaCPP looks up the process's memory at
     * each allocation.
     */
    static Contender libtorch(int threads) {
        String count = Integer.toString(threads);
        return new Contender("libtorch", PACKAGE + "LibtorchSide", threads,
                List.of("--enable-native-access=ALL-UNNAMED", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-Dorg.bytedeco.javacpp.nopointergc=true"),
                Map.of("OMP_NUM_THREADS", count, "OPENBLAS_NUM_THREADS", count, "OMP_WAIT_POLICY", "PASSIVE",
                        "OPENBLAS_THREAD_TIMEOUT", "4"));
    }

    static Contender onnxRuntime(int threads) {
        return new Contender("onnxruntime", PACKAGE + "OnnxRuntimeSide", threads,
                List.of("--enable-native-access=ALL-UNNAMED"), Map.of());
    }

    /** The same with MKL for the products, where it is there. */
    static Optional<Contender> libtorchWithMkl(int threads) {
        return Mkl.environment(threads).map(mkl -> libtorch(threads).with("-mkl", mkl));
    }

    /**
     * The same with a C library that keeps what is freed, and takes memory in large pieces: left alone, glibc gives large blocks back and
     * takes fresh pages for the next ones. Other libraries, and glibc before 2.35, know no such setting.
     */
    Contender keepingMemory() {
        return with("-keeping", Map.of("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=" + EVERYTHING
                + ":glibc.malloc.trim_threshold=" + EVERYTHING + ":glibc.malloc.top_pad=67108864"));
    }

    private Contender with(String suffix, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Contender(name + suffix, mainClass, threads, options, all);
    }

    /** The same with a heap of at most so many megabytes. */
    Contender withHeap(int megabytes) {
        List<String> more = Stream.concat(options.stream(), Stream.of("-Xmx" + megabytes + "m")).toList();
        return new Contender(name, mainClass, threads, more, environment);
    }

    /**
     * A JVM with this system.
     *
     * @param words file for what it says on standard error
     * @param arguments as {@link Side#main} takes them after the number of threads
     */
    ProcessBuilder process(File words, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, Integer.toString(threads)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(words);
        builder.environment().keySet().removeIf(key -> LIBRARIES.stream().anyMatch(key::startsWith));
        builder.environment().putAll(environment);
        return builder;
    }
}
