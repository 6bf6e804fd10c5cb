package io.adjoint.examples.benchmarks;

import java.util.function.Supplier;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Forward passes of networks on sequences of tokens, in libtorch. */
final class LibtorchSequences {
    private static final DoubleOptional DEFAULT_SCALE = new DoubleOptional();

    private LibtorchSequences() {}

    static Supplier<Tensor> lstm(Lstm lstm, LibtorchWeights weights) {
        Tensor tokens = Tensor.create(lstm.tokens(), Lstm.STEPS, Lstm.BATCH);
        Tensor zeros = LibtorchKernels.tensor(Values.full(0, 1, Lstm.BATCH, Lstm.UNITS));
        TensorVector state = new TensorVector(zeros, zeros);
        TensorVector parameters = new TensorVector(weights.weight("input"), weights.weight("hidden"),
                weights.value("input.bias"), weights.value("hidden.bias"));
        return () -> {
            Tensor inputs = torch.embedding(weights.value("embedding"), tokens);
            Tensor outputs = torch.lstm(inputs, state, parameters, true, 1, 0, true, false, false).get0();
            return weights.linear("head", outputs.reshape(-1, Lstm.UNITS));
        };
    }

    static Supplier<Tensor> gpt(Gpt gpt, LibtorchWeights weights) {
        Tensor tokens = Tensor.create(gpt.tokens(), Gpt.BATCH, Gpt.TOKENS);
        return () -> {
            Tensor x = torch.embedding(weights.value("token"), tokens).add(weights.value("place"));
            for (int layer = 0; layer < Gpt.LAYERS; layer++) {
                x = x.add(attend(weights, layer, normalise(weights, layer + ".before", x)));
                Tensor between = normalise(weights, layer + ".between", x);
                Tensor expanded = torch.gelu(weights.linear(layer + ".expand", between));
                x = x.add(weights.linear(layer + ".contract", expanded));
            }
            return weights.linear("head", normalise(weights, "last", x)).flatten(0, 1);
        };
    }

    private static Tensor attend(LibtorchWeights weights, int layer, Tensor x) {
        TensorVector parts = weights.linear(layer + ".attend", x).chunk(3, -1);
        Tensor attended = torch.scaled_dot_product_attention(heads(parts.get(0)), heads(parts.get(1)),
                heads(parts.get(2)), LibtorchWeights.NONE, 0, true, DEFAULT_SCALE, false);
        return weights.linear(layer + ".project", attended.transpose(1, 2).flatten(2, 3));
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(Gpt.BATCH, Gpt.TOKENS, Gpt.HEADS, Gpt.WIDTH / Gpt.HEADS).transpose(1, 2);
    }

    private static Tensor normalise(LibtorchWeights weights, String name, Tensor x) {
        return torch.layer_norm(x, new long[] {Gpt.WIDTH}, weights.optional(name + ".scale"),
                weights.optional(name + ".shift"), Gpt.EPSILON, true);
    }
}
