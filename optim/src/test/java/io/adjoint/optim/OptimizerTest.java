package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Linear;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.data.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private record Pair(Variable a, Variable b, Variable fixed) implements Module {
        static Pair of(float a, float b) {
            return new Pair(Variable.parameter(Tensor.scalar(a)), Variable.parameter(Tensor.scalar(b)),
                    Variable.buffer(Tensor.scalar(7)));
        }
    }

    @Test
    void minimizeReturnsTheLossBeforeTheStepAsAConstant() {
        Pair pair = Pair.of(3, 0);
        Tensor loss = Sgd.of(0.5).over(pair).minimize(() -> pair.a.value().square());
        assertEquals(9, loss.item());
        assertFalse(loss.isTracked());
        assertEquals(0, pair.a.value().item());
        assertEquals(7, pair.fixed.value().item(), "a buffer is not trained");
    }

    @Test
    void aLossFromOutsideTheLambdaIsRefused() {
        Pair pair = Pair.of(1, 1);
        Tensor early = pair.a.value().square();
        assertEquals("minimize: the loss depends on no parameter: loss F32[]; expected a loss computed from the model "
                + "inside the lambda", message(() -> Sgd.of(0.1).over(pair).minimize(() -> early)));
    }

    @Test
    void gradientsThatDoNotFitAreRefusedAndNothingMoves() {
        Pair pair = Pair.of(1, 1);
        Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(pair);
        assertEquals("step: gradients do not fit the parameters: gradients [F32[], F32[2]]; expected [F32[], F32[]]",
                message(() -> optimizer.step(List.of(Tensor.scalar(1), Tensor.zeros(2)))));
        message(() -> optimizer.step(List.of(Tensor.scalar(1))));
        message(() -> optimizer.step(List.of(Tensor.scalar(1), Tensor.scalar(1, DType.F64))));
        assertEquals(1, pair.a.value().item());
        assertEquals(0, optimizer.steps());
    }

    @Test
    void aModelWithoutParametersIsRefused() {
        assertEquals("optimizer: the model has no parameters: model io.adjoint.nn.Activation; "
                + "expected a module whose parts hold parameters", message(() -> Sgd.of(0.1).over(Activation.RELU)));
    }

    @Test
    void aSharedVariableMovesOnce() {
        Variable shared = Variable.parameter(Tensor.scalar(1f));
        record Twice(Variable left, Variable right) implements Module {}
        Sgd.of(0.25).over(new Twice(shared, shared)).minimize(() -> shared.value().square());
        assertEquals(0.5, shared.value().item());
    }

    @Test
    void stagesOfAChainWorkInOrderOnEachOthersUpdates() {
        Pair pair = Pair.of(2, 0);
        PerParameter squaring = spec -> (update, parameter, step) -> update.square();
        PerParameter plusParameter = spec -> (update, parameter, step) -> update.add(parameter);
        Chain.of(squaring, plusParameter).over(pair).step(List.of(Tensor.scalar(3), Tensor.scalar(-1)));
        assertEquals(2 + 9 + 2, pair.a.value().item());
        assertEquals(1, pair.b.value().item());
    }

    @Test
    void aTransformationMaySeeAllGradientsAtOnce() {
        Pair pair = Pair.of(0, 0);
        Transformation normalise = parameters -> (updates, values, step) -> {
            Tensor norm = updates.stream().map(u -> u.square().sum()).reduce(Tensor::add).orElseThrow().sqrt();
            return updates.stream().map(u -> u.div(norm)).toList();
        };
        Chain.of(normalise, new LearningRate(Schedule.constant(1))).over(pair)
                .step(List.of(Tensor.scalar(3), Tensor.scalar(4)));
        assertArrayEquals(new float[] {-0.6f}, pair.a.value().toFloats(), 1e-7f);
        assertArrayEquals(new float[] {-0.8f}, pair.b.value().toFloats(), 1e-7f);
    }

    /** Two rings, one around the other: no straight line parts them. */
    private static Dataset rings(int count) {
        float[][] points = new float[count][2];
        int[] labels = new int[count];
        float[] noise = Rng.seed(3).normal(Shape.of(count), DType.F32).toFloats();
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            double radius = 1 + labels[i] + 0.1 * noise[i];
            points[i][0] = (float) (radius * Math.cos(i));
            points[i][1] = (float) (radius * Math.sin(i));
        }
        return Dataset.of(points, labels, 2);
    }

    @Test
    void aNetworkLearnsWhatNoLineCanPart() {
        Rng rng = Rng.seed(1);
        Sequential model = Sequential.of(Linear.of(2, 16, rng.stream(0)), Activation.RELU,
                Dropout.of(0.1, rng.stream(1)), Linear.of(16, 2, rng.stream(2)));
        Split<Dataset> data = rings(400).split(0.25, rng.stream(3));
        double before = accuracy(model, data.heldBack());
        train(model, Sgd.of(0.1).withMomentum(0.9).over(model), data.training(), 30);
        double after = accuracy(model, data.heldBack());
        assertTrue(before < 0.8, "untrained: " + before);
        assertTrue(after > 0.98, "trained: " + after);
    }

    @Test
    void theSameSeedsGiveTheSameBits() {
        Rng rng = Rng.seed(1);
        Tensor[] weights = new Tensor[2];
        for (int run = 0; run < 2; run++) {
            Sequential model = Sequential.of(Linear.of(2, 8, rng.stream(0)), Activation.TANH,
                    Dropout.of(0.3, rng.stream(1)), Linear.of(8, 2, rng.stream(2)));
            train(model, Sgd.of(0.1).withNesterov(0.9).withWeightDecay(0.001).over(model), rings(64), 3);
            weights[run] = model.parameters().getFirst().value();
        }
        assertTrue(weights[0].sameBits(weights[1]));
    }

    private static void train(Sequential model, Optimizer optimizer, Dataset data, int epochs) {
        Batches batches = data.batches(32, Rng.seed(9));
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (Batch batch : batches.epoch(epoch)) {
                optimizer.minimize(() -> Losses.crossEntropy(model.forward(batch.features()), batch.targets()));
            }
        }
    }

    private static double accuracy(Sequential model, Dataset data) {
        return model.forward(data.features()).argmax(-1).eq(data.targets()).cast(DType.F64).mean().item();
    }

    private static String message(Runnable refused) {
        return assertThrows(ShapeException.class, refused::run).getMessage();
    }
}
