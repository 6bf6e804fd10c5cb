package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** Gradients and optimizer steps inside of a graph: the preview domain for training, version 1. */
final class TrainingOperators {
    private TrainingOperators() {}

    static void addTo(OperatorTable table) {
        table.values("ai.onnx.preview.training.Gradient", TrainingOperators::gradient);
        table.values("ai.onnx.preview.training.Adagrad", call -> steps(call, 2, TrainingOperators::adagrad));
        table.values("ai.onnx.preview.training.Adam", call -> steps(call, 3, TrainingOperators::adam));
        table.values("ai.onnx.preview.training.Momentum", call -> steps(call, 2, TrainingOperators::momentum));
    }

    /** The derivative of the sum of {@code y} by each of {@code xs}, along the nodes of the graph around. */
    private static List<Value> gradient(Call call) {
        List<String> xs = call.attributes().texts("xs").orElseThrow(() -> call.missing("xs"));
        List<String> names = new ArrayList<>(xs);
        call.attributes().texts("zs").ifPresent(names::addAll);
        if (call.inputs() != names.size()) {
            throw call.refusal("another number of inputs").operand("inputs", call.inputs())
                    .expected("one for each of " + names);
        }
        List<Value> given = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Value value = call.value(i);
            boolean isVaried = i < xs.size() && value.type().isFloat() && !value.tensor().isTracked();
            given.add(isVaried ? new Value(value.type(), value.tensor().tracked()) : value);
        }
        Tensor y = call.again(names, call.attributes().text("y", ""), given).tensor();
        Tensor[] leaves = given.subList(0, xs.size()).stream().map(Value::tensor).toArray(Tensor[]::new);
        Gradients gradients = y.sum().differentiableGradients(leaves);
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < leaves.length; i++) {
            results.add(call.like(i, gradients.of(leaves[i])));
        }
        return results;
    }

    // ---- optimizers

    /** How one tensor is stepped: from itself, its gradient and its state to itself and its state. */
    private interface Rule {
        List<Tensor> apply(Call call, Tensor rate, Tensor count, List<Tensor> of);
    }

    /** Inputs are rate, count, then all tensors, all gradients, all states; outputs all tensors, all states. */
    private static List<Value> steps(Call call, int states, Rule rule) {
        int kinds = states + 1;
        int n = (call.inputs() - 2) / kinds;
        if (call.inputs() != 2 + n * kinds) {
            throw call.refusal("another number of inputs").operand("inputs", call.inputs())
                    .expected("2, and " + kinds + " for each tensor");
        }
        Value[] results = new Value[n * states];
        for (int i = 0; i < n; i++) {
            List<Tensor> of = new ArrayList<>();
            for (int kind = 0; kind < kinds; kind++) {
                of.add(call.tensor(2 + kind * n + i));
            }
            List<Tensor> next = rule.apply(call, call.tensor(0), call.tensor(1), of);
            for (int kind = 0; kind < states; kind++) {
                results[kind * n + i] = call.like(2 + i, next.get(kind));
            }
        }
        return List.of(results);
    }

    private static Tensor regularised(Call call, Tensor x, Tensor gradient) {
        return gradient.add(x.mul(call.attributes().real("norm_coefficient", 0)));
    }

    private static List<Tensor> adagrad(Call call, Tensor rate, Tensor count, List<Tensor> of) {
        Tensor x = of.get(0);
        Tensor gradient = regularised(call, x, of.get(1));
        Tensor decayed = rate.div(count.cast(rate.dtype()).mul(call.attributes().real("decay_factor", 0)).add(1));
        Tensor squares = of.get(2).add(gradient.square());
        Tensor step = gradient.mul(decayed).div(squares.sqrt().add(call.attributes().real("epsilon", 1e-6f)));
        return List.of(x.sub(step), squares);
    }

    private static List<Tensor> adam(Call call, Tensor rate, Tensor count, List<Tensor> of) {
        float alpha = call.attributes().real("alpha", 0.9f);
        float beta = call.attributes().real("beta", 0.999f);
        Tensor x = of.get(0);
        Tensor gradient = regularised(call, x, of.get(1));
        Tensor mean = of.get(2).mul(alpha).add(gradient.mul(1 - alpha));
        Tensor square = of.get(3).mul(beta).add(gradient.square().mul(1 - beta));
        Tensor t = count.cast(rate.dtype());
        Tensor corrected = rate.mul(t.rpow(beta).rsub(1).sqrt()).div(t.rpow(alpha).rsub(1));
        Tensor adjusted = count.gt(0).where(corrected, rate);
        Tensor step = mean.mul(adjusted).div(square.sqrt().add(call.attributes().real("epsilon", 0)));
        Tensor next = x.sub(step).mul(1 - call.attributes().real("norm_coefficient_post", 0));
        return List.of(next, mean, square);
    }

    private static List<Tensor> momentum(Call call, Tensor rate, Tensor count, List<Tensor> of) {
        float alpha = call.attributes().real("alpha", 0);
        Tensor x = of.get(0);
        Tensor gradient = regularised(call, x, of.get(1));
        Tensor one = Tensor.scalar(1, x.dtype());
        Tensor share = count.gt(0).where(one.mul(call.attributes().real("beta", 1)), one);
        Tensor velocity = of.get(2).mul(alpha).add(gradient.mul(share));
        String mode = call.attributes().text("mode", "standard");
        Tensor step = switch (mode) {
            case "standard" -> velocity;
            case "nesterov" -> gradient.add(velocity.mul(alpha));
            default -> throw call.refusal("there is no such mode").operand("mode", mode)
                    .expected("standard or nesterov");
        };
        return List.of(x.sub(step.mul(rate)), velocity);
    }
}
