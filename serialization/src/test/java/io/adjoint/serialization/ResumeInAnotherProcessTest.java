package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.optim.Adam;
import io.adjoint.optim.AdamW;
import io.adjoint.optim.Chain;
import io.adjoint.optim.Lookahead;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.ScheduleFree;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.data.Augmentation;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.metric.Accuracy;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.schedule.WarmupCosine;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.train.Listener;
import io.adjoint.optim.train.Loading;
import io.adjoint.optim.train.Outcome;
import io.adjoint.optim.train.Saving;
import io.adjoint.optim.train.Trainer;
import io.adjoint.optim.train.Validation;
import io.adjoint.optim.transform.Accumulate;
import io.adjoint.optim.transform.MovingAverage;
import io.adjoint.optim.transform.Noise;
import io.adjoint.optim.transform.Scale;
import io.adjoint.optim.transform.WeightAverage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * A training that is stopped at any step and goes on in another process ends with the bits of one that is not stopped, though threads
 * make the batches of its parts ahead. One process takes a part of a training of each kind.
 */
class ResumeInAnotherProcessTest {
    private static final int EPOCHS = 4;
    private static final int EXAMPLES = 19;
    private static final int BATCH = 5;
    private static final int STEPS = EPOCHS * 4;
    private static final int KINDS = 7;
    private static final int HALTED = 7;
    private static final Augmentation JITTER = (rng, x) -> x.add(rng.normal(x.shape(), DType.F32).mul(0.1));

    /** What an optimizer remembers; none of them without a schedule. */
    private enum Kind {
        NOISE_AND_PLATEAU, ADAM, ACCUMULATING, LOOKAHEAD, SCHEDULE_FREE, EQUAL_AVERAGE, MOVING_AVERAGE;

        /** Steps that make one, where they do: an epoch does not end with them. */
        static final int TOGETHER = 3;

        Transformation recipe(Plateau plateau) {
            Schedule schedule = new WarmupCosine(0.05, 0, 3, STEPS);
            WeightAverage recent = WeightAverage.exponential(0.5);
            return switch (this) {
                case NOISE_AND_PLATEAU -> Chain.of(Noise.of(0.01, Rng.seed(4)), AdamW.of(schedule), new Scale(plateau),
                        recent);
                case ADAM -> Adam.of(schedule).withAmsgrad();
                case ACCUMULATING -> new Accumulate(TOGETHER, Chain.of(AdamW.of(schedule), new Scale(plateau), recent));
                case LOOKAHEAD -> new Lookahead(Adam.of(schedule), 3, 0.5);
                case SCHEDULE_FREE -> ScheduleFree.adamW(0.05).withWarmup(5);
                case EQUAL_AVERAGE -> Chain.of(Sgd.of(schedule).withMomentum(0.9), WeightAverage.equal(3, 2));
                case MOVING_AVERAGE -> Chain.of(new MovingAverage(0.9), Sgd.of(schedule));
            };
        }

        boolean hasAverages() {
            return switch (this) {
                case NOISE_AND_PLATEAU, ACCUMULATING, SCHEDULE_FREE, EQUAL_AVERAGE -> true;
                case ADAM, LOOKAHEAD, MOVING_AVERAGE -> false;
            };
        }
    }

    /** A training with dropout and running statistics, and an order of the data of its own. */
    private record Setup(Sequential model, Plateau plateau, Optimizer optimizer, Batches batches) implements Module {
        static Setup of(Kind kind, long seed) {
            Rng rng = Rng.seed(seed);
            Sequential model = Sequential.of(Linear.of(3, 6, rng), BatchNorm.of1d(6), Activation.RELU,
                    Dropout.of(0.3, rng.stream(1)), Linear.of(6, 2, rng.stream(2)));
            Plateau plateau = Plateau.of(1, Plateau.Options.DEFAULT.withPatience(0));
            return new Setup(model, plateau, kind.recipe(plateau).over(model),
                    data(EXAMPLES, Rng.seed(7)).batches(BATCH, rng.stream(3)).withAugmentation(JITTER));
        }

        private static Dataset data(int rows, Rng rng) {
            Tensor features = rng.normal(Shape.of(rows, 3), DType.F32);
            return Dataset.of(features, features.sum(1).gt(0).cast(DType.I64).toLongs(), 2);
        }

        Trainer trainer() {
            return Trainer.of(model, Losses::crossEntropy, optimizer, EPOCHS)
                    .withValidation(Validation.on(data(9, Rng.seed(8)).batches(4), Accuracy.of()))
                    .withListener(Listener.observing(plateau, "loss"));
        }

