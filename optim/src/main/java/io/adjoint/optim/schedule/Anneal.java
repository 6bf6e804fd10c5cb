package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;

/** How a schedule goes from one value to another. */
public enum Anneal {
    /** By half a wave. */
    COSINE {
        @Override
        Tensor between(double start, double end, Tensor share) {
            return share.mul(Math.PI).cos().add(1).mul((start - end) / 2).add(end);
        }
    },
    /** In a straight line. */
    LINEAR {
        @Override
        Tensor between(double start, double end, Tensor share) {
            return share.mul(end - start).add(start);
        }
    };

    /** The value at this share of the way. */
    abstract Tensor between(double start, double end, Tensor share);
}
