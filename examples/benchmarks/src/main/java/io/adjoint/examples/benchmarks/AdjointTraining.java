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
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;

/** Training steps in this library. */
final class AdjointTraining implements Job {
    private final Supplier<Tensor> step;

    private AdjointTraining(Supplier<Tensor> step) {
        this.step = step;
    }

    static AdjointTraining eager(Network network) {
        Workspace workspace = new Workspace();
        BinaryOperator<Tensor> step = step(network);
        Tensor inputs = inputs(network);
        Tensor labels = Tensor.of(network.labels());
        return new AdjointTraining(() -> workspace.compute(() -> step.apply(inputs, labels)));
    }

    /** The batch is an input, as in a training with many batches: a program would take another for a constant. */
    static AdjointTraining compiled(Network network) {
        Program step = Program.compile(step(network));
        Tensor inputs = inputs(network);
        Tensor labels = Tensor.of(network.labels());
        return new AdjointTraining(() -> step.apply(inputs, labels));
    }

    private static Tensor inputs(Network network) {
        return switch (network) {
            case Mlp mlp -> AdjointKernels.tensor(mlp.features());
            case LeNet5 lenet -> AdjointKernels.tensor(lenet.images());
            case ResNet resnet -> AdjointKernels.tensor(resnet.images());
            case Lstm lstm -> Tensor.of(lstm.tokens(), Lstm.STEPS, Lstm.BATCH);
            case Gpt gpt -> Tensor.of(gpt.tokens(), Gpt.BATCH, Gpt.TOKENS);
        };
    }

    private static BinaryOperator<Tensor> step(Network network) {
        Weights weights = Weights.of(network);
        UnaryOperator<Tensor> logits = switch (network) {
            case Mlp mlp -> AdjointImages.mlp(mlp, weights);
            case LeNet5 _ -> AdjointImages.lenet(weights);
            case ResNet _ -> AdjointImages.resnet(weights);
            case Lstm _ -> AdjointSequences.lstm(weights);
            case Gpt _ -> AdjointSequences.gpt(weights);
        };
        Optimizer optimizer = transformation(network.optimization()).over(weights);
        return (inputs, labels) -> optimizer.minimize(() -> logits.apply(inputs).crossEntropy(labels).mean());
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
