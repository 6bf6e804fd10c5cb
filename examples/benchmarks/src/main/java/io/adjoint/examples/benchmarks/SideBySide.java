package io.adjoint.examples.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Warm systems that take turns, each in a fresh JVM, so that what ran before does not matter. They are timed only after they
 * have come to the same numbers.
 */
record SideBySide(Workload workload) implements Entry {
    private static final double TOLERANCE = 1e-3;

    /** From here on a share of the machine's limit says more than overheads. */
    private static final long LARGE = 100_000_000;

    @Override
    public String name() {
        return workload.name();
    }

    @Override
    public void measure(Choices choices) {
        List<Opponent> started = new ArrayList<>();
        try {
            List<double[]> evidence = new ArrayList<>();
            for (Contender contender : choices.contenders(workload).toList()) {
                Opponent system = Opponent.start(contender);
                started.add(system);
                // Each is ready before the next one starts: two at once would unpack the same native libraries.
                evidence.add(system.prepare(workload));
            }
            List<Opponent> systems = List.copyOf(started);
            compare(systems, evidence);
            Optional<Limit> limit = workload.flops().stream().filter(flops -> flops >= LARGE)
                    .mapToObj(flops -> new Limit(flops, Opponent.start(Contender.fma(choices.threads())))).findFirst();
            limit.ifPresent(machine -> started.add(machine.opponent));
            double peakFlops = limit.map(machine -> machine.opponent.prepare(workload)[0]).orElse(0.0);
            started.forEach(Opponent::warmUp);
            for (int round = 0; round < choices.rounds(); round++) {
                started.forEach(Opponent::takeTurn);
            }
            report(choices, systems);
            limit.ifPresent(machine -> machine.report(name(), peakFlops, systems));
        } finally {
            started.forEach(Opponent::close);
        }
    }

    /** Each system's numbers beside those of the first. */
    private static void compare(List<Opponent> systems, List<double[]> evidence) {
        double[] expected = evidence.getFirst();
        for (int i = 1; i < systems.size(); i++) {
            if (!agree(expected, evidence.get(i))) {
                throw new BenchmarkException(systems.getFirst().name() + " and " + systems.get(i).name()
                        + " do not compute the same: " + Arrays.toString(expected) + " and "
                        + Arrays.toString(evidence.get(i)));
            }
        }
    }

    /** Whether numbers are equal up to a small part of their spread: for losses, that is how far training has moved them. */
    static boolean agree(double[] expected, double[] found) {
        DoubleSummaryStatistics all = Arrays.stream(expected).summaryStatistics();
        double spread = expected.length == 1 ? Math.abs(expected[0]) : all.getMax() - all.getMin();
        return expected.length == found.length && IntStream.range(0, found.length)
                .allMatch(i -> Math.abs(found[i] - expected[i]) <= TOLERANCE * spread);
    }

    private void report(Choices choices, List<Opponent> systems) {
        SequencedMap<String, Times> times = new LinkedHashMap<>();
        systems.forEach(system -> times.put(system.name(), system.times()));
        Report.times(name(), choices.threads(), times);
    }

    /** The machine's own limit, found in the same rounds. */
    private record Limit(long flops, Opponent opponent) {
        void report(String entry, double peakFlops, List<Opponent> systems) {
            double peak = peakFlops / opponent.times().min();
            Report.note(entry, String.format("the machine's limit is %.1f GFLOP/s", peak / 1e6));
            for (Opponent system : systems) {
                double median = flops / system.times().median();
                double most = flops / system.times().min();
                Report.note(entry, String.format("%s reaches %.1f GFLOP/s, %.0f %% of it (least time: %.0f %%)",
                        system.name(), median / 1e6, 100 * median / peak, 100 * most / peak));
            }
        }
    }
}
