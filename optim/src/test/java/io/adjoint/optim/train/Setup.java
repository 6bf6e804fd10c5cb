package io.adjoint.optim.train;

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
import io.adjoint.nn.Sequential;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.optim.Adam;
import io.adjoint.optim.Chain;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.metric.Accuracy;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.transform.WeightAverage;
import java.util.List;
import java.util.Map;

/** A small training with everything that has a state: dropout, running statistics, a rate on a plateau, averages. */
record Setup(Sequential model, Plateau rate, Optimizer optimizer, Dataset training, Dataset heldBack) {
    static final int EPOCHS = 4;
    static final int BATCHES = 4;

    static Setup of(long seed) {
        Rng rng = Rng.seed(seed);
        Sequential model = Sequential.of(Linear.of(3, 5, rng.stream(0)), BatchNorm.of1d(5), Activation.RELU,
                Dropout.of(0.3, rng.stream(1)), Linear.of(5, 2, rng.stream(2)));
        Plateau rate = Plateau.of(0.05, Plateau.Options.DEFAULT.withPatience(0));
        return new Setup(model, rate, Chain.of(Adam.of(rate), WeightAverage.exponential(0.5)).over(model),
                data(19, Rng.seed(7)), data(9, Rng.seed(8)));
    }

    private static Dataset data(int rows, Rng rng) {
        Tensor features = rng.stream(0).normal(Shape.of(rows, 3), DType.F32);
        long[] labels = features.sum(1).gt(0).cast(DType.I64).toLongs();
        return Dataset.of(features, labels, 2);
    }

    Batches batches() {
        return training.batches(5, Rng.seed(3));
    }

    Trainer trainer() {
        return Trainer.of(model, Losses::crossEntropy, optimizer, EPOCHS)
                .withValidation(Validation.on(heldBack.batches(4), Accuracy.of()))
                .withListener(Listener.observing(rate, "loss"));
    }

    void assertSameAs(Setup other) {
        assertSame(model.variables(), other.model.variables());
        assertSame(optimizer.variables(), other.optimizer.variables());
    }

    static void assertSame(Map<String, io.adjoint.autodiff.Variable> some,
            Map<String, io.adjoint.autodiff.Variable> others) {
        assertEquals(List.copyOf(some.keySet()), List.copyOf(others.keySet()));
        some.forEach((path, variable) -> assertTrue(variable.value().sameBits(others.get(path).value()),
                path + ": " + variable.value() + " and " + others.get(path).value()));
    }
}
