package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Centre;
import io.adjoint.autodiff.op.LogSoftmax;
import io.adjoint.autodiff.op.Normalise;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.Span;
import java.util.List;
import java.util.Optional;

/** Row operations that ONNX has. */
final class RowLowering {
    private final Emitter nodes;

    RowLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Optional<Term> lower(RowOp op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case Softmax(int axis) -> Optional.of(nodes.node("Softmax", spec, inputs, Attribute.of("axis", axis)));
            case LogSoftmax(int axis) ->
                Optional.of(nodes.node("LogSoftmax", spec, inputs, Attribute.of("axis", axis)));
            case Normalise(Span span, Centre centre, double epsilon) when span == Span.LAST_AXIS
                    && centre == Centre.MEAN && isAffine(inputs) ->
                Optional.of(nodes.node("LayerNormalization", spec, inputs, Attribute.of("axis", -1),
                        Attribute.of("epsilon", (float) epsilon)));
            default -> Optional.empty();
        };
    }

    /** Whether scale and shift have one number for each place in a row. */
    private static boolean isAffine(List<Term> inputs) {
        int length = inputs.getFirst().dim(-1);
        return inputs.stream().skip(1).allMatch(term -> term.rank() == 1 && term.dim(0) == length);
    }
}
