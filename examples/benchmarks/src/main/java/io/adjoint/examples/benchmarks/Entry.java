package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** What the table has lines for: a way of measuring, applied to a workload. */
sealed interface Entry permits SideBySide, ColdStart, SmallHeap, ThreadGain, TrainerOverhead {
    String name();

    /**
     * Measures and reports.
     *
     * @throws BenchmarkException if there are no times that mean anything
     */
    void measure(Choices choices);

    static List<Entry> all() {
        Stream<Entry> apart = Stream.of(new ColdStart(TrainingStep.of("mlp-s")), new SmallHeap(TrainingStep.of("lstm")),
                new SmallHeap(TrainingStep.of("gpt")));
        return Stream.of(Workload.all().stream().map(SideBySide::new), apart, ThreadGain.all().stream(),
                TrainerOverhead.all().stream())
                .<Entry>flatMap(entries -> entries)
                .toList();
    }
}
