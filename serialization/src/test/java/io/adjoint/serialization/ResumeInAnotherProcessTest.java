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
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.metric.Accuracy;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.schedule.WarmupCosine;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.train.Listener;
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
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** A training that is stopped at any step and goes on in another process ends with the bits of one that is not stopped. */
class ResumeInAnotherProcessTest {
    private static final int EPOCHS = 4;
    private static final int EXAMPLES = 19;
    private static final int BATCH = 5;
    private static final int STEPS = EPOCHS * 4;

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
            return new Setup(model, plateau, optimizer, data(EXAMPLES, Rng.seed(7)).batches(BATCH, rng.stream(3)));
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

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void stoppedAtAnyStep(@ForAll @IntRange(max = STEPS - 1) int steps) throws IOException, InterruptedException {
        Setup whole = Setup.of(1);
        Outcome expected = whole.trainer().fit(whole.batches);
        Path folder = Files.createTempDirectory("resume");
        try {
            assertEquals("INTERRUPTED", inAProcess(folder, 1, steps));
            assertEquals("FINISHED", inAProcess(folder, 2, Integer.MAX_VALUE));
            Setup ended = Setup.of(3);
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
    private static String inAProcess(Path folder, long seed, int steps) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Part.class.getName(), folder.toString(), Long.toString(seed),
                Integer.toString(steps)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(Files.exists(CheckpointFolder.of(folder).file(Slot.LAST)));
        return said.strip();
    }

    /** A part of a training. */
    static final class Part {
        private Part() {}

        public static void main(String[] arguments) {
            Setup setup = Setup.of(Long.parseLong(arguments[1]));
            int[] left = {Integer.parseInt(arguments[2])};
            Outcome outcome = setup.trainer().withSaving(Saving.in(CheckpointFolder.of(Path.of(arguments[0]))))
                    .withStop(() -> left[0]-- == 0).resume(setup.batches);
            System.out.println(outcome.end());
        }
    }
}
