package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Triangles;
import java.util.List;
import java.util.Optional;

/**
 * The solution x of {@code a x = b}, or of {@code a^T x = b}, for triangular matrices a, of which only that triangle is read;
 * batches broadcast. Infinite or NaN where the diagonal has a zero.
 *
 * @param lower whether a is lower triangular, else upper
 * @param transposed whether the transpose is solved
 * @param unit whether the diagonal counts as ones and is not read
 */
public record TriangularSolve(boolean lower, boolean transposed, boolean unit) implements MatrixOp {
    @Override
    public String id() {
        return "triangular_solve";
    }

    @Override
    public String formula() {
        return "a^-1 b, or a^-T b, for a triangular a";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        return MatrixRules.solution(id(), inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        TensorSpec spec = infer(inputs.stream().map(Tensor::spec).toList());
        int n = spec.shape().dim(-2);
        int columns = spec.shape().dim(-1);
        Triangles.Kind kind = Triangles.Kind.of(lower, unit);
        return MatrixRules.map(inputs.getFirst(), inputs.getLast(), spec.shape(), (a, b, _) -> {
            if (transposed) {
                Triangles.solveTransposed(a, n, b, columns, kind);
            } else {
                Triangles.solve(a, n, b, columns, kind);
            }
            return b;
        });
    }

    @Override
    public Gradient gradient() {
        TriangularSolve back = new TriangularSolve(lower, !transposed, unit);
        int shift = unit ? -1 : 0;
        return Gradient.of(
                Gradient.Partial.reading(0, v -> {
                    Tensor share = back.apply(v.input(0), v.cotangent());
                    Tensor full = transposed
                            ? v.output().matmul(share.transpose())
                            : share.matmul(v.output().transpose());
                    return (lower
                            ? MatrixRules.lower(full, shift)
                            : MatrixRules.lower(full.transpose(), shift).transpose()).neg();
                }).andOutput(),
                Gradient.Partial.reading(0, v -> back.apply(v.input(0), v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        List<Tensor> inputs = sampler.system();
        return Sample.of(new TriangularSolve(sampler.between(0, 1) == 1, sampler.between(0, 1) == 1,
                sampler.between(0, 2) == 0), inputs.getFirst(), inputs.getLast());
    }
}
