package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.CumExtremePlaces;
import io.adjoint.autodiff.op.LogCumSumExp;
import io.adjoint.autodiff.op.Recurrence;
import io.adjoint.autodiff.op.Scan;
import io.adjoint.serialization.onnx.write.Lowering.Decomposition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scans in as many rounds as their extent has binary digits: after round k each element stands for the 2^k elements up to it
 * (Hillis, Steele: Data parallel algorithms, 1986). Sums are added in another order than a loop's.
 */
final class ScanForms {
    private ScanForms() {}

    /** Joins what stands for earlier elements with what stands for those right behind them. */
    private interface Join {
        List<Tensor> of(List<Tensor> earlier, List<Tensor> later);
    }

    static Optional<Decomposition> of(Scan op) {
        return Optional.ofNullable(switch (op) {
            case LogCumSumExp(int axis) -> in -> scan(axis, in,
                    (earlier, later) -> List.of(earlier.getFirst().logAddExp(later.getFirst()))).getFirst();
            // from y = b, each stands for y -> a y + b
            case Recurrence(int axis) -> in -> scan(axis, in, (earlier, later) -> List.of(
                    later.getFirst().mul(earlier.getFirst()),
                    later.getFirst().mul(earlier.getLast()).add(later.getLast()))).getLast();
            case CumExtremePlaces(CumExtremePlaces.Which which, int axis) -> in -> {
                Tensor x = in.getFirst();
                int[] ones = x.shape().dims();
                for (int i = 0; i < ones.length; i++) {
                    ones[i] = i == axis ? ones[i] : 1;
                }
                Tensor places = Tensor.range(x.dim(axis)).reshape(ones).expand(x.shape());
                return scan(axis, List.of(x, places), (earlier, later) -> {
                    Tensor isLater = wins(which, later.getFirst(), earlier.getFirst());
                    return List.of(isLater.where(later.getFirst(), earlier.getFirst()),
                            isLater.where(later.getLast(), earlier.getLast()));
                }).getLast();
            };
            default -> null;
        });
    }

    private static Tensor wins(CumExtremePlaces.Which which, Tensor later, Tensor earlier) {
        Tensor reaches = which == CumExtremePlaces.Which.MAX ? later.ge(earlier) : later.le(earlier);
        return later.dtype().isFloat() ? later.isNaN().or(reaches) : reaches;
    }

    private static List<Tensor> scan(int axis, List<Tensor> state, Join join) {
        int n = state.getFirst().dim(axis);
        List<Tensor> current = state;
        for (int step = 1; step < n; step *= 2) {
            int from = step;
            List<Tensor> joined = join.of(
                    current.stream().map(x -> x.slice(axis, 0, n - from)).toList(),
                    current.stream().map(x -> x.slice(axis, from, n)).toList());
            List<Tensor> next = new ArrayList<>();
            for (int i = 0; i < joined.size(); i++) {
                next.add(Tensor.concat(axis, current.get(i).slice(axis, 0, from), joined.get(i)));
            }
            current = next;
        }
        return current;
    }
}
