package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Contraction;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Growing;
import io.adjoint.autodiff.op.Indexing;
import io.adjoint.autodiff.op.LogGammaQuantile;
import io.adjoint.autodiff.op.MatrixOp;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.RandomOp;
import io.adjoint.autodiff.op.Reduction;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.op.Scan;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.op.Windowed;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes operations as ONNX nodes. */
final class Lowering {
    private final Emitter nodes;

    Lowering(Emitter nodes) {
        this.nodes = nodes;
    }

    /** What an operation is in terms of others. */
    interface Decomposition extends Function<List<Tensor>, Tensor> {}

    /** The result of an operation; empty if it has no form in ONNX. */
    Optional<Term> lower(Op op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case LogGammaQuantile _ -> Optional.of(new QuantileLowering(nodes).lower(inputs, spec));
            case Elementwise elementwise -> new ElementwiseLowering(nodes).lower(elementwise, inputs, spec)
                    .or(() -> decompose(ElementwiseForms.of(elementwise), inputs));
            case View view -> Optional.of(new ViewLowering(nodes).lower(view, inputs.getFirst(), spec));
            case Reduction reduction ->
                Optional.of(new ReductionLowering(nodes).lower(reduction, inputs.getFirst(), spec));
            case Contraction product -> Optional.of(new ProductLowering(nodes).lower(product, inputs, spec));
            case Windowed windowed -> new WindowLowering(nodes).lower(windowed, inputs, spec)
                    .or(() -> decompose(WindowForms.of(windowed), inputs));
            case Indexing indexing -> new IndexLowering(nodes).lower(indexing, inputs, spec)
                    .or(() -> decompose(IndexForms.of(indexing), inputs));
            case Growing growing -> Optional.of(new GrowthLowering(nodes).lower(growing, inputs, spec));
            case RowOp row -> new RowLowering(nodes).lower(row, inputs, spec)
                    .or(() -> decompose(RowForms.of(row), inputs));
            case Scan scan -> new ScanLowering(nodes).lower(scan, inputs, spec)
                    .or(() -> decompose(ScanForms.of(scan), inputs));
            case MatrixOp matrix -> Optional.of(new MatrixLowering(nodes).lower(matrix, inputs, spec));
            case RandomOp random -> Optional.of(new RandomLowering(nodes).lower(random, inputs, spec));
            case Custom custom -> custom.onnxName().map(name -> nodes.node(name, spec, inputs));
        };
    }

    /** The result of several operations. */
    Term lower(Shortcut shortcut, List<Term> inputs, TensorSpec spec) {
        return switch (shortcut) {
            case Shortcut.Slices(int axis, _, _) ->
                nodes.node("Gather", spec, inputs, Attribute.of("axis", axis));
            case Shortcut.Maxima(MaxPlaces op, _) -> new WindowLowering(nodes).maxima(op, inputs.getFirst(), spec);
        };
    }

    private Optional<Term> decompose(Optional<Decomposition> form, List<Term> inputs) {
        return form.flatMap(decomposition -> new Formulas(nodes)
                .find(in -> List.of(decomposition.apply(in)), inputs).map(List::getFirst));
    }
}
