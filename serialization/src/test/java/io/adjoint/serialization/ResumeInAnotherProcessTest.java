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
import io.adjoint.optim.AdamW;
import io.adjoint.optim.Chain;
import io.adjoint.optim.Optimizer;
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
import io.adjoint.optim.transform.Noise;
import io.adjoint.optim.transform.Scale;
import io.adjoint.optim.transform.WeightAverage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * A training that is stopped at any step and goes on in another process ends with the bits of one that is not stopped, though threads
 * make the batches of its parts ahead.
 */
class ResumeInAnotherProcessTest {
    private static final int EPOCHS = 4;
    private static final int EXAMPLES = 19;
    private static final int BATCH = 5;
    private static final int STEPS = EPOCHS * 4;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int HALTED = 7;
    private static final Augmentation JITTER = (rng, x) -> x.add(rng.normal(x.shape(), DType.F32).mul(0.1));

    /** A training with everything that has a state, and an order of the data of its own. */
    private record Setup(Sequential model, Plateau plateau, Optimizer optimizer, Batches batches) implements Module {
        static Setup of(long seed) {
            Rng rng = Rng.seed(seed);
            Sequential model = Sequential.of(Linear.of(3, 6, rng), BatchNorm.of1d(6), Activation.RELU,
                    Dropout.of(0.3, rng.stream(1)), Linear.of(6, 2, rng.stream(2)));
            Plateau plateau = Plateau.of(1, Plateau.Options.DEFAULT.withPatience(0));
            Optimizer optimizer = Chain.of(Noise.of(0.01, Rng.seed(4)),
                    AdamW.of(new WarmupCosine(0.05, 0, 3, STEPS)), new Scale(plateau), WeightAverage.exponential(0.5))
                    .over(model);
            return new Setup(model, plateau, optimizer,
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
    }

    /** How a process ends: in good order after a step, or at once, with what it saved some steps before. */
    private enum End {
        STOPPED, KILLED
    }

    /** One process more goes on to the end, as does one that finds nothing left to do. */
    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void stoppedAtAnyStep(@ForAll @IntRange(max = 999) int seed,
            @ForAll @Size(min = 1, max = 2) List<@IntRange(max = STEPS - 1) Integer> stops, @ForAll End end,
            @ForAll @IntRange(max = 4) int every) throws IOException, InterruptedException {
        Setup whole = Setup.of(seed);
        Outcome expected = whole.trainer().withLoading(Loading.ON_DEMAND).fit(whole.batches);
        Path folder = Files.createTempDirectory("resume");
        try {
            for (int i = 0; i < stops.size(); i++) {
                inAProcess(folder, seed + i, every, end, stops.get(i));
            }
            // all but the first have another order, other draws and other weights of their own, which must not count
            assertEquals("FINISHED", inAProcess(folder, seed + 2, every, End.STOPPED, NEVER));
            Setup ended = Setup.of(seed + 3);
            assertEquals(expected,
                    ended.trainer().withSaving(Saving.in(CheckpointFolder.of(folder))).resume(ended.batches));
            Trees.assertSame(whole.model.variables(), ended.model.variables());
            Trees.assertSame(whole.optimizer.variables(), ended.optimizer.variables());
        } finally {
            for (Slot slot : Slot.values()) {
                Files.deleteIfExists(CheckpointFolder.of(folder).file(slot));
            }
            Files.delete(folder);
        }
    }

    /** How a training ended that went on with what the folder holds, for so many steps at most. */
    private static String inAProcess(Path folder, int seed, int every, End end, int steps)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Part.class.getName(), folder.toString(),
                Integer.toString(seed), Integer.toString(every), end.name(), Integer.toString(steps))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertTrue(code == 0 || end == End.KILLED && code == HALTED, code + " " + said);
        assertTrue(Files.exists(CheckpointFolder.of(folder).file(Slot.LAST)));
        return said.strip();
    }

    /** A part of a training. */
    static final class Part {
        private Part() {}

        public static void main(String[] arguments) {
            Setup setup = Setup.of(Long.parseLong(arguments[1]));
            Saving saving = Saving.in(CheckpointFolder.of(Path.of(arguments[0])))
                    .withEvery(Integer.parseInt(arguments[2]));
            End end = End.valueOf(arguments[3]);
            int[] left = {Integer.parseInt(arguments[4])};
            Outcome outcome =
                    setup.trainer().withSaving(saving).withLoading(new Loading(3, 2)).withStop(() -> switch (end) {
                        case STOPPED -> left[0]-- == 0;
                        case KILLED -> {
                            if (left[0]-- == 0) {
                                Runtime.getRuntime().halt(HALTED);
                            }
                            yield false;
                        }
                    }).resume(setup.batches);
            System.out.println(outcome.end());
        }
    }
}
