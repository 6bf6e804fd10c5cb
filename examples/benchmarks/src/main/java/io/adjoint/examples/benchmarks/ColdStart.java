package io.adjoint.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A fresh JVM that makes so many steps of a workload, from start to end. */
record ColdStart(TrainingStep workload) implements Entry {
    private static final int STEPS = 200;

    @Override
    public String name() {
        return "start-" + workload.network().name();
    }

    @Override
    public void measure(Choices choices) {
        List<Contender> contenders = choices.contenders(workload).toList();
        SequencedMap<String, Times> times = new LinkedHashMap<>();
        contenders.forEach(contender -> times.put(contender.name(), new Times()));
        // Not measured: the first start of all unpacks native libraries, and reads files that the machine keeps in memory then.
        contenders.forEach(this::run);
        for (int round = 0; round < choices.rounds(); round++) {
            contenders.forEach(contender -> times.get(contender.name()).add(run(contender)));
        }
        Report.times(name(), choices.threads(), times);
    }

    private double run(Contender contender) {
        try (Words words = Words.fresh()) {
            ProcessBuilder builder = contender.process(words.file(), workload.name(), Integer.toString(STEPS));
            long begin = System.nanoTime();
            int status = builder.start().waitFor();
            double millis = (System.nanoTime() - begin) / 1e6;
            if (status != 0) {
                throw new BenchmarkException(contender.name() + " ended: " + words.last());
            }
            return millis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new BenchmarkException("interrupted");
        }
    }
}
