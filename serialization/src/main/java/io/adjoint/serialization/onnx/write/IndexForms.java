package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ScatterBase;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Indexing;
import io.adjoint.autodiff.op.LastPlaces;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.ScatterExtreme;
import io.adjoint.autodiff.op.SearchPlaces;
import io.adjoint.serialization.onnx.write.Lowering.Decomposition;
import java.util.Arrays;
import java.util.Optional;

/** Operations with indices in terms of others. */
final class IndexForms {
    private IndexForms() {}

    static Optional<Decomposition> of(Indexing op) {
        return Optional.ofNullable(switch (op) {
            case Pad pad -> in -> spread(pad, in.getFirst());
            case SearchPlaces(Side side) -> in -> {
                Tensor sorted = in.getFirst().unsqueeze(-2);
                Tensor values = in.getLast().unsqueeze(-1);
                Tensor isBefore = side == Side.LEFT ? sorted.lt(values) : sorted.le(values);
                return isBefore.cast(DType.I64).sum(-1);
            };
            case LastPlaces(int extent) -> in -> {
                Tensor index = in.getFirst();
                int n = index.dim(-1);
                Tensor none = Tensor.full(index.shape().with(-1, extent), DType.I64, -1);
                Tensor found = new ScatterExtreme(ScatterExtreme.Which.MAX, index.rank() - 1, ScatterBase.INCLUDED)
                        .apply(none, index, Tensor.range(n).expand(index.shape()));
                return found.lt(0).where(Tensor.scalar(n, DType.I64), found);
            };
            default -> null;
        });
    }

    /** Each element with its gap behind it; the gap behind the last one is cut off. */
    private static Tensor spread(Pad pad, Tensor x) {
        int n = x.dim(pad.axis());
        int each = pad.between() + 1;
        int[] dims = Arrays.copyOf(x.shape().dims(), x.rank());
        dims[pad.axis()] = n * each;
        Tensor spread = x.unsqueeze(pad.axis() + 1).pad(pad.axis() + 1, 0, pad.between(), pad.value())
                .reshape(Shape.of(dims)).slice(pad.axis(), 0, Math.max(0, n * each - pad.between()));
        return spread.pad(pad.axis(), pad.before(), pad.after(), pad.value());
    }
}
