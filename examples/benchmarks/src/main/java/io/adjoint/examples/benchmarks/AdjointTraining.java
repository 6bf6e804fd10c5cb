package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Workspace;
import io.adjoint.examples.benchmarks.Network.Optimization;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Transformation;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** Training steps in this library, eager. */
final class AdjointTraining implements Job {
    private final Workspace workspace = new Workspace();
    private final Optimizer optimizer;
    private final Supplier<Tensor> loss;

    AdjointTraining(Network network) {
        Weights weights = Weights.of(network);
        Tensor labels = Tensor.of(network.labels());
        Supplier<Tensor> logits = switch (network) {
            case Mlp mlp -> AdjointImages.mlp(mlp, weights);
            case LeNet5 lenet -> AdjointImages.lenet(lenet, weights);
            case ResNet resnet -> AdjointImages.resnet(resnet, weights);
            case Lstm lstm -> AdjointSequences.lstm(lstm, weights);
            case Gpt gpt -> AdjointSequences.gpt(gpt, weights);
        };
        this.optimizer = transformation(network.optimization()).over(weights);
        this.loss = () -> logits.get().crossEntropy(labels).mean();
    }

    private static Transformation transformation(Optimization optimization) {
        return switch (optimization) {
            case SGD -> Sgd.of(optimization.rate()).withMomentum(Optimization.MOMENTUM);
            case ADAM, ADAMW -> new Adam(optimization);
        };
    }

    private double step() {
        return workspace.compute(() -> optimizer.minimize(loss)).item();
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
