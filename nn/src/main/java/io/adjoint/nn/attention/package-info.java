/**
 * Attention and the transformers made of it.
 *
 * {@snippet :
 * TransformerConfig config = TransformerConfig.of(64, 8).withHidden(256).withBatchFirst();
 * TransformerEncoder encoder = TransformerEncoder.of(config, 6, rng);
 * Tensor y = encoder.forward(x, Masking.CAUSAL);                         // [batch, places, 64]
 * Tensor z = encoder.forward(x, Masking.NONE.withPadding(isPadding));    // BOOL [batch, places]
 * }
 *
 * In a {@link io.adjoint.nn.attention.Masking} true means: left out, as in PyTorch's layers. Where places matter, {@link
 * io.adjoint.nn.attention.SinusoidalPositions} and {@link io.adjoint.nn.attention.LearnedPositions} are added to the input, and
 * {@link io.adjoint.nn.attention.Rotary} and {@link io.adjoint.nn.attention.Alibi} work inside the attention.
 */
package io.adjoint.nn.attention;
