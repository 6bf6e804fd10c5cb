/**
 * Recurrent networks: layers that go along a sequence and carry a state from step to step.
 *
 * {@snippet :
 * Lstm lstm = Lstm.of(RecurrentConfig.of(32, 64).withLayers(2).withBothDirections().withBatchFirst(), rng);
 * Lstm.Output result = lstm.forward(sequences);                      // [batch, time, 32]
 * Tensor each = result.output();                                     // [batch, time, 128]
 * Lstm.Output padded = lstm.forward(new Padded(sequences, lengths)); // as each row by itself
 * }
 *
 * A {@link io.adjoint.nn.recurrent.RecurrentCell} is one step; {@link io.adjoint.nn.recurrent.RecurrentStack} repeats cells
 * along a sequence, in layers and directions, and {@link io.adjoint.nn.recurrent.Rnn}, {@link io.adjoint.nn.recurrent.Lstm}
 * and {@link io.adjoint.nn.recurrent.Gru} are stacks of the known cells, with the names and the order of gates of PyTorch's
 * variables.
 */
package io.adjoint.nn.recurrent;
