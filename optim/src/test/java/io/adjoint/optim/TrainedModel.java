package io.adjoint.optim;

import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Attention;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Embeddings;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Module;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A model of the reference trainings, written in functions of tensors on variables with PyTorch's names.
 *
 * @param kind which one
 * @param state its variables by name
 */
record TrainedModel(String kind, SequencedMap<String, Variable> state) implements Module {
    private static final double EPSILON = 1e-5;

    static TrainedModel of(JsonObject json, DType dtype) {
        SequencedMap<String, Variable> state = new LinkedHashMap<>();
        json.getAsJsonObject("state0").asMap().forEach((name, value) -> {
            Tensor tensor = tensor(value.getAsJsonObject(), dtype);
            boolean isBuffer = name.contains("running_") || name.contains("num_batches");
            state.put(name, isBuffer ? Variable.buffer(tensor) : Variable.parameter(tensor));
        });
        return new TrainedModel(json.get("model").getAsString(), Collections.unmodifiableSequencedMap(state));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(state));
    }

    Tensor loss(Tensor x, Tensor y) {
        return switch (kind) {
            case "logreg" -> BinaryLosses.crossEntropyWithLogits(linear("0", x).flatten(0), y);
            case "mlp" -> Losses.crossEntropy(linear("4", linear("2", linear("0", x).tanh()).relu()), y);
            case "cnn_bn" -> Losses.crossEntropy(convolutional(x), y);
            case "lstm" -> Losses.meanSquaredError(linear("fc", recurrent(x)).squeeze(-1), y);
            case "transformer" -> {
                Tensor logits = transformer(x);
                yield Losses.crossEntropy(logits.flatten(0, 1), y.flatten(0));
            }
            default -> fail("no model for " + kind);
        };
    }

    private Tensor value(String name) {
        return state.get(name).value();
    }

    private Tensor linear(String name, Tensor x) {
        return affine(x, name + ".weight", name + ".bias");
    }

    private Tensor affine(Tensor x, String weight, String bias) {
        return x.matmul(value(weight).transpose()).add(value(bias));
    }

    private Tensor convolutional(Tensor x) {
        Tensor first = Convolutions.convolve(x, value("conv1.weight"), value("conv1.bias"),
                ConvolutionOptions.DEFAULT.padding(1, 1));
        Window halves = Window.square(2);
        Tensor pooled = Pooling.max(normalised(first).relu(), halves);
        Tensor second = Convolutions.convolve(pooled, value("conv2.weight"), value("conv2.bias"),
                ConvolutionOptions.DEFAULT.padding(1, 1));
        return linear("fc", Pooling.max(second.relu(), halves).flatten(1));
    }

    private Tensor normalised(Tensor x) {
        var made = Normalisation.batch(x, Affine.of(value("bn.weight"), value("bn.bias")), EPSILON);
        move("bn.running_mean", made.mean());
        move("bn.running_var", made.variance());
        Variable count = state.get("bn.num_batches_tracked");
        count.set(count.value().add(1));
        return made.output();
    }

    private void move(String name, Tensor seen) {
        state.get(name).set(Normalisation.Normalised.moved(value(name), seen, 0.1));
    }

    /** The last output of an LSTM, {@code [n, steps, in] -> [n, width]}. */
    private Tensor recurrent(Tensor x) {
        int width = value("lstm.weight_hh_l0").dim(1);
        Tensor hidden = Tensor.zeros(Shape.of(x.dim(0), width), x.dtype());
        Tensor cell = hidden;
        for (int t = 0; t < x.dim(1); t++) {
            Tensor gates = affine(x.select(1, t), "lstm.weight_ih_l0", "lstm.bias_ih_l0")
                    .add(affine(hidden, "lstm.weight_hh_l0", "lstm.bias_hh_l0"));
            var parts = gates.chunk(4, 1);
            cell = parts.get(1).sigmoid().mul(cell).add(parts.get(0).sigmoid().mul(parts.get(2).tanh()));
            hidden = parts.get(3).sigmoid().mul(cell.tanh());
        }
        return hidden;
    }

    private Tensor transformer(Tensor tokens) {
        Tensor x = Embeddings.lookup(value("emb.weight"), tokens).add(value("pos"));
        Tensor seen = x.add(attention(layerNorm("layer.norm1", x)));
        Tensor wide = linear("layer.linear1", layerNorm("layer.norm2", seen)).gelu();
        Tensor out = seen.add(linear("layer.linear2", wide));
        return linear("head", layerNorm("norm", out));
    }

    private Tensor layerNorm(String name, Tensor x) {
        return Normalisation.layer(x, Shape.of(x.dim(-1)), Affine.of(value(name + ".weight"), value(name + ".bias")),
                EPSILON);
    }

    private Tensor attention(Tensor x) {
        Tensor projected = affine(x, "layer.self_attn.in_proj_weight", "layer.self_attn.in_proj_bias");
        var parts = projected.chunk(3, -1).stream().map(part -> part.unflatten(-1, 2, x.dim(-1) / 2).transpose(1, 2))
                .toList();
        Tensor heads = Attention.scaledDotProduct(parts.get(0), parts.get(1), parts.get(2), Attention.Options.CAUSAL);
        return linear("layer.self_attn.out_proj", heads.transpose(1, 2).flatten(2));
    }
}
