package io.adjoint.examples.benchmarks;

import io.adjoint.examples.benchmarks.Network.Optimization;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Training steps in libtorch. */
final class LibtorchTraining implements Job {
    private final Optimizer optimizer;
    private final Supplier<Tensor> logits;
    private final Tensor labels;

    LibtorchTraining(Network network) {
        LibtorchWeights weights = LibtorchWeights.of(network);
        logits = switch (network) {
            case Mlp mlp -> LibtorchImages.mlp(mlp, weights);
            case LeNet5 lenet -> LibtorchImages.lenet(lenet, weights);
            case ResNet resnet -> LibtorchImages.resnet(resnet, weights);
            case Lstm lstm -> LibtorchSequences.lstm(lstm, weights);
            case Gpt gpt -> LibtorchSequences.gpt(gpt, weights);
        };
        labels = Tensor.create(network.labels());
        optimizer = optimizer(network.optimization(), weights.all());
    }

    /** The decays of Adam's moments are the defaults; JavaCPP's view of them has them in reverse. */
    private static Optimizer optimizer(Optimization optimization, TensorVector parameters) {
        return switch (optimization) {
            case SGD -> {
                SGDOptions options = new SGDOptions(optimization.rate());
                options.momentum().put(Optimization.MOMENTUM);
                yield new SGD(parameters, options);
            }
            case ADAM -> {
                AdamOptions options = new AdamOptions(optimization.rate());
                options.eps().put(Optimization.EPSILON);
                yield new Adam(parameters, options);
            }
            case ADAMW -> {
                AdamWOptions options = new AdamWOptions(optimization.rate());
                options.eps().put(Optimization.EPSILON);
                options.weight_decay().put(optimization.decay());
                yield new AdamW(parameters, options);
            }
        };
    }

    private double step() {
        try (PointerScope _ = new PointerScope()) {
            optimizer.zero_grad();
            Tensor loss = torch.cross_entropy_loss(logits.get(), labels);
            loss.backward();
            optimizer.step();
            return loss.item_float();
        }
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
