package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention;
import io.adjoint.autodiff.function.Embeddings;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.nn.Linear;
import java.util.List;
import java.util.function.UnaryOperator;

/** Forward passes of networks on sequences of tokens, in this library. */
final class AdjointSequences {
    private AdjointSequences() {}

    static UnaryOperator<Tensor> lstm(Weights weights) {
        Tensor zeros = Tensor.zeros(Lstm.BATCH, Lstm.UNITS);
        Linear input = weights.linear("input");
        Linear hidden = weights.linear("hidden");
        Linear head = weights.linear("head");
        return tokens -> {
            List<Tensor> rows = tokens.unbind(0);
            Tensor table = weights.value("embedding");
            Tensor[] outputs = new Tensor[Lstm.STEPS];
            Tensor output = zeros;
            Tensor cell = zeros;
            for (int step = 0; step < Lstm.STEPS; step++) {
                List<Tensor> gates =
                        input.forward(Embeddings.lookup(table, rows.get(step))).add(hidden.forward(output)).chunk(4, 1);
                Tensor taken = gates.get(0).sigmoid().mul(gates.get(2).tanh());
                cell = gates.get(1).sigmoid().mul(cell).add(taken);
                output = gates.get(3).sigmoid().mul(cell.tanh());
                outputs[step] = output;
            }
            return head.forward(Tensor.concat(0, outputs));
        };
    }

    static UnaryOperator<Tensor> gpt(Weights weights) {
        return tokens -> {
            Tensor x = Embeddings.lookup(weights.value("token"), tokens).add(weights.value("place"));
            for (int layer = 0; layer < Gpt.LAYERS; layer++) {
                x = x.add(attend(weights, layer, normalise(weights, layer + ".before", x)));
                Tensor between = normalise(weights, layer + ".between", x);
                Tensor expanded = weights.linear(layer + ".expand").forward(between).gelu();
                x = x.add(weights.linear(layer + ".contract").forward(expanded));
            }
            return weights.linear("head").forward(normalise(weights, "last", x)).flatten(0, 1);
        };
    }

    private static Tensor attend(Weights weights, int layer, Tensor x) {
        List<Tensor> parts = weights.linear(layer + ".attend").forward(x).chunk(3, -1).stream()
                .map(AdjointSequences::heads).toList();
        Tensor attended =
                Attention.scaledDotProduct(parts.get(0), parts.get(1), parts.get(2), Attention.Options.CAUSAL);
        return weights.linear(layer + ".project").forward(attended.transpose(1, 2).flatten(2));
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(Gpt.BATCH, Gpt.TOKENS, Gpt.HEADS, Gpt.WIDTH / Gpt.HEADS).transpose(1, 2);
    }

    private static Tensor normalise(Weights weights, String name, Tensor x) {
        return Normalisation.layer(x, Shape.of(Gpt.WIDTH), weights.affine(name), Gpt.EPSILON);
    }
}
