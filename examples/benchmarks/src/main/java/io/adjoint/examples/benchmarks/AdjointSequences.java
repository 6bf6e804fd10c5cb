package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention;
import io.adjoint.autodiff.function.Embeddings;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.nn.Linear;
import io.adjoint.nn.SequenceLayout;
import io.adjoint.nn.recurrent.Directions;
import io.adjoint.nn.recurrent.LstmCell;
import io.adjoint.nn.recurrent.RecurrentStack;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Forward passes of networks on sequences of tokens, in this library. */
final class AdjointSequences {
    private AdjointSequences() {}

    static UnaryOperator<Tensor> lstm(Weights weights) {
        RecurrentStack<LstmCell> layer = new RecurrentStack<>(List.of(weights.lstm("input", "hidden")),
                Directions.FORWARD, SequenceLayout.TIME_FIRST, Optional.empty());
        Linear head = weights.linear("head");
        return tokens -> {
            Tensor inputs = Embeddings.lookup(weights.value("embedding"), tokens);
            return head.forward(layer.forward(inputs).output().flatten(0, 1));
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