        Map<String, Tensor> averages() {
            Map<String, Tensor> averages = new LinkedHashMap<>();
            optimizer.averages().forEach(average -> averages.put("average " + averages.size(), average));
            return averages;
        }
    }

    /** How a training ends in a process: in good order after a step, or at once, with what it saved some steps before. */
    private enum End {
        STOPPED, KILLED
    }

    /** One process more goes on to the end, as does one that finds nothing left to do. */
    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void stoppedAtAnyStep(@ForAll @IntRange(max = 999) int seed,
            @ForAll @Size(min = 1, max = 2) List<@Size(KINDS) List<@IntRange(max = STEPS - 1) Integer>> stops,
            @ForAll End end, @ForAll @IntRange(max = 4) int every) throws IOException, InterruptedException {
        assertEquals(KINDS, Kind.values().length);
        Path folder = Files.createTempDirectory("resume");
        try {
            for (int i = 0; i < stops.size(); i++) {
                List<Integer> steps = new ArrayList<>(stops.get(i));
                if (i == 0) { // in the middle of some that make one
                    steps.set(Kind.ACCUMULATING.ordinal(), Kind.TOGETHER * (steps.get(0) % 5) + 1 + steps.get(1) % 2);
                }
                inAProcess(folder, seed + i, every, end, steps);
            }
            // all but the first have another order, other draws and other weights of their own, which must not count
            assertEquals(Collections.nCopies(KINDS, "FINISHED"), inAProcess(folder, seed + 2, every, End.STOPPED,
                    Collections.nCopies(KINDS, Integer.MAX_VALUE)));
            for (Kind kind : Kind.values()) {
                Setup whole = Setup.of(kind, seed);
                Outcome expected = whole.trainer().withLoading(Loading.ON_DEMAND).fit(whole.batches);
                Setup ended = Setup.of(kind, seed + 3);
                assertEquals(expected, ended.trainer().withSaving(Saving.in(store(folder, kind))).resume(ended.batches),
                        kind.name());
                Trees.assertSame(whole.model.variables(), ended.model.variables());
                Trees.assertSame(whole.optimizer.variables(), ended.optimizer.variables());
                Trees.assertSameTensors(whole.averages(), ended.averages());
                assertEquals(kind.hasAverages(), !ended.optimizer.averages().getFirst()
                        .sameBits(ended.optimizer.trained().getFirst().value()), kind.name());
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static CheckpointFolder store(Path folder, Kind kind) throws IOException {
        return CheckpointFolder.of(Files.createDirectories(folder.resolve(kind.name())));
    }

    /** How the trainings ended that went on with what the folder holds, for so many steps each at most. */
    private static List<String> inAProcess(Path folder, int seed, int every, End end, List<Integer> steps)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Part.class.getName(), folder.toString(),
                Integer.toString(seed), Integer.toString(every), end.name(),
                steps.stream().map(Object::toString).collect(Collectors.joining(",")))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertTrue(code == 0 || end == End.KILLED && code == HALTED, code + " " + said);
        for (Kind kind : Kind.values()) {
            assertTrue(Files.exists(store(folder, kind).file(Slot.LAST)), kind.name());
        }
        return said.lines().toList();
    }

    /** A part of a training of each kind. */
    static final class Part {
        private Part() {}

        public static void main(String[] arguments) throws IOException {
            long seed = Long.parseLong(arguments[1]);
            String[] steps = arguments[4].split(",");
            // one kind after the other is the last, with which the process ends where it is killed
            List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
            Collections.rotate(kinds, (int) seed);
            for (Kind kind : kinds) {
                Setup setup = Setup.of(kind, seed);
                Saving saving = Saving.in(store(Path.of(arguments[0]), kind)).withEvery(Integer.parseInt(arguments[2]));
                int[] left = {Integer.parseInt(steps[kind.ordinal()])};
                BooleanSupplier stop = () -> left[0]-- == 0 && switch (End.valueOf(arguments[3])) {
                    case STOPPED -> true;
                    case KILLED -> {
                        if (kind == kinds.getLast()) {
                            Runtime.getRuntime().halt(HALTED);
                        }
                        throw new CancellationException();
                    }
                };
                try {
                    System.out.println(setup.trainer().withSaving(saving).withLoading(new Loading(3, 2)).withStop(stop)
                            .resume(setup.batches).end());
                } catch (CancellationException _) {
                    System.out.println(End.KILLED);
                }
            }
        }
    }
}
