package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.Curvature;
import io.adjoint.optim.Lbfgs;
import io.adjoint.optim.LbfgsOptimizer;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.samples.OptimizerSample;
import io.adjoint.optim.samples.OptimizerSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Every optimizer that is saved and loaded takes the steps that the one before would have taken, to the last bit. */
class OptimizerResumeTest {
    private record Model(Variable matrix, Variable vector) implements Module {
        static Model random(long seed) {
            return new Model(Variable.parameter(Rng.seed(seed).normal(Shape.of(3, 2), DType.F32)),
                    Variable.parameter(Rng.seed(seed).stream(1).normal(Shape.of(3), DType.F32)));
        }

        Tensor loss() {
            Tensor x = matrix.value().sum(1).add(vector.value());
            return x.square().sum().add(x.sin().sum());
        }
    }

    /** What is saved: the model and the optimizer beside it. */
    private record Run(Model model, Module optimizer) implements Module {}

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void savedAndLoadedItGoesOnExactly(@ForAll @LongRange(min = 0) long seed,
            @ForAll @IntRange(max = 4) int before) throws IOException {
        Path folder = Files.createTempDirectory("resume");
        Path file = folder.resolve("run.adjoint");
        for (OptimizerSample sample : OptimizerSamples.all()) {
            Model model = Model.random(seed);
            Optimizer optimizer = sample.make().over(model);
            steps(optimizer, model, before);
            Checkpoint.save(file, new Run(model, optimizer));
            Model other = Model.random(seed + 1);
            Optimizer resumed = sample.make().over(other);
            Checkpoint.load(file, new Run(other, resumed));
            assertEquals(before, resumed.steps());
            steps(optimizer, model, 5);
            steps(resumed, other, 5);
            Trees.assertSame(new Run(model, optimizer).variables(), new Run(other, resumed).variables());
        }
        Files.delete(file);
        Files.delete(folder);
    }

    private static void steps(Optimizer optimizer, Model model, int count) {
        for (int t = 0; t < count; t++) {
            if (optimizer.learnsCurvature()) {
                optimizer.learn(Curvature.hutchinson(model::loss, Rng.seed(7).stream(optimizer.steps()).key()));
            }
            optimizer.minimize(model::loss);
        }
    }

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void soDoesLbfgs(@ForAll @LongRange(min = 0) long seed) throws IOException {
        Path folder = Files.createTempDirectory("resume");
        Path file = folder.resolve("run.adjoint");
        for (Lbfgs form : List.of(Lbfgs.of(0.1).withIterations(2), Lbfgs.of(1).withStrongWolfe().withHistory(3))) {
            Model model = Model.random(seed);
            LbfgsOptimizer optimizer = form.over(model);
            optimizer.minimize(model::loss);
            Checkpoint.save(file, new Run(model, optimizer));
            Model other = Model.random(seed + 1);
            LbfgsOptimizer resumed = form.over(other);
            Checkpoint.load(file, new Run(other, resumed));
            optimizer.minimize(model::loss);
            resumed.minimize(other::loss);
            Trees.assertSame(new Run(model, optimizer).variables(), new Run(other, resumed).variables());
        }
        Files.delete(file);
        Files.delete(folder);
    }
}
