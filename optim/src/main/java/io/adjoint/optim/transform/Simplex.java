package io.adjoint.optim.transform;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;

/**
 * Along the last axis no element is below 0 and the sum is 1: the nearest point of the probability simplex (Duchi,
 * Shalev-Shwartz, Singer, Chandra 2008).
 */
public record Simplex() implements Projection {
    @Override
    public Tensor project(Tensor value) {
        if (value.rank() == 0) {
            return value.mul(0).add(1);
        }
        Tensor sorted = value.sort(-1, SortOrder.DESCENDING).values();
        Tensor counts = Tensor.range(value.dim(-1)).add(1).cast(value.dtype());
        Tensor excess = sorted.cumsum(-1).sub(1);
        Tensor inside = sorted.sub(excess.div(counts)).gt(0);
        Tensor support = inside.cast(DType.I64).sum(Axes.keep(-1)).clampMin(1);
        Tensor threshold = excess.gather(value.rank() - 1, support.sub(1)).div(support.cast(value.dtype()));
        return value.sub(threshold).clampMin(0);
    }
}
