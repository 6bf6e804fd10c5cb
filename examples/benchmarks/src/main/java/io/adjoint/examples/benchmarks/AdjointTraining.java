package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Workspace;
import io.adjoint.examples.benchmarks.Network.Optimization;
import io.adjoint.optim.Adam;
import io.adjoint.optim.AdamW;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Transformation;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** Training steps in this library. */
final class AdjointTraining implements Job {
    private final Supplier<Tensor> step;

    private AdjointTraining(Supplier<Tensor> step) {
        this.step = step;
    }

    static AdjointTraining eager(Network network) {
        Workspace workspace = new Workspace();
        Supplier<Tensor> step = minimization(network);
        return new AdjointTraining(() -> workspace.compute(step));
    }

    static AdjointTraining compiled(Network network) {
        return new AdjointTraining(Program.compile(minimization(network))::apply);
    }

    private static Supplier<Tensor> minimization(Network network) {
        Weights weights = Weights.of(network);
        Tensor labels = Tensor.of(network.labels());
        Supplier<Tensor> logits = switch (network) {
            case Mlp mlp -> AdjointImages.mlp(mlp, weights);
            case LeNet5 lenet -> AdjointImages.lenet(lenet, weights);
            case ResNet resnet -> AdjointImages.resnet(resnet, weights);
            case Lstm lstm -> AdjointSequences.lstm(lstm, weights);
            case Gpt gpt -> AdjointSequences.gpt(gpt, weights);
        };
        Optimizer optimizer = transformation(network.optimization()).over(weights);
        return () -> optimizer.minimize(() -> logits.get().crossEntropy(labels).mean());
    }

    private static Transformation transformation(Optimization optimization) {
        return switch (optimization) {
            case SGD -> Sgd.of(optimization.rate()).withMomentum(Optimization.MOMENTUM);
            case ADAM -> Adam.of(optimization.rate());
            case ADAMW -> AdamW.of(optimization.rate()).withWeightDecay(optimization.decay());
        };
    }

    private double step() {
        return step.get().item();
    }

    @Override
    public void run() {
        if (Double.isNaN(step())) {
            throw new IllegalStateException("the loss is not a number");
        }
    }

    @Override
    public double[] evidence() {
        return DoubleStream.generate(this::step).limit(TrainingStep.COMPARED_STEPS).toArray();
    }
}
