package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transformation whose updates do not fit is refused before the first parameter has moved. */
class MisfitUpdateTest {
    private record Two(Variable a, Variable b) implements Module {}

    private final Two model = new Two(Variable.parameter(Tensor.ones(2)), Variable.parameter(Tensor.ones(3)));

    @Test
    void anUpdateOfAnotherDtypeMovesNothing() {
        assertNothingMoves(_ -> (updates, _, _) -> List.of(updates.get(0), updates.get(1).cast(DType.F64)));
    }

    @Test
    void tooFewUpdatesMoveNothing() {
        assertNothingMoves(_ -> (updates, _, _) -> updates.subList(0, 1));
    }

    @Test
    void aStageThatThrowsLeavesTheStateOfEarlierOnes() {
        PerParameter refusing = _ -> (_, _, _) -> {
            throw new IllegalStateException("refused");
        };
        Optimizer optimizer = Chain.of(Momentum.of(0.9), refusing).over(model);
        assertThrows(IllegalStateException.class, () -> optimizer.minimize(this::loss));
        optimizer.variables().forEach((path, variable) -> assertEquals(0, variable.value().sum().item(), path));
    }

    @Test
    void aLossOfAForeignTensorIsRefused() {
        Tensor foreign = Tensor.ones(2).tracked();
        Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(model);
        assertEquals("minimize: the loss depends on no parameter: loss F32[]; expected a loss computed from the model "
                + "inside the lambda",
                assertThrows(ShapeException.class,
                        () -> optimizer.minimize(() -> foreign.square().sum())).getMessage());
        assertEquals(0, optimizer.steps());
    }

    private Tensor loss() {
        return model.a().value().sum().add(model.b().value().sum());
    }

    private void assertNothingMoves(Transformation transformation) {
        Optimizer optimizer = Chain.of(Momentum.of(0.9), transformation).over(model);
        assertThrows(ShapeException.class, () -> optimizer.minimize(this::loss));
        assertEquals(2, model.a().value().sum().item());
        assertEquals(3, model.b().value().sum().item());
        assertEquals(0, optimizer.steps());
        optimizer.variables().forEach((path, variable) -> assertEquals(0, variable.value().sum().item(), path));
    }
}
