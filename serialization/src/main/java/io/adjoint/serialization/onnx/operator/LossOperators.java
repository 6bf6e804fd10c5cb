package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;

/** Losses. */
final class LossOperators {
    private LossOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("NegativeLogLikelihoodLoss", call -> loss(call, call.tensor(0))).knows(2);
        table.values("SoftmaxCrossEntropyLoss", LossOperators::softmaxCrossEntropy).knows(2);
    }

    private static List<Value> softmaxCrossEntropy(Call call) {
        Tensor logProbabilities = call.tensor(0).logSoftmax(1);
        return List.of(call.like(0, loss(call, logProbabilities)), call.like(0, logProbabilities));
    }

    private static Tensor loss(Call call, Tensor logProbabilities) {
        ClassOptions options = new ClassOptions(call.findTensor(2),
                call.attributes().whole("ignore_index", ClassOptions.DEFAULT.ignored()), 0);
        return Losses.negativeLogLikelihood(logProbabilities, call.tensor(1), options, reduction(call));
    }

    private static Reduction reduction(Call call) {
        return switch (call.attributes().text("reduction", "mean")) {
            case "none" -> Reduction.NONE;
            case "sum" -> Reduction.SUM;
            case "mean" -> Reduction.MEAN;
            case String other -> throw call.refusal("no such reduction").operand("reduction", other)
                    .expected("none, sum or mean");
        };
    }
}
