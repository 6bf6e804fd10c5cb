package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** This library's workload in a small heap: how much of the time the JVM spends in collections. */
record SmallHeap(TrainingStep workload) implements Entry {
    private static final int MEGABYTES = 256;

    @Override
    public String name() {
        return "memory-" + workload.network().name();
    }

    @Override
    public void measure(Choices choices) {
        try (Opponent system = Opponent.start(Contender.adjoint(choices.threads()).withHeap(MEGABYTES))) {
            system.prepare(workload);
            system.warmUp();
            double[] before = system.memory();
            for (int round = 0; round < choices.rounds(); round++) {
                system.takeTurn();
            }
            Memory memory = Memory.between(before, system.memory());
            SequencedMap<String, Times> times = new LinkedHashMap<>();
            times.put(system.name(), system.times());
            Report.times(name(), choices.threads(), times);
            Report.note(name(), memory.describe(system.times().runs()) + " with -Xmx" + MEGABYTES + "m");
        }
    }
}
