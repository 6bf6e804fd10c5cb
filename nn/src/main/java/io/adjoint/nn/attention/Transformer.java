package io.adjoint.nn.attention;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Module;
import java.util.List;

/**
 * The transformer of "Attention is all you need" (Vaswani et al. 2017), as {@code torch.nn.Transformer}: an encoder reads a source,
 * and a decoder writes a target while it looks at what the encoder made of it. Embeddings and positions are not in it.
 *
 * <p>Shapes: source {@code [keys, batch, width]}, target and output {@code [places, batch, width]}; by layout with the first two axes
 * exchanged, for a single pair without the axis of the batch.
 *
 * @param encoder of the source
 * @param decoder of the target
 */
public record Transformer(TransformerEncoder encoder, TransformerDecoder decoder) implements Module {
    /**
     * Draws the variables, all matrices Xavier uniform as in PyTorch, with a norm after both stacks.
     *
     * @param encoderLayers PyTorch's default is 6
     * @param decoderLayers PyTorch's default is 6
     */
    public static Transformer of(TransformerConfig config, int encoderLayers, int decoderLayers, Rng rng) {
        Transformer model = new Transformer(
                TransformerEncoder.of(config, encoderLayers, rng.stream(0)).withNorm(config.norm()),
                TransformerDecoder.of(config, decoderLayers, rng.stream(1)).withNorm(config.norm()));
        List<Variable> parameters = model.parameters();
        Rng drawn = rng.stream(2);
        for (int i = 0; i < parameters.size(); i++) {
            Variable parameter = parameters.get(i);
            if (parameter.spec().shape().rank() > 1) {
                parameter.set(Initialiser.xavierUniform().draw(parameter.spec().shape(), parameter.spec().dtype(),
                        drawn.stream(i)));
            }
        }
        return model;
    }

    /** Without masks. */
    public Tensor forward(Tensor source, Tensor target) {
        return forward(source, target, Masking.NONE, Masking.NONE, Masking.NONE);
    }

    /**
     * With masks.
     *
     * @param ofSource which places of the source the source sees
     * @param ofTarget which places of the target the target sees, mostly {@link Masking#CAUSAL}
     * @param ofMemory which places of the encoded source the target sees
     * @throws ShapeException if shapes do not fit
     */
    public Tensor forward(Tensor source, Tensor target, Masking ofSource, Masking ofTarget, Masking ofMemory) {
        Tensor memory = Module.within("encoder", () -> encoder.forward(source, ofSource));
        return Module.within("decoder", () -> decoder.forward(target, memory, ofTarget, ofMemory));
    }
}
