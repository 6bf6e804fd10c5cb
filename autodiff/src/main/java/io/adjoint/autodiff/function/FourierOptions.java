package io.adjoint.autodiff.function;

import java.util.OptionalInt;

/**
 * Along which axis, over how many elements and in what scale a Fourier transform runs.
 *
 * @param axis counted as if a pair (real, imaginary) were one number: -1 is the innermost
 * @param length elements that are transformed: the input is cut off, or continued by zeros; empty stands for all. Of a real
 *     result it is the length, and empty stands for the even one
 * @param norm which direction is divided
 */
public record FourierOptions(int axis, OptionalInt length, FourierNorm norm) {
    /** The innermost axis, all of it, divided on the way back. */
    public FourierOptions() {
        this(-1, OptionalInt.empty(), FourierNorm.BACKWARD);
    }

    /** These options along another axis. */
    public FourierOptions axis(int other) {
        return new FourierOptions(other, length, norm);
    }

    /** These options over another number of elements. */
    public FourierOptions length(int elements) {
        return new FourierOptions(axis, OptionalInt.of(elements), norm);
    }

    /** These options in another scale. */
    public FourierOptions norm(FourierNorm other) {
        return new FourierOptions(axis, length, other);
    }
}
