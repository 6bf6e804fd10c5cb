package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.function.UnaryOperator;

/** What a gate makes of a sum. */
@FunctionalInterface
interface RecurrentActivation extends UnaryOperator<Tensor> {
    /**
     * Those that the attributes name, or else the defaults, for each direction. Numbers are given only for those that take
     * any, in order.
     */
    static List<RecurrentActivation> of(Call call, List<String> defaults, int directions) {
        List<String> names = call.attributes().texts("activations").orElseGet(
                () -> Collections.nCopies(directions, defaults).stream().flatMap(List::stream).toList());
        if (names.size() != directions * defaults.size()) {
            throw call.refusal("not an activation for each place").operand("activations", names)
                    .expected(directions * defaults.size() + " activations");
        }
        Deque<Float> alphas = new ArrayDeque<>(call.attributes().reals("activation_alpha").orElse(List.of()));
        Deque<Float> betas = new ArrayDeque<>(call.attributes().reals("activation_beta").orElse(List.of()));
        List<RecurrentActivation> all = new ArrayList<>();
        names.forEach(name -> all.add(of(call, name, alphas, betas)));
        return all;
    }

    private static RecurrentActivation of(Call call, String name, Queue<Float> alphas, Queue<Float> betas) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "relu" -> Tensor::relu;
            case "tanh" -> Tensor::tanh;
            case "sigmoid" -> Tensor::sigmoid;
            case "softsign" -> Tensor::softsign;
            case "softplus" -> Tensor::softplus;
            case "leakyrelu" -> {
                float slope = next(alphas, 0.01f);
                yield x -> x.leakyRelu(slope);
            }
            case "elu" -> {
                float alpha = next(alphas, 1);
                yield x -> x.elu(alpha);
            }
            case "thresholdedrelu" -> {
                float threshold = next(alphas, 1);
                yield x -> x.threshold(threshold, 0);
            }
            case "affine" -> affine(next(alphas, 1), next(betas, 0));
            case "scaledtanh" -> scaledTanh(next(alphas, 1), next(betas, 1));
            case "hardsigmoid" -> hardSigmoid(next(alphas, 0.2f), next(betas, 0.5f));
            default -> throw call.refusal("no such activation").operand("activation", name).expected("Relu, Tanh, "
                    + "Sigmoid, Affine, LeakyRelu, ThresholdedRelu, ScaledTanh, HardSigmoid, Elu, Softsign or Softplus");
        };
    }

    private static float next(Queue<Float> numbers, float otherwise) {
        Float number = numbers.poll();
        return number == null ? otherwise : number;
    }

    private static RecurrentActivation affine(float alpha, float beta) {
        return x -> x.mul(alpha).add(beta);
    }

    private static RecurrentActivation scaledTanh(float alpha, float beta) {
        return x -> x.mul(beta).tanh().mul(alpha);
    }

    private static RecurrentActivation hardSigmoid(float alpha, float beta) {
        return x -> x.mul(alpha).add(beta).clamp(0, 1);
    }
}
