package io.adjoint.optim.train;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batch;
import java.util.function.BinaryOperator;

/** Takes training steps. */
final class Stepper {
    private final BinaryOperator<Tensor> plain;
    private final BinaryOperator<Tensor> step;

    Stepper(Task task, Optimizer optimizer, Execution execution) {
        plain = (features, targets) -> optimizer.minimize(() -> task.loss(features, targets));
        step = switch (execution) {
            case EAGER -> plain;
            case COMPILED -> Program.compile(plain)::apply;
        };
    }

    /** The loss before the step. */
    double step(Batch batch) {
        return step.apply(batch.features(), batch.targets()).item();
    }

    /** The same step, operation by operation. */
    double stepEagerly(Batch batch) {
        return plain.apply(batch.features(), batch.targets()).item();
    }
}
