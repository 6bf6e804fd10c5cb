package io.adjoint.nn.attention;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Layers that write a sequence while they look at another, one upon another, as {@code torch.nn.TransformerDecoder}; but each layer
 * has first values of its own, where PyTorch copies those of one.
 *
 * <p>Shapes: x and y {@code [places, batch, width]}, memory {@code [keys, batch, width]}; by layout with the first two axes exchanged,
 * for a single sequence without the axis of the batch.
 *
 * @param layers from below
 * @param norm after the last one; layers that normalise before need it
 */
public record TransformerDecoder(List<TransformerDecoderLayer> layers, Optional<Layer> norm) implements Module {
    public TransformerDecoder {
        layers = List.copyOf(layers);
    }

    /** Draws the variables of so many layers, with a norm after the last one if they normalise before. */
    public static TransformerDecoder of(TransformerConfig config, int layers, Rng rng) {
        return new TransformerDecoder(
                IntStream.range(0, layers).mapToObj(i -> TransformerDecoderLayer.of(config, rng.stream(i))).toList(),
                config.placement() == NormPlacement.BEFORE ? Optional.of(config.norm()) : Optional.empty());
    }

    /** The same with a norm after the last layer. */
    public TransformerDecoder withNorm(Layer norm) {
        return new TransformerDecoder(layers, Optional.of(norm));
    }

    /** Without masks. */
    public Tensor forward(Tensor x, Tensor memory) {
        return forward(x, memory, Masking.NONE, Masking.NONE);
    }

    /**
     * With masks.
     *
     * @param own which places of the sequence itself are seen, mostly {@link Masking#CAUSAL}
     * @param ofMemory which places of the memory are seen
     * @throws ShapeException if shapes do not fit
     */
    public Tensor forward(Tensor x, Tensor memory, Masking own, Masking ofMemory) {
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            TransformerDecoderLayer layer = layers.get(i);
            Tensor read = y;
            y = Module.within("layers." + i, () -> layer.forward(read, memory, own, ofMemory));
        }
        Tensor last = y;
        return norm.map(n -> n.forward("norm", last)).orElse(last);
    }
}
