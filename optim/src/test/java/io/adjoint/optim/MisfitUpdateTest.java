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

    private void assertNothingMoves(Transformation transformation) {
        Optimizer optimizer = transformation.over(model);
        assertThrows(ShapeException.class,
                () -> optimizer.minimize(() -> model.a().value().sum().add(model.b().value().sum())));
        assertEquals(2, model.a().value().sum().item());
        assertEquals(3, model.b().value().sum().item());
        assertEquals(0, optimizer.steps());
    }
}
