package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Times workloads: {@code benchmark [--filter TEXT] [--threads N] [--peers]}. Prints one line for each system and workload
 * to standard output, tab-separated: system, workload, threads, median and least time of a run in milliseconds, number of
 * times measured; ratios go to standard error.
 */
final class Benchmark {
    private static final int ROUNDS = 10;

    private Benchmark() {}

    /** See the class. */
    public static void main(String[] arguments) {
        Choices choices = new Choices("", 1, false);
        try {
            choices = Choices.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        run(choices);
    }

    private static void run(Choices choices) {
        int threads = choices.threads();
        List<Opponent> opponents = Stream.of(Contender.adjoint(threads), Contender.libtorch(threads))
                .limit(choices.peers() ? 2 : 1)
                .map(contender -> Opponent.start(contender, threads))
                .toList();
        try {
            Workload.all().stream().filter(workload -> workload.name().contains(choices.filter()))
                    .forEach(workload -> compare(workload, opponents, threads));
        } finally {
            opponents.forEach(Opponent::close);
        }
    }

    private static void compare(Workload workload, List<Opponent> opponents, int threads) {
        opponents.forEach(opponent -> opponent.prepare(workload));
        for (int round = 0; round < ROUNDS; round++) {
            opponents.forEach(Opponent::takeTurn);
        }
        for (Opponent opponent : opponents) {
            System.out.printf(
                    "%s\t%s\t%d\t%.6f\t%.6f\t%d%n", opponent.name(), workload.name(), threads, opponent.median(),
                    opponent.min(), opponent.runs());
        }
        Opponent first = opponents.getFirst();
        String ratios = opponents.stream().skip(1)
                .map(peer -> String.format(
                        "%s: %.2f x the speed of %s (least times: %.2f x)", workload.name(),
                        peer.median() / first.median(), peer.name(), peer.min() / first.min()))
                .collect(Collectors.joining("\n"));
        if (!ratios.isEmpty()) {
            System.err.println(ratios);
        }
    }
}
