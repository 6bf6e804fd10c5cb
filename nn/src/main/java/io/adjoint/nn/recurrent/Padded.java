package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Sequences of different lengths in one tensor. What stands beyond a row's length counts for nothing: it may be anything, NaN
 * included, and gets a gradient of zero.
 *
 * @param sequences {@code [time, batch, features]} or {@code [batch, time, features]}, as the layer takes them
 * @param lengths how many steps each row has: I32 or I64 {@code [batch]}. A row of length 0 keeps its initial state; a length
 *     beyond the time axis counts as all of it
 */
public record Padded(Tensor sequences, Tensor lengths) {
    /**
     * Checks the lengths.
     *
     * @throws ShapeException if they are not a list of integers
     */
    public Padded {
        if (lengths.rank() != 1 || !lengths.dtype().isInteger()) {
            throw ShapeException.of("padded", "not a list of lengths").operand("lengths", lengths.spec())
                    .expected("I32 or I64 [batch]");
        }
    }
}
