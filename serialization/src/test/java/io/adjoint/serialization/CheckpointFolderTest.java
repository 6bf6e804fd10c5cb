package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.optim.Adam;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.train.Event;
import io.adjoint.optim.train.Outcome;
import io.adjoint.optim.train.Saving;
import io.adjoint.optim.train.Trainer;
import io.adjoint.optim.train.Validation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointFolderTest {
    private static final int EXIT_BY_SIGNAL = 128;

    @TempDir
    Path folder;

    /** A training with a state: moments, and the keys of dropout. */
    private record Setup(Sequential model, Optimizer optimizer, Dataset data) {
        static Setup of(long seed) {
            Sequential model = Sequential.of(Linear.of(3, 8, Rng.seed(seed)), Activation.RELU,
                    Dropout.of(0.2, Rng.seed(seed).stream(1)), Linear.of(8, 1, Rng.seed(seed).stream(2)));
            Tensor features = Rng.seed(1).normal(Shape.of(19, 3), DType.F32);
            return new Setup(model, Adam.of(0.01).over(model), new Dataset(features, features.sum(1).unsqueeze(1)));
        }

        Trainer trainer(int epochs) {
            return Trainer.of(model, Losses::meanSquaredError, optimizer, epochs)
                    .withValidation(Validation.on(data.batches(10)));
        }

        Batches batches() {
            return data.batches(5, Rng.seed(2));
        }

        void assertSameAs(Setup other) {
            Trees.assertSame(model.variables(), other.model.variables());
            Trees.assertSame(optimizer.variables(), other.optimizer.variables());
        }
    }

    @Test
    void lastResumesAndBestIsTheModel() {
        CheckpointFolder store = CheckpointFolder.of(folder.resolve("new").resolve("run"));
        Setup whole = Setup.of(1);
        Outcome expected = whole.trainer(3).fit(whole.batches());
        Setup part = Setup.of(1);
        int[] left = {6};
        assertEquals(Outcome.End.INTERRUPTED, part.trainer(3).withSaving(Saving.in(store))
                .withStop(() -> left[0]-- == 0).resume(part.batches()).end());
        Setup rest = Setup.of(2);
        Outcome outcome = rest.trainer(3).withSaving(Saving.in(store)).resume(rest.batches());
        assertEquals(expected, outcome);
        rest.assertSameAs(whole);
        assertEquals(store.file(Slot.BEST).getFileName().toString(), "best.adjoint");
        Setup best = Setup.of(3);
        Checkpoint.load(store.file(Slot.BEST), best.model);
        double least =
                outcome.history().stream().mapToDouble(e -> e.validation().orElseThrow().loss()).min().orElseThrow();
        assertEquals(least, best.trainer(1).evaluate(best.data.batches(10)).loss());
    }

    @ParameterizedTest
    @CsvSource({"INT, 2", "TERM, 15"})
    void aProcessThatIsTerminatedLeavesItsLastStep(String signal, int number)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Endless.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = process.inputReader()) {
            assertEquals("step 7", lines.readLine());
            if (isIgnored(process.pid(), number)) {
                process.destroyForcibly();
                abort("SIG" + signal
                        + " is ignored by what was started from here, as in the background of some shells");
            }
            assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start()
                    .waitFor());
            process.getOutputStream().close();
        }
        assertEquals(EXIT_BY_SIGNAL + number, process.waitFor());
        CheckpointFolder store = CheckpointFolder.of(folder);
        Setup resumed = Setup.of(2);
        int[] left = {9};
        resumed.trainer(Integer.MAX_VALUE).withSaving(Saving.in(store)).withStop(() -> left[0]-- == 0)
                .resume(resumed.batches());
        long steps = resumed.optimizer.steps();
        assertTrue(steps >= 7 + 9, "steps " + steps);
        Setup whole = Setup.of(1);
        whole.trainer(Integer.MAX_VALUE).withStop(() -> whole.optimizer.steps() == steps).fit(whole.batches());
        resumed.assertSameAs(whole);
    }

    private static boolean isIgnored(long pid, int signal) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >>> signal - 1 & 1) != 0);
    }

    /** Trains until it is told to end. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) {
            Setup setup = Setup.of(1);
            setup.trainer(Integer.MAX_VALUE).withSaving(Saving.in(CheckpointFolder.of(Path.of(arguments[0]))))
                    .withListener(event -> {
                        if (event instanceof Event.StepDone step && step.step() == 7) {
                            System.out.println("step 7");
                            await();
                        }
                    }).fit(setup.batches());
        }

        /** Until the signal is on its way. */
        private static void await() {
            try {
                System.in.read();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aFolderThatCannotBeIsRefusedBeforeTheFirstStep() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        Setup setup = Setup.of(1);
        ModelFileException refused = assertThrows(ModelFileException.class, () -> setup.trainer(1)
                .withSaving(Saving.in(CheckpointFolder.of(file))).fit(setup.batches()));
        assertTrue(refused.getMessage().startsWith(file + ": cannot be written"), refused.getMessage());
        assertEquals(0, setup.optimizer.steps());
    }

    @Test
    void aFolderThatBecomesReadOnlyKeepsTheLastCheckpoint() throws IOException {
        CheckpointFolder store = CheckpointFolder.of(folder);
        Setup setup = Setup.of(1);
        int[] left = {6};
        setup.trainer(3).withSaving(Saving.in(store)).withStop(() -> left[0]-- == 0).fit(setup.batches());
        byte[] before = Files.readAllBytes(store.file(Slot.LAST));
        assertTrue(folder.toFile().setWritable(false));
        try {
            assumeFalse(Files.isWritable(folder), "this user may write everywhere");
            Setup rest = Setup.of(2);
            ModelFileException refused = assertThrows(ModelFileException.class,
                    () -> rest.trainer(3).withSaving(Saving.in(store)).resume(rest.batches()));
            assertFalse(refused.getMessage().contains("\n"));
            assertTrue(refused.getMessage().contains("denied"), refused.getMessage());
        } finally {
            assertTrue(folder.toFile().setWritable(true));
        }
        assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(store.file(Slot.LAST))));
        assertEquals(List.of(), List.of(folder.toFile().list((_, name) -> name.endsWith(".part"))));
    }
}
