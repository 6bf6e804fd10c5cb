package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.train.Task;
import io.adjoint.optim.train.Trainer;
import java.util.function.LongToDoubleFunction;

/** A training of a network on random examples, an epoch at a time. */
record Epochs(Task task, Optimizer optimizer, Batches batches) {
    /** Features of an epoch, about; a step of few features takes so little time that an epoch has many. */
    private static final int FEATURES = 4_000_000;
    private static final int MOST_STEPS = 4000;

    static Epochs of(Network network) {
        if (!(network instanceof Mlp mlp)) {
            throw new IllegalArgumentException(network.name() + " has no epochs");
        }
        Weights weights = Weights.of(mlp);
        Task task = new Task(weights, AdjointImages.mlp(mlp, weights),
                (logits, labels) -> logits.crossEntropy(labels).mean());
        Tensor first = AdjointKernels.tensor(mlp.features());
        int rows = Math.clamp(FEATURES / first.size(), 1, MOST_STEPS) * first.dim(0);
        Tensor features = Rng.seed(1).normal(Shape.of(rows, first.dim(1)), DType.F32);
        long[] labels = new long[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = mlp.labels()[row % mlp.labels().length];
        }
        return new Epochs(task, Sgd.of(0.01).withMomentum(0.9).over(weights),
                new Dataset(features, Tensor.of(labels)).batches(first.dim(0), Rng.seed(2)));
    }

    /** The lines that people would write: the mean loss of an epoch of that number. */
    LongToDoubleFunction loop() {
        Program step = Program.compile((Tensor features, Tensor labels) -> optimizer
                .minimize(() -> task.loss().apply(task.forward().apply(features), labels)));
        return epoch -> {
            double sum = 0;
            for (Batch batch : batches.epoch(epoch)) {
                sum += step.apply(batch.features(), batch.targets()).item();
            }
            return sum / batches.count();
        };
    }

    /** The same by the trainer, without end. */
    Trainer trainer() {
        return Trainer.of(task, optimizer, Integer.MAX_VALUE);
    }
}
