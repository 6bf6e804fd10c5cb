package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * A place in the data: the next batch. With the data themselves it says exactly which examples are still to come, so
 * it is all that a checkpoint has to hold of them.
 *
 * @param key of the order and of the augmentation
 * @param epoch 0 for the first
 * @param batch its number in the epoch, 0 for the first
 */
public record Position(Rng key, long epoch, int batch) {
    /**
     * A position.
     *
     * @throws ShapeException if a number is negative
     */
    public Position {
        if (epoch < 0 || batch < 0) {
            throw ShapeException.of("position", "a negative number").operand("epoch", epoch).operand("batch", batch)
                    .expected("0 or more");
        }
    }

    /**
     * The position held in a tensor, as {@link #tensor} makes it.
     *
     * @throws ShapeException if the tensor holds none
     */
    public static Position of(Tensor tensor) {
        if (tensor.dtype() != DType.I64 || tensor.rank() != 1 || tensor.size() != 4) {
            throw ShapeException.of("position", "not a position").operand("tensor", tensor.spec()).expected("I64[4]");
        }
        long[] words = tensor.toLongs();
        if (words[3] != (int) words[3]) {
            throw ShapeException.of("position", "not a position").operand("batch", words[3])
                    .expected("a number below 2^31");
        }
        return new Position(new Rng(words[0], words[1]), words[2], (int) words[3]);
    }

    /** This as I64 {@code [4]}: seed and stream of the key, epoch, batch. */
    public Tensor tensor() {
        return Tensor.of(new long[] {key.seed(), key.stream(), epoch, batch});
    }
}
