package io.adjoint.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What several threads gain over one, in turns; or cost, where other programs need the processors too. */
record ThreadGain(Workload workload, Neighbour neighbour) implements Entry {
    /** What else the machine has to do. */
    enum Neighbour {
        /** Nothing. */
        NONE("threads-scaling-"),
        /** A loop that never rests on each processor but one. */
        BUSY("threads-busy-neighbour-");

        private final String prefix;

        Neighbour(String prefix) {
            this.prefix = prefix;
        }
    }

    static List<ThreadGain> all() {
        return Stream.concat(
                Stream.of("sgemm-1024-nn", "map-tanh-1m").map(name -> of(name, Neighbour.NONE)),
                Stream.of("sgemm-512-nn", "map-tanh-1m", "train-mlp-s").map(name -> of(name, Neighbour.BUSY)))
                .toList();
    }

    private static ThreadGain of(String workload, Neighbour neighbour) {
        return new ThreadGain(Workload.named(workload), neighbour);
    }

    @Override
    public String name() {
        return neighbour.prefix + workload.name();
    }

    /** With as many threads as are asked for, else with one for each processor. */
    @Override
    public void measure(Choices choices) {
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = choices.threads() > 1 ? choices.threads() : processors;
        try (Opponent alone = start(1); Opponent shared = start(threads)) {
            List<Opponent> both = List.of(alone, shared);
            both.forEach(Opponent::warmUp);
            try (Loops _ = Loops.start(neighbour == Neighbour.BUSY ? processors - 1 : 0)) {
                for (int round = 0; round < choices.rounds(); round++) {
                    both.forEach(Opponent::takeTurn);
                }
            }
            report(1, alone);
            report(threads, shared);
            Report.note(name(), String.format("%d threads are %.2f x as fast as one (least times: %.2f x)", threads,
                    alone.times().median() / shared.times().median(), alone.times().min() / shared.times().min()));
        }
    }

    private Opponent start(int threads) {
        Opponent system = Opponent.start(Contender.adjoint(threads));
        system.prepare(workload);
        return system;
    }

    private void report(int threads, Opponent system) {
        Report.times(name(), threads, new TreeMap<>(Map.of(system.name(), system.times())));
    }

    /** Threads that do nothing, as fast as they can. */
    private record Loops(List<Thread> threads) implements AutoCloseable {
        static Loops start(int count) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                }));
            }
            return new Loops(threads);
        }

        @Override
        public void close() {
            threads.forEach(Thread::interrupt);
        }
    }
}
