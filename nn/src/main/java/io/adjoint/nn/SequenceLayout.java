package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/** In which order the axes of a batch of sequences stand. */
public enum SequenceLayout {
    /** {@code [time, batch, features]}, PyTorch's default. */
    TIME_FIRST,
    /** {@code [batch, time, features]}, which PyTorch calls batch first. */
    BATCH_FIRST;

    /** A batch of this layout as {@code [time, batch, ...]}, or back: a view. */
    public Tensor timeFirst(Tensor x) {
        return this == TIME_FIRST ? x : x.transpose(0, 1);
    }

    /** A batch of this layout as {@code [batch, time, ...]}, or back: a view. */
    public Tensor batchFirst(Tensor x) {
        return this == BATCH_FIRST ? x : x.transpose(0, 1);
    }

    /** The axes as a message names them. */
    public String describe(String time, String batch, Object features) {
        return switch (this) {
            case TIME_FIRST -> "[" + time + ", " + batch + ", " + features + "]";
            case BATCH_FIRST -> "[" + batch + ", " + time + ", " + features + "]";
        };
    }
}
