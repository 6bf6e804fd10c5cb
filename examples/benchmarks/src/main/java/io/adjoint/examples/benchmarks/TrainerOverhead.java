package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
        try (Opponent loop = Opponent.start(Contender.loop(choices.threads()));
                Opponent trainer = Opponent.start(Contender.trainer(choices.threads()))) {
            if (!SideBySide.agree(loop.prepare(workload), trainer.prepare(workload))) {
                throw new BenchmarkException("the loop and the trainer do not compute the same");
            }
            List<Opponent> both = List.of(loop, trainer);
            both.forEach(Opponent::warmUp);
            for (int round = 0; round < choices.rounds(); round++) {
                both.forEach(Opponent::takeTurn);
            }
            SequencedMap<String, Times> times = new LinkedHashMap<>();
            both.forEach(system -> times.put(system.name(), system.times()));
            Report.times(name(), choices.threads(), times);
            Report.note(name(), String.format("the trainer adds %.2f %% to the bare steps (least times: %.2f %%)",
                    percent(loop.times().median(), trainer.times().median()),
                    percent(loop.times().min(), trainer.times().min())));
        }
    }

    private static double percent(double bare, double with) {
        return 100 * (with / bare - 1);
    }
}
