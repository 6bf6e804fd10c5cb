package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Lu;
import java.util.List;
import java.util.Optional;

/**
 * The solution x of {@code a x = b}, or of {@code a^T x = b}, for square matrices a and right sides b with any number of
 * columns; batches broadcast. By LU decomposition with partial pivoting, in double precision; both directions use the same
 * factors, so that the gradient is refused nowhere else than the value.
 *
 * @param transposed whether the transpose is solved
 * @param singular what becomes of a singular matrix
 */
public record Solve(boolean transposed, Singular singular) implements MatrixOp {
    /** What becomes of a singular matrix. */
    public enum Singular {
        /** The call is refused. */
        REFUSED,
        /** The solution is infinite or NaN, as in a gradient that is. */
        NOT_FINITE
    }

    @Override
    public String id() {
        return "solve";
    }

    @Override
    public String formula() {
        return "a^-1 b, or a^-T b";
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
        return MatrixRules.map(inputs.getFirst(), inputs.getLast(), spec.shape(), (a, b, number) -> {
            Lu lu = new Lu(a, n);
            if (lu.zeroPivot() >= 0 && singular == Singular.REFUSED) {
                throw ShapeException.of(id(), "the matrix is singular").operand("matrix", inputs.getFirst().spec())
                        .operand("at", MatrixRules.place(MatrixRules.batch(spec.shape()), number))
                        .operand("zero pivot in column", lu.zeroPivot()).expected("an invertible matrix");
            }
            return transposed ? lu.solveTransposed(b, columns) : lu.solve(b, columns);
        });
    }

    @Override
    public Gradient gradient() {
        Solve back = new Solve(!transposed, singular);
        return Gradient.of(
                Gradient.Partial.reading(0, v -> {
                    Tensor share = back.apply(v.input(0), v.cotangent());
                    return (transposed ? v.output().matmul(share.transpose()) : share.matmul(v.output().transpose()))
                            .neg();
                }).andOutput(),
                Gradient.Partial.reading(0, v -> back.apply(v.input(0), v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        List<Tensor> inputs = sampler.system();
        return Sample.of(new Solve(sampler.between(0, 1) == 1, sampler.pick(List.of(Singular.values()))),
                inputs.getFirst(), inputs.getLast());
    }
}
