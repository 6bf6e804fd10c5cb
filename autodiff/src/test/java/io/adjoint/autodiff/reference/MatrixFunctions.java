package io.adjoint.autodiff.reference;

import static io.adjoint.autodiff.function.Decompositions.eigh;
import static io.adjoint.autodiff.function.Decompositions.eigvalsh;
import static io.adjoint.autodiff.function.Decompositions.qr;
import static io.adjoint.autodiff.function.Decompositions.svd;
import static io.adjoint.autodiff.function.Decompositions.svdvals;
import static io.adjoint.autodiff.function.MatrixFunctions.matrixExp;
import static io.adjoint.autodiff.function.MatrixFunctions.matrixNorm;
import static io.adjoint.autodiff.function.MatrixFunctions.pinv;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Eigh;
import io.adjoint.autodiff.function.Linalg;
import io.adjoint.autodiff.function.MatrixNorm;
import io.adjoint.autodiff.function.Qr;
import io.adjoint.autodiff.function.Svd;
import io.adjoint.autodiff.function.Triangle;
import io.adjoint.autodiff.function.Triangular;
import java.util.List;

/** Linear algebra and Fourier transforms. */
final class MatrixFunctions {
    private MatrixFunctions() {}

    static void addTo(Functions table) {
        table.row("linalg.solve", a -> Linalg.solve(a.tensor("A"), a.tensor("B")), "A", "B");
        table.row("linalg.inv", a -> Linalg.inv(a.tensor("A")), "A");
        table.row("linalg.det", a -> Linalg.det(a.tensor("A")), "A");
        table.rows("linalg.slogdet", a -> {
            Linalg.SignAndLog parts = Linalg.slogdet(a.tensor("A"));
            return List.of(parts.sign(), parts.logAbs());
        }, "A");
        table.row("logdet", a -> Linalg.logdet(a.tensor("input")), "input");
        table.row("linalg.matrix_power", a -> Linalg.matrixPower(a.tensor("A"), a.integer("n")), "A", "n");
        table.row("linalg.multi_dot", a -> Linalg.multiDot(a.tensors("tensors")), "tensors");
        table.row("linalg.cholesky", a -> Triangular.cholesky(a.tensor("A")), "A");
        table.row("linalg.cholesky_spd", a -> Triangular.cholesky(positive(a.tensor("A"))), "A");
        table.row("cholesky_solve_spd",
                a -> Triangular.choleskySolve(a.tensor("B"), Triangular.cholesky(positive(a.tensor("A")))), "A", "B");
        table.row("linalg.solve_triangular", a -> Triangular.solveTriangular(a.tensor("A"), a.tensor("B"),
                a.flag("upper", false) ? Triangle.UPPER : Triangle.LOWER), "A", "B", "upper");
        table.rows("linalg.qr", a -> {
            Qr parts = qr(a.tensor("A"));
            return List.of(parts.q(), parts.r());
        }, "A");
        table.row("linalg.eigvalsh_sym", a -> eigvalsh(symmetric(a.tensor("A"))), "A");
        table.row("linalg.eigh_fun", a -> {
            Eigh parts = eigh(symmetric(a.tensor("A")));
            return parts.vectors().mul(parts.values().exp().unsqueeze(-2)).matmul(parts.vectors().transpose());
        }, "A");
        table.row("linalg.svdvals", a -> svdvals(a.tensor("A")), "A");
        table.row("linalg.svd_fun", a -> {
            Svd parts = svd(a.tensor("A"));
            return parts.u().mul(parts.s().tanh().unsqueeze(-2)).matmul(parts.v().transpose());
        }, "A");
        table.row("linalg.pinv", a -> pinv(a.tensor("A")), "A");
        table.row("matrix_exp", a -> matrixExp(a.tensor("input")), "input");
        table.row("linalg.matrix_norm", MatrixFunctions::norm, "A", "ord", "dim", "keepdim");
    }

    private static Tensor positive(Tensor a) {
        Tensor numbers = Tensor.range(a.dim(-1));
        Tensor identity = numbers.unsqueeze(1).eq(numbers).cast(a.dtype());
        return a.matmul(a.transpose()).add(identity.mul(a.dim(-1)));
    }

    private static Tensor symmetric(Tensor a) {
        return a.add(a.transpose()).div(2);
    }

    private static Tensor norm(Arguments a) {
        int[] dim = a.has("dim") ? a.integers("dim") : new int[] {-2, -1};
        Tensor x = a.tensor("A");
        int rows = x.shape().axis("dim", dim[0]);
        int columns = x.shape().axis("dim", dim[1]);
        Tensor inOrder = rows < columns ? x : x.transpose(rows, columns);
        return matrixNorm(inOrder, order(a.text("ord", "fro")), a.flag("keepdim", false) ? Axes.keep(dim)
                : Axes.drop(dim));
    }

    private static MatrixNorm order(String order) {
        return switch (order) {
            case "fro" -> MatrixNorm.FROBENIUS;
            case "nuc" -> MatrixNorm.NUCLEAR;
            case "2", "2.0" -> MatrixNorm.SPECTRAL;
            case "-2", "-2.0" -> MatrixNorm.LEAST_SINGULAR;
            case "1", "1.0" -> MatrixNorm.MAX_COLUMN_SUM;
            case "-1", "-1.0" -> MatrixNorm.MIN_COLUMN_SUM;
            case "Infinity", "inf" -> MatrixNorm.MAX_ROW_SUM;
            case "-Infinity", "-inf" -> MatrixNorm.MIN_ROW_SUM;
            default -> throw new IllegalArgumentException("a norm that PyTorch does not have: " + order);
        };
    }
}
