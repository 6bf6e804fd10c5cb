package io.adjoint.examples.benchmarks;

import java.util.List;

/**
 * Epochs of the same training by a loop of compiled steps and by the library's trainer, in turns. Both are in one process, since two
 * differ by more than the trainer adds, in what the JVM makes of the same code. So do two trainings in one process, a little, by where
 * their arrays lie: therefore there are several of each.
 */
final class TrainerSide {
    private static final int TRAININGS = 8;

    private TrainerSide() {}

    /** Takes the number of threads, which a system property sets, a workload and a number of rounds; prints milliseconds of both. */
    public static void main(String[] arguments) {
        Network network = ((TrainingStep) Workload.named(arguments[1])).network();
        int rounds = Integer.parseInt(arguments[2]);
        for (int training = 0; training < TRAININGS; training++) {
            measure(network, training % 2 == 0, rounds);
        }
    }

    private static void measure(Network network, boolean isLoopFirst, int rounds) {
        Epochs[] made = {Epochs.of(network), Epochs.of(network)};
        Job loop = made[isLoopFirst ? 0 : 1].loop();
        Job trainer = made[isLoopFirst ? 1 : 0].trainer();
        if (!SideBySide.agree(loop.evidence(), trainer.evidence())) {
            throw new BenchmarkException("the loop and the trainer do not compute the same");
        }
        new WarmUp(() -> nanos(loop) + nanos(trainer)).run();
        List<Job> order = isLoopFirst ? List.of(loop, trainer) : List.of(trainer, loop);
        for (int round = 0; round < rounds; round++) {
            double first = nanos(order.getFirst()) / 1e6;
            double second = nanos(order.getLast()) / 1e6;
            System.out.println(isLoopFirst ? first + " " + second : second + " " + first);
        }
    }

    private static double nanos(Job job) {
        long begin = System.nanoTime();
        job.run();
        return System.nanoTime() - begin;
    }
}
