package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Layers one after the other: {@code y = f_n(... f_1(f_0(x)))}; without layers the identity.
 *
 * <p>The layers are named by their index, so that variables have the same paths as in PyTorch's {@code nn.Sequential}:
 * {@code 0.weight}, {@code 2.bias}. Shapes are those of the first layer's input and of the last one's output.
 */
public record Sequential(List<Layer> layers) implements Layer {
    public Sequential {
        layers = List.copyOf(layers);
    }

    /** The layers in this order. */
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            parts.put(Integer.toString(i), layers.get(i));
        }
        return Collections.unmodifiableSequencedMap(parts);
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).forward(Integer.toString(i), y);
        }
        return y;
    }
}
