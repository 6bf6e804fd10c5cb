package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.optim.AdamW;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Cursor;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.schedule.CosineDecay;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop that somebody wrote without a trainer: all of its state is one record, saved in one call, and goes on to the bit. */
class HandWrittenLoopTest {
    @TempDir
    Path folder;

    /**
     * All that such a loop remembers.
     *
     * @param model with statistics and keys of its own
     * @param optimizer with its steps, by which the schedule goes
     * @param data where it is in the data
     * @param key of the loop's own noise
     */
    private record Training(Sequential model, Optimizer optimizer, Cursor data, Variable key) implements Module {
        static Training of(long seed) {
            Rng rng = Rng.seed(seed);
            Sequential model = Sequential.of(Linear.of(3, 8, rng.stream(0)), BatchNorm.of1d(8), Activation.RELU,
                    Dropout.of(0.3, rng.stream(1)), Linear.of(8, 1, rng.stream(2)));
            Tensor features = Rng.seed(7).normal(Shape.of(19, 3), DType.F32);
            Dataset data = new Dataset(features, features.sum(1).unsqueeze(1));
            return new Training(model, AdamW.of(CosineDecay.of(0.01, 40)).over(model),
                    data.batches(5, rng.stream(3)).cursor(), Variable.buffer(rng.stream(4).key()));
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                Batch batch = data.next();
                Rng noise = Rng.of(key.value());
                Tensor features = batch.features().add(noise.normal(batch.features().shape(), DType.F32).mul(0.1));
                key.set(noise.stream(i).key());
                optimizer.minimize(() -> Losses.meanSquaredError(model.forward(features), batch.targets()));
            }
        }
    }

    @Test
    void everythingInOneCall() {
        Path file = folder.resolve("training.adjoint");
        Training whole = Training.of(1);
        whole.steps(11);
        Checkpoint.save(file, whole, Map.of("accuracy", "0.9"));
        Training resumed = Training.of(2);
        assertEquals(Map.of("accuracy", "0.9"), Checkpoint.load(file, resumed));
        Trees.assertSame(whole.variables(), resumed.variables());
        whole.steps(13);
        resumed.steps(13);
        Trees.assertSame(whole.variables(), resumed.variables());
        assertEquals(24, resumed.optimizer().steps());
        assertFalse(Checkpoint.read(file).libraryVersion().isEmpty());

        Sequential forInference = Training.of(3).model();
        Training saved = Training.of(4);
        Checkpoint.load(file, saved);
        Checkpoint.load(file, forInference, Match.ALL.renaming("model", "").except("optimizer", "data", "key"));
        Trees.assertSame(saved.model().variables(), forInference.variables());
    }
}
