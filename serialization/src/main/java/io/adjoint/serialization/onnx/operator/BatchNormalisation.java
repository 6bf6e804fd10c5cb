package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Batch normalisation. Before version 14 the node asks for training by naming more outputs than one; its third and fourth
 * statistic are those of the batch. Before version 9 each element of an example could have statistics of its own.
 */
final class BatchNormalisation {
    /** What has statistics of its own. */
    private enum Owner {
        CHANNEL, ELEMENT
    }

    private BatchNormalisation() {}

    static List<Value> of(Call call) {
        Tensor x = call.tensor(0);
        if (x.rank() < 1) {
            throw call.refusal("no channels").operand("input", x.shape()).expected("[batch, channels, ...]");
        }
        Owner owner = call.version() < 9 && call.attributes().whole("spatial", 1) == 0 ? Owner.ELEMENT : Owner.CHANNEL;
        Shape features = features(x, owner);
        Tensor scale = feature(call, 1, features);
        Tensor bias = feature(call, 2, features);
        Tensor mean = feature(call, 3, features);
        Tensor variance = feature(call, 4, features);
        if (!isTraining(call)) {
            return List.of(call.like(0, normalised(call, x, mean, variance, scale, bias)));
        }
        Axes axes = Axes.keep(IntStream.range(0, x.rank()).filter(axis -> axis == 0 && x.rank() > 1
                || axis > 1 && owner == Owner.CHANNEL || x.rank() == 1).toArray());
        Tensor seenMean = x.mean(axes);
        Tensor seenVariance = x.sub(seenMean).square().mean(axes);
        List<Value> results = new ArrayList<>();
        results.add(call.like(0, normalised(call, x, seenMean, seenVariance, scale, bias)));
        double momentum = call.attributes().real("momentum", 0.9f);
        results.add(call.like(3, moved(call.tensor(3), seenMean, momentum)));
        results.add(call.like(4, moved(call.tensor(4), seenVariance, momentum)));
        if (call.outputs() > 3) {
            results.add(call.like(3, seenMean.reshape(call.tensor(3).shape()).cast(call.tensor(3).dtype())));
            results.add(call.like(4, seenVariance.reshape(call.tensor(4).shape()).cast(call.tensor(4).dtype())));
        }
        return results;
    }

    private static boolean isTraining(Call call) {
        if (call.version() >= 14) {
            return call.attributes().flag("training_mode");
        }
        return call.outputs() > 1 && !(call.version() < 7 && call.attributes().flag("is_test"));
    }

    /** How what there is for each channel, or each element, stretches to the input. */
    private static Shape features(Tensor x, Owner owner) {
        int[] dims = x.shape().dims();
        if (owner == Owner.CHANNEL) {
            Arrays.fill(dims, 1);
            if (x.rank() > 1) {
                dims[1] = x.dim(1);
            }
        } else {
            dims[0] = 1;
        }
        return Shape.of(dims);
    }

    private static Tensor feature(Call call, int input, Shape features) {
        Tensor given = call.tensor(input);
        if (given.size() != features.size()) {
            throw call.refusal("it does not fit the channels").operand("input " + input, given.shape())
                    .operand("images", call.tensor(0).shape()).expected("[" + features.size() + "]");
        }
        return given.reshape(features).cast(call.tensor(0).dtype());
    }

    private static Tensor normalised(Call call, Tensor x, Tensor mean, Tensor variance, Tensor scale, Tensor bias) {
        return x.sub(mean).div(variance.add(NormalisationOperators.epsilon(call)).sqrt()).mul(scale).add(bias);
    }

    /** The momentum is the share of what was. */
    private static Tensor moved(Tensor running, Tensor seen, double momentum) {
        Tensor now = seen.reshape(running.shape()).cast(running.dtype()).detached();
        return running.mul(momentum).add(now.mul(1 - momentum)).detached();
    }
}
