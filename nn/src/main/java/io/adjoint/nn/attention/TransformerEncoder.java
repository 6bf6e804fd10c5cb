package io.adjoint.nn.attention;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Layers that read a sequence, one upon another, as {@code torch.nn.TransformerEncoder}; but each layer has first values of its
 * own, where PyTorch copies those of one.
 *
 * <p>Shapes: x and y {@code [places, batch, width]}, by layout {@code [batch, places, width]}, or {@code [places, width]}.
 *
 * @param layers from below
 * @param norm after the last one; layers that normalise before need it
 */
public record TransformerEncoder(List<TransformerEncoderLayer> layers, Optional<Layer> norm) implements Layer {
    /**
     * A step of decoding.
     *
     * @param output for the new places
     * @param caches of the layers, for the next step
     */
    public record Decoded(Tensor output, List<KeyValueCache> caches) {}

    public TransformerEncoder {
        layers = List.copyOf(layers);
    }

    /** Draws the variables of so many layers, with a norm after the last one if they normalise before. */
    public static TransformerEncoder of(TransformerConfig config, int layers, Rng rng) {
        return new TransformerEncoder(
                IntStream.range(0, layers).mapToObj(i -> TransformerEncoderLayer.of(config, rng.stream(i))).toList(),
                config.placement() == NormPlacement.BEFORE ? Optional.of(config.norm()) : Optional.empty());
    }

    /** The same with a norm after the last layer. */
    public TransformerEncoder withNorm(Layer norm) {
        return new TransformerEncoder(layers, Optional.of(norm));
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Masking.NONE);
    }

    /**
     * With a mask.
     *
     * @throws ShapeException if shapes do not fit
     */
    public Tensor forward(Tensor x, Masking masking) {
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            TransformerEncoderLayer layer = layers.get(i);
            Tensor read = y;
            y = Module.within("layers." + i, () -> layer.forward(read, masking));
        }
        return normalised(y);
    }

    /** Nothing seen yet, of so many sequences: a cache for each layer. */
    public List<KeyValueCache> emptyCaches(int batch) {
        return layers.stream().map(layer -> layer.attention().emptyCache(batch)).toList();
    }

    /**
     * The next places of sequences whose places so far are in caches, as {@link MultiHeadAttention#decode}.
     *
     * @throws ShapeException if shapes do not fit
     */
    public Decoded decode(Tensor x, List<KeyValueCache> caches) {
        if (caches.size() != layers.size()) {
            throw ShapeException.of("decode", "not a cache for each layer").operand("caches", caches.size())
                    .expected(layers.size() + ", as emptyCaches makes them");
        }
        List<KeyValueCache> grown = new ArrayList<>();
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            TransformerEncoderLayer layer = layers.get(i);
            KeyValueCache cache = caches.get(i);
            Tensor read = y;
            MultiHeadAttention.Decoded found = Module.within("layers." + i, () -> layer.decode(read, cache));
            y = found.output();
            grown.add(found.cache());
        }
        return new Decoded(normalised(y), grown);
    }

    private Tensor normalised(Tensor y) {
        return norm.map(n -> n.forward("norm", y)).orElse(y);
    }
}
