package io.adjoint.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the training loop costs beside the bare compiled steps on the same batches, in turns. A run is an epoch. */
record TrainerOverhead(TrainingStep workload) implements Entry {
    static List<TrainerOverhead> all() {
        return Stream.of("tiny-mlp", "mlp-s").map(network -> new TrainerOverhead(TrainingStep.of(network))).toList();
    }

    @Override
    public String name() {
        return "train-trainer-" + workload.network().name();
    }

    @Override
    public void measure(Choices choices) {
        Times bare = new Times();
        Times with = new Times();
        Map<Double, Times> trainings = new TreeMap<>();
        for (double[] pair : pairs(choices)) {
            bare.add(pair[1]);
            with.add(pair[2]);
            trainings.computeIfAbsent(pair[0], _ -> new Times()).add(pair[2] / pair[1]);
        }
        Times ratios = new Times();
        trainings.values().forEach(training -> ratios.add(training.median()));
        SequencedMap<String, Times> times = new LinkedHashMap<>();
        times.put("adjoint-compiled", bare);
        times.put("adjoint-trainer", with);
        Report.times(name(), choices.threads(), times);
        double[] interval = ratios.medianInterval();
        Report.note(name(), String.format(
                "the trainer adds %.2f %% to the bare steps, by the median of %d trainings' medians of pairs, which is from %.2f to %.2f %% (of sums: %.2f %%, of medians: %.2f %%, of least times: %.2f %%)",
                percent(ratios.median()), ratios.runs(), percent(interval[0]), percent(interval[1]),
                percent(with.sum() / bare.sum()), percent(with.median() / bare.median()), percent(with.min() / bare.min())));
    }

    private static double percent(double ratio) {
        return 100 * (ratio - 1);
    }

    /** The number of the training, the milliseconds of a bare epoch and those of the trainer's one next to it. */
    private List<double[]> pairs(Choices choices) {
        try (Words words = Words.fresh()) {
            Process process = Contender.trainer(choices.threads()).process(words.file(), workload.name(),
                    Integer.toString(choices.rounds())).start();
            List<double[]> pairs = process.inputReader().lines()
                    .map(line -> Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray()).toList();
            if (process.waitFor() != 0) {
                throw new BenchmarkException(name() + " ended: " + words.last());
            }
            return pairs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new BenchmarkException(name() + " was interrupted");
        }
    }
}
