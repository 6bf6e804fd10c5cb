package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Linear;
import io.adjoint.optim.Adam;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.train.Saving;
import io.adjoint.optim.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings in processes whose disk fills up, or whose folder becomes read-only, while they run: one clear message, and the last
 * checkpoint from which the training goes on with the same bits.
 */
class FailingDiskTest {
    private static final int EPOCHS = 3;
    /** What the shell ends with if it cannot make such a disk: that needs name spaces of its own, or root. */
    private static final int NO_DISK = 77;
    private static final String DISK = "mkdir \"$1/disk\" && mount -t tmpfs -o size=%dk none \"$1/disk\" || exit "
            + NO_DISK + "\n";

    @TempDir
    Path folder;

    /** Its state takes some 50 kB. */
    private record Setup(Linear model, Optimizer optimizer, Batches batches) {
        static Setup of(long seed) {
            Linear model = Linear.of(64, 64, Rng.seed(seed));
            Tensor features = Rng.seed(1).normal(Shape.of(20, 64), DType.F32);
            return new Setup(model, Adam.of(0.01).over(model),
                    new Dataset(features, features.mul(2)).batches(5, Rng.seed(2)));
        }

        Trainer trainer(Path folder) {
            return Trainer.of(model, Losses::meanSquaredError, optimizer, EPOCHS)
                    .withSaving(Saving.in(CheckpointFolder.of(folder)));
        }
    }

    /** Trains in a folder for so many steps at most, and says how that ended. */
    static final class Part {
        private Part() {}

        public static void main(String[] arguments) {
            Setup setup = Setup.of(1);
            int[] left = {Integer.parseInt(arguments[1])};
            String end;
            try {
                end = setup.trainer(Path.of(arguments[0])).withStop(() -> left[0]-- == 0).resume(setup.batches).end()
                        .toString();
            } catch (ModelFileException e) {
                end = e.getMessage();
            }
            System.out.println("after " + setup.optimizer.steps() + ": " + end);
        }
    }

    private record Said(int code, List<String> lines) {}

    /** Runs a script, in which {@code train FOLDER STEPS} is a part and $1 the folder of this test. */
    private Said shell(String script, String... shell) throws IOException, InterruptedException {
        String train = "train() { \"$java\" -XX:-UsePerfData -cp \"$classes\" '" + Part.class.getName()
                + "' \"$1\" \"$2\"; }\n";
        List<String> command = new ArrayList<>(Arrays.asList(shell));
        command.addAll(List.of("sh", "-c", "classes=$2 java=$3\n" + train + script, "sh", folder.toString(),
                System.getProperty("java.class.path"),
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
        } catch (IOException e) {
            return new Said(NO_DISK, List.of());
        }
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .toList();
        return new Said(process.waitFor(), lines);
    }

    private Said onDisk(int kilobytes, String script) throws IOException, InterruptedException {
        Said said = shell(String.format(DISK, kilobytes) + script, "unshare", "-r", "-m");
        String errors = Files.exists(folder.resolve("errors")) ? Files.readString(folder.resolve("errors")) : "";
        assumeTrue(said.code == NO_DISK || !errors.contains("unshare failed"), errors);
        assumeTrue(said.code != NO_DISK, "no small disk can be mounted here");
        return said;
    }

    private void assertGoesOn(Path kept) {
        Setup whole = Setup.of(1);
        Path elsewhere = folder.resolve("elsewhere");
        whole.trainer(elsewhere).fit(whole.batches);
        Setup rest = Setup.of(2);
        rest.trainer(kept).resume(rest.batches);
        Trees.assertSame(whole.model.variables(), rest.model.variables());
        Trees.assertSame(whole.optimizer.variables(), rest.optimizer.variables());
    }

    private static void assertRefused(String line, String steps, Path file, String reason) {
        assertTrue(line.startsWith("after " + steps + ": " + file), line);
        assertTrue(line.contains(reason), line);
    }

    /** Room for one checkpoint, and not for the next beside it. */
    @Test
    void aFullDisk() throws IOException, InterruptedException {
        Said said = onDisk(100, """
                train "$1/disk/run" 99
                ls "$1/disk/run"
                cp -r "$1/disk/run" "$1/kept"
                """);
        Path run = folder.resolve("disk").resolve("run");
        assertRefused(said.lines.getFirst(), "4", run.resolve("last.adjoint"), "No space left on device");
        assertFalse(said.lines.stream().skip(1).anyMatch(name -> name.contains(".part")), said.toString());
        assertGoesOn(folder.resolve("kept"));
    }

    @Test
    void aDiskThatIsMountedReadOnly() throws IOException, InterruptedException {
        Said said = onDisk(1000, """
                train "$1/disk/run" 6
                mount -o remount,ro "$1/disk"
                train "$1/disk/run" 99
                cp -r "$1/disk/run" "$1/kept"
                """);
        assertEquals("after 6: INTERRUPTED", said.lines.getFirst());
        assertRefused(said.lines.get(1), "6", folder.resolve("disk").resolve("run").resolve("last.adjoint"),
                "permission to write it, or a file beside it, is denied");
        assertEquals(2, said.lines.size(), said.toString());
        assertGoesOn(folder.resolve("kept"));
    }

    /** No file may be longer than 8 kB, which the system refuses in the middle of a save as a full disk does. */
    @Test
    void aSaveThatIsCutOff() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Said said = shell("""
                train "$1/run" 6
                cp -r "$1/run" "$1/before"
                ulimit -f 16
                train "$1/run" 99
                """);
        assumeTrue(said.code != NO_DISK, "there is no sh");
        assertEquals("after 6: INTERRUPTED", said.lines.getFirst());
        assertRefused(said.lines.get(1), "6", run.resolve("last.adjoint"), "File too large");
        Path file = CheckpointFolder.of(run).file(Slot.LAST);
        assertEquals(-1, Files.mismatch(folder.resolve("before").resolve(file.getFileName()), file));
        try (var files = Files.list(run)) {
            assertFalse(files.anyMatch(name -> name.toString().contains(".part")));
        }
        assertGoesOn(run);
    }
}
