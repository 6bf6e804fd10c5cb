package io.adjoint.optim.train;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Curvature;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batch;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** Takes training steps. */
final class Stepper {
    private final Way plain;
    private final Way fast;
    private final CurvatureEstimates curvature;
    private final boolean learns;

    /**
     * How steps are taken.
     *
     * @param step the loss of features and targets, before the step
     * @param estimate of the curvature, from features, targets and a key
     */
    private record Way(BinaryOperator<Tensor> step, Function<List<Tensor>, List<Tensor>> estimate) {
        static Way of(Task task, Optimizer optimizer) {
            return new Way((features, targets) -> optimizer.minimize(() -> task.loss(features, targets)), in -> {
                optimizer.learn(Curvature.hutchinson(() -> task.loss(in.get(0), in.get(1)), in.get(2)));
                return List.of(in.get(2));
            });
        }

        Way compiled() {
            Program stepping = Program.compile(step);
            Program estimating = Program.compileAll(estimate);
            return new Way(stepping::apply, in -> estimating.applyAll(in.toArray(Tensor[]::new)));
        }
    }

    Stepper(Trainer trainer) {
        plain = Way.of(trainer.task(), trainer.optimizer());
        fast = switch (trainer.execution()) {
            case EAGER -> plain;
            case COMPILED -> plain.compiled();
        };
        curvature = trainer.curvature();
        learns = trainer.optimizer().learnsCurvature();
    }

    /**
     * The loss before the step.
     *
     * @param number of steps completed before
     */
    double step(Batch batch, long number) {
        return step(fast, batch, number);
    }

    /** The same step, operation by operation. */
    double stepEagerly(Batch batch, long number) {
        return step(plain, batch, number);
    }

    private double step(Way way, Batch batch, long number) {
        if (learns && curvature.isDue(number)) {
            way.estimate.apply(List.of(batch.features(), batch.targets(), curvature.key().stream(number).key()));
        }
        return way.step.apply(batch.features(), batch.targets()).item();
    }
}
