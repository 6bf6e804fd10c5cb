package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.data.Order;
import io.adjoint.optim.train.Execution;
import io.adjoint.optim.train.Trainer;
import io.adjoint.optim.train.TrainingException;
import java.util.function.BinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A user's code, whose lines messages name. */
class FaultTest {
    private record Scale(Variable weight) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            return x.mul(weight.value());
        }
    }

    private static final Tensor FEATURES = Tensor.of(new float[] {1, 2, 3, 4, 0, 5, 6, 7}, 8, 1);

    private static Batches batches(Tensor features) {
        return Batches.of(new Dataset(features, Tensor.zeros(Shape.of(8, 1), DType.F32)), 1, Order.sequential(),
                Rng.seed(0));
    }

    private static TrainingException failure(Scale model, Execution execution, Tensor features,
            BinaryOperator<Tensor> loss) {
        Trainer trainer = Trainer.of(model, loss, Sgd.of(1e-3).withMomentum(0.9).over(model), 3)
                .withExecution(execution);
        return assertThrows(TrainingException.class, () -> trainer.fit(batches(features)));
    }

    private static Scale model() {
        return new Scale(Variable.parameter(Tensor.of(new float[] {1}, 1)));
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void theLossItself(Execution execution) {
        Scale model = model();
        Tensor features = Tensor.of(new float[] {1, 2, 3, 4, 5, -6, 7, 8}, 8, 1);
        TrainingException thrown = failure(model, execution, features, FaultTest::logarithm);
        assertEquals(5, thrown.step());
        assertTrue(thrown.getMessage().startsWith("step 5 (epoch 0, batch 5): log made NaN at FaultTest.logarithm("),
                thrown.getMessage());
        assertTrue(Double.isFinite(model.weight().value().sum().item()));
    }

    private static Tensor logarithm(Tensor predicted, Tensor target) {
        return predicted.log().sub(target).mean();
    }

    /** The square of the weight falls by a tenth a step, so it is below 0 after some ten: in the second epoch of eight. */
    @ParameterizedTest
    @EnumSource(Execution.class)
    void inALaterEpochThanTheSnapshot(Execution execution) {
        Scale model = model();
        Trainer trainer = Trainer.of(model, FaultTest::logarithm, Sgd.of(0.05).over(model), 3).withExecution(execution);
        Tensor ones = Tensor.ones(8, 1);
        TrainingException thrown = assertThrows(TrainingException.class, () -> trainer.fit(batches(ones)));
        assertTrue(thrown.getMessage().contains("(epoch 1, batch ")
                && thrown.getMessage().contains(": log made NaN at FaultTest.logarithm("), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(" of -"), thrown.getMessage());
    }

    /** The loss of this step is 0; the next one, of parameters that are NaN, is the first to show it. */
    @ParameterizedTest
    @EnumSource(Execution.class)
    void theGradientOfTheStepBefore(Execution execution) {
        Scale model = model();
        TrainingException thrown = failure(model, execution, FEATURES, FaultTest::root);
        assertEquals(4, thrown.step());
        assertTrue(thrown.getMessage().startsWith("step 4 (epoch 0, batch 4): ")
                && thrown.getMessage().contains(" made NaN in the gradient of ")
                && thrown.getMessage().contains(" at FaultTest$Scale.forward("), thrown.getMessage());
        assertTrue(Double.isFinite(model.weight().value().sum().item()));
    }

    private static Tensor root(Tensor predicted, Tensor target) {
        return predicted.sqrt().sub(target).mean();
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void aLossThatIsInfinite(Execution execution) {
        TrainingException thrown =
                failure(model(), execution, Tensor.of(new float[] {1, 1, 200, 4, 0, 5, 6, 7}, 8, 1), FaultTest::power);
        assertEquals(2, thrown.step());
        assertTrue(thrown.getMessage().contains("exp made Infinity at FaultTest.power("), thrown.getMessage());
    }

    private static Tensor power(Tensor predicted, Tensor target) {
        return predicted.exp().sub(target).mean();
    }
}
