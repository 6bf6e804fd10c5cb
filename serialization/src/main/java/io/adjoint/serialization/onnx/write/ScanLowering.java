package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.CumSum;
import io.adjoint.autodiff.op.Scan;
import java.util.List;
import java.util.Optional;

/** The one scan that ONNX has. */
final class ScanLowering {
    private final Emitter nodes;

    ScanLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Optional<Term> lower(Scan op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case CumSum(int axis) -> Optional.of(nodes.node("CumSum", spec, List.of(inputs.getFirst(),
                    nodes.number(axis, DType.I64))));
            default -> Optional.empty();
        };
    }
}
