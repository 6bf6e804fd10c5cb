package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Cholesky;
import io.adjoint.autodiff.op.Cofactors;
import io.adjoint.autodiff.op.Det;
import io.adjoint.autodiff.op.Dft;
import io.adjoint.autodiff.op.EighFactors;
import io.adjoint.autodiff.op.LogDet;
import io.adjoint.autodiff.op.MatrixExp;
import io.adjoint.autodiff.op.MatrixOp;
import io.adjoint.autodiff.op.PseudoInverse;
import io.adjoint.autodiff.op.QrFactors;
import io.adjoint.autodiff.op.Solve;
import io.adjoint.autodiff.op.SvdFactors;
import io.adjoint.autodiff.op.TriangularSolve;
import io.adjoint.serialization.onnx.write.TriangularForm.Diagonal;
import io.adjoint.serialization.onnx.write.TriangularForm.Half;
import java.util.List;
import java.util.function.Function;

/**
 * Operations on whole matrices. ONNX has determinants and Fourier transforms; the others are loops that do what ours do, in
 * doubles, so that results agree in signs, order and choice of pivots too. What is refused here when it runs gives what is not
 * finite there: the solution of a singular matrix, and the root of one that is not positive definite.
 */
final class MatrixLowering {
    private final Emitter nodes;

    MatrixLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Term lower(MatrixOp op, List<Term> inputs, TensorSpec spec) {
        Shape shape = spec.shape();
        return switch (op) {
            // ONNX Runtime has it in single precision only
            case Det() when spec.dtype() == DType.F32 -> nodes.node("Det", spec, inputs);
            case Det() -> inDoubles(inputs, spec, in -> new MatrixForms(nodes).det(in.getFirst()));
            case Dft(int axis, boolean backward) -> transform(axis, backward, inputs.getFirst());
            case Solve(boolean transposed, _) -> inDoubles(inputs, spec, in -> {
                LuForm lu = new LuForm(nodes);
                LuForm.Factors factors = lu.factors(in.getFirst());
                Term right = nodes.expand(in.getLast(), shape);
                return transposed ? lu.solveTransposed(factors, right) : lu.solve(factors, right);
            });
            case TriangularSolve(boolean lower, boolean transposed, boolean unit) -> inDoubles(inputs, spec, in -> {
                Term a = transposed ? turned(in.getFirst()) : in.getFirst();
                return new TriangularForm(nodes).solve(a, nodes.expand(in.getLast(), shape),
                        Half.of(lower != transposed), Diagonal.of(unit));
            });
            case Cholesky() -> inDoubles(inputs, spec, in -> new TriangularForm(nodes).root(in.getFirst()));
            case Cofactors() -> inDoubles(inputs, spec, in -> new MatrixForms(nodes).cofactors(in.getFirst()));
            case LogDet() -> inDoubles(inputs, spec, in -> new MatrixForms(nodes).logDet(in.getFirst()));
            case QrFactors() -> inDoubles(inputs, spec, in -> packed(shape, new QrForm(nodes).factors(in.getFirst())));
            case EighFactors() ->
                inDoubles(inputs, spec, in -> packed(shape, new EighForm(nodes).factors(in.getFirst())));
            case SvdFactors() -> inDoubles(inputs, spec, in -> {
                SvdForm.Factors svd = new SvdForm(nodes).factors(in.getFirst());
                return packed(shape, List.of(turned(svd.u()), svd.s(), turned(svd.v())));
            });
            case PseudoInverse(double tolerance) ->
                inDoubles(inputs, spec, in -> new MatrixForms(nodes).pseudoInverse(in.getFirst(), tolerance));
            case MatrixExp() -> inDoubles(inputs, spec, in -> new MatrixForms(nodes).exp(in.getFirst()));
        };
    }

    /** Rounded to the dtype at the end. Operators refuse to reduce what is empty, and there is nothing to compute. */
    private Term inDoubles(List<Term> inputs, TensorSpec spec, Function<List<Term>, Term> form) {
        Term result = spec.shape().size() == 0 ? nodes.zeros(new TensorSpec(DType.F64, spec.shape()))
                : form.apply(inputs.stream().map(input -> nodes.cast(input, DType.F64)).toList());
        return nodes.cast(result, spec.dtype());
    }

    /** Matrices as rows of numbers, one after the other. */
    private Term packed(Shape shape, List<Term> parts) {
        List<Term> rows = parts.stream().map(part -> nodes.reshape(part, shape.with(-1, part.dim(-2) * part.dim(-1))))
                .toList();
        return nodes.node("Concat", new TensorSpec(DType.F64, shape), rows, Attribute.of("axis", shape.rank() - 1));
    }

    private Term turned(Term x) {
        return nodes.move(x, x.rank() - 1, x.rank() - 2);
    }

    /** The operator wants a batch axis in front, and divides on the way back. */
    private Term transform(int axis, boolean backward, Term x) {
        if (x.shape().size() == 0) {
            return x; // nothing to transform, which the operator refuses
        }
        Term batched = axis == 0 ? nodes.reshape(x, prepend(x)) : x;
        Term length = nodes.constant(Tensor.scalar(x.dim(axis), DType.I64));
        Term result = nodes.node("DFT", batched.spec(),
                List.of(batched, length, nodes.number(axis + batched.rank() - x.rank(), DType.I64)),
                Attribute.of("inverse", backward ? 1 : 0));
        Term flat = nodes.reshape(result, x.shape());
        return backward ? nodes.node("Mul", x.spec(), List.of(flat, nodes.number(x.dim(axis), x.dtype()))) : flat;
    }

    private static Shape prepend(Term x) {
        int[] dims = new int[x.rank() + 1];
        dims[0] = 1;
        System.arraycopy(x.shape().dims(), 0, dims, 1, x.rank());
        return Shape.of(dims);
    }
}
