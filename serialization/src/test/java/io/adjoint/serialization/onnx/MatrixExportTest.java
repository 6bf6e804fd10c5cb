package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Transforms;
import io.adjoint.autodiff.function.Decompositions;
import io.adjoint.autodiff.function.Eigh;
import io.adjoint.autodiff.function.Linalg;
import io.adjoint.autodiff.function.MatrixFunctions;
import io.adjoint.autodiff.function.Qr;
import io.adjoint.autodiff.function.Svd;
import io.adjoint.autodiff.function.Triangle;
import io.adjoint.autodiff.function.Triangular;
import io.adjoint.autodiff.op.Cholesky;
import io.adjoint.autodiff.op.Cofactors;
import io.adjoint.autodiff.op.Solve;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linear algebra in ONNX Runtime: what the samples of single operations do not show. */
class MatrixExportTest {
    private static final double TOLERANCE = 1e-10;
    private static final Solve SOLVE = new Solve(false, Solve.Singular.NOT_FINITE);
    private static final Solve SOLVE_TRANSPOSED = new Solve(true, Solve.Singular.NOT_FINITE);

    @TempDir
    private Path folder;

    /** Results of a matrix, or a batch of them. */
    private interface Results extends Function<Tensor, List<Tensor>> {}

    private Path export(Results results, TensorSpec x) {
        Path file = folder.resolve("matrices.onnx");
        OnnxExport.of((Layer) in -> in, in -> results.apply(in.getFirst())).input("x", x).write(file);
        return file;
    }

    private void assertAgrees(Results results, Tensor x, double tolerance) throws OrtException, IOException {
        assertRuns(results.apply(x), results, x, tolerance);
        assertClose(results.apply(x), Onnx.load(export(results, x.spec())).forwardAll(List.of(x)), tolerance);
    }

    /** By the functions of the file, which refuse nothing. */
    private void assertRuns(List<Tensor> expected, Results results, Tensor x, double tolerance)
            throws OrtException, IOException {
        Path file = export(results, x.spec());
        assertClose(expected, OtherReaders.load(file).forwardAll(List.of(x)), tolerance);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(expected, runtime.run(List.of(x)), tolerance);
        }
    }

    private static void assertClose(List<Tensor> expected, List<Tensor> found, double tolerance) {
        for (int i = 0; i < expected.size(); i++) {
            Closeness.assertClose(expected.get(i), found.get(i), tolerance, "result " + i);
        }
    }

    private static Tensor normal(int seed, int... dims) {
        return Rng.seed(seed).normal(Shape.of(dims), DType.F64);
    }

    private static Tensor matrix(double[]... rows) {
        return Tensor.rows(rows);
    }

    private static List<Tensor> eigh(Tensor x) {
        Eigh eigh = Decompositions.eigh(x);
        return List.of(eigh.values(), eigh.vectors());
    }

    private static List<Tensor> svd(Tensor x) {
        Svd svd = Decompositions.svd(x);
        return List.of(svd.u(), svd.s(), svd.v());
    }

    private static List<Tensor> qr(Tensor x) {
        Qr qr = Decompositions.qr(x);
        return List.of(qr.q(), qr.r());
    }

    private static List<Tensor> cofactors(Tensor x) {
        return List.of(new Cofactors().apply(x));
    }

    /** No diagonal is great, so rows are exchanged in most columns. */
    @Test
    void equationsOfTwentyUnknowns() throws OrtException, IOException {
        assertAgrees(x -> {
            Linalg.SignAndLog det = Linalg.slogdet(x);
            Tensor right = Tensor.range(40).reshape(20, 2).cast(DType.F64);
            return List.of(SOLVE.apply(x, right), SOLVE_TRANSPOSED.apply(x, right), det.sign(), det.logAbs(),
                    Linalg.inv(x), Linalg.det(x.mul(0.3)));
        }, normal(1, 3, 20, 20), 1e-9);
        assertAgrees(MatrixExportTest::cofactors, normal(2, 2, 9, 9), 1e-9);
    }

    @Test
    void decompositionsOfTwentyRows() throws OrtException, IOException {
        Tensor square = normal(3, 2, 20, 20);
        assertAgrees(MatrixExportTest::eigh, square, TOLERANCE);
        assertAgrees(x -> List.of(Triangular.cholesky(x)),
                square.matmul(square.transpose()).add(Tensor.range(20).unsqueeze(1).eq(Tensor.range(20))
                        .cast(DType.F64)),
                TOLERANCE);
        assertAgrees(MatrixExportTest::qr, normal(4, 2, 23, 20), TOLERANCE);
        assertAgrees(MatrixExportTest::svd, normal(5, 2, 20, 23), TOLERANCE);
        assertAgrees(MatrixExportTest::svd, normal(6, 23, 20), TOLERANCE);
        assertAgrees(x -> List.of(MatrixFunctions.pinv(x)), normal(7, 2, 20, 23), TOLERANCE);
    }

    /** Each matrix of a batch is squared as often as its norm asks for. */
    @Test
    void exponentialsOfAnyNorm() throws OrtException, IOException {
        Tensor norms = Tensor.of(new double[] {0, 1e-3, 1, 5.371920351148152, 6, 40}, 6, 1, 1);
        Tensor x = normal(8, 5, 5);
        assertAgrees(a -> List.of(MatrixFunctions.matrixExp(a)), x.sub(x.transpose()).mul(norms).mul(0.1), TOLERANCE);
    }

    /** Where eigenvalues are equal, vectors depend on the order of rotations. */
    @Test
    void equalValues() throws OrtException, IOException {
        assertAgrees(MatrixExportTest::eigh, matrix(new double[] {2, 1}, new double[] {1, 2}), TOLERANCE);
        Tensor zeros = Tensor.zeros(Shape.of(4, 4), DType.F64);
        Tensor ones = Tensor.ones(4, 4).cast(DType.F64);
        Tensor twice = zeros.put(1, Index.at(0), Index.at(3));
        Tensor batch = Tensor.stack(0, zeros, ones, twice.add(twice.transpose()), ones.mul(-3));
        assertAgrees(MatrixExportTest::eigh, batch, TOLERANCE);
        assertAgrees(x -> List.of(Decompositions.svdvals(x), MatrixFunctions.pinv(x)), batch, TOLERANCE);
    }

    /** Vectors that belong to singular values of zero are completed in the same way. */
    @Test
    void withoutFullRank() throws OrtException, IOException {
        assertAgrees(MatrixExportTest::svd, normal(9, 2, 6, 1).matmul(normal(10, 2, 1, 4)).mul(0), TOLERANCE);
        Tensor left = normal(11, 7, 3);
        assertAgrees(MatrixExportTest::svd, Tensor.stack(0, left.matmul(normal(12, 3, 4)), normal(13, 7, 4)),
                TOLERANCE);
        assertAgrees(x -> List.of(MatrixFunctions.pinv(x)), left.matmul(normal(14, 3, 5)), TOLERANCE);
        Tensor one = normal(15, 5, 1).matmul(normal(16, 1, 5));
        Tensor four = normal(17, 5, 4).matmul(normal(18, 4, 5));
        assertAgrees(MatrixExportTest::cofactors, Tensor.stack(0, one, four, normal(19, 5, 5), one.mul(0)), TOLERANCE);
        assertAgrees(MatrixExportTest::cofactors, Tensor.zeros(Shape.of(1, 1), DType.F64), TOLERANCE);
    }

    @Test
    void singularMatrices() throws OrtException, IOException {
        Tensor x = matrix(new double[] {1, 2, 3}, new double[] {2, 4, 6}, new double[] {0, 1, 5});
        Tensor right = Tensor.of(new double[] {1, 2, 3, -1, 5, 0}, 3, 2);
        assertAgrees(a -> {
            Linalg.SignAndLog det = Linalg.slogdet(a);
            return List.of(SOLVE.apply(a, right), SOLVE_TRANSPOSED.apply(a, right), det.sign(), det.logAbs());
        }, x, TOLERANCE);
        assertRuns(List.of(SOLVE.apply(x, right)), a -> List.of(Linalg.solve(a, right)), x, TOLERANCE);
    }

    @Test
    void notPositiveDefinite() throws OrtException, IOException {
        Tensor x = matrix(new double[] {4, 2, 0}, new double[] {2, 1, 1}, new double[] {0, 1, 9});
        Tensor expected = matrix(new double[] {2, 0, 0}, new double[] {1, Double.NaN, 0},
                new double[] {0, Double.NaN, Double.NaN});
        assertRuns(List.of(expected), a -> List.of(new Cholesky().apply(a)), x, TOLERANCE);
    }

    /** Only the matrix that is concerned. */
    @Test
    void notFinite() throws OrtException, IOException {
        Tensor good = normal(20, 3, 3);
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Tensor x = Tensor.stack(0, good, good.put(bad, Index.at(1),
                    Index.at(0)));
            assertAgrees(MatrixExportTest::eigh, x, TOLERANCE);
            assertAgrees(MatrixExportTest::svd, x, TOLERANCE);
            assertAgrees(a -> List.of(MatrixFunctions.matrixExp(a), MatrixFunctions.pinv(a)), x, TOLERANCE);
        }
    }

    @Test
    void anyScale() throws OrtException, IOException {
        Tensor x = normal(21, 4, 4);
        for (double scale : new double[] {0x1p1000, 0x1p-1000}) {
            for (Results results : List.<Results>of(MatrixExportTest::eigh, MatrixExportTest::svd,
                    MatrixExportTest::qr)) {
                assertAgrees(a -> results.apply(a).stream().map(part -> part.div(1).mul(1 / scale)).toList(),
                        x.mul(scale), TOLERANCE);
            }
        }
    }

    private static Tensor weighted(List<Tensor> parts) {
        Tensor sum = Tensor.scalar(0, DType.F32);
        for (int i = 0; i < parts.size(); i++) {
            Tensor weights = Rng.seed(30 + i).uniform(parts.get(i).shape(), DType.F32);
            sum = sum.add(parts.get(i).mul(weights).sum());
        }
        return sum;
    }

    private static Tensor wellApart(int batch, int n) {
        Tensor diagonal = Tensor.range(n).unsqueeze(1).eq(Tensor.range(n)).cast(DType.F32)
                .mul(Tensor.range(n).cast(DType.F32).mul(1.5).add(2));
        return Rng.seed(22).uniform(Shape.of(batch, n, n), DType.F32).sub(0.5).mul(0.6).add(diagonal);
    }

    private static final List<Results> FUNCTIONS = List.of(
            x -> List.of(Linalg.solve(x, x.slice(-1, 0, 2).add(1))), x -> List.of(Triangular.cholesky(x)),
            MatrixExportTest::eigh, MatrixExportTest::svd, x -> qr(x.slice(-1, 0, x.dim(-1) - 1)),
            x -> svd(x.slice(-1, 0, 3)), x -> List.of(Linalg.det(x), Linalg.logdet(x)),
            x -> List.of(MatrixFunctions.pinv(x.slice(-2, 0, 3))),
            x -> List.of(MatrixFunctions.matrixExp(x.mul(0.2))));

    @Test
    void gradients() throws OrtException, IOException {
        for (Results function : FUNCTIONS) {
            UnaryOperator<Tensor> slope = Transforms.grad(x -> weighted(function.apply(x)));
            assertAgrees(x -> List.of(slope.apply(x)), wellApart(2, 4), 1e-5);
            assertAgrees(x -> List.of(slope.apply(x).squeeze(0)), wellApart(1, 6), 1e-5);
        }
    }

    /**
     * Among symmetric matrices: ONNX has no gradients, so a function that reads one triangle comes back with its whole gradient
     * there, and ours shares it between both.
     */
    @Test
    void gradientsOfWhatComesBack() throws IOException {
        for (Results function : FUNCTIONS) {
            Results ofSymmetric = x -> function.apply(x.add(x.transpose()).mul(0.5));
            Tensor x = wellApart(2, 4).tracked();
            Path file = export(ofSymmetric, x.spec());
            for (OnnxModel model : List.of(Onnx.load(file), OtherReaders.load(file))) {
                Closeness.assertClose(weighted(ofSymmetric.apply(x)).gradients(x).of(x),
                        weighted(model.forwardAll(List.of(x))).gradients(x).of(x), 1e-5,
                        "function " + FUNCTIONS.indexOf(function));
            }
        }
    }

    /** Values, and gradients through them. */
    @Test
    void anyBatch() throws OrtException, IOException {
        for (Results function : FUNCTIONS) {
            assertRunsForAnyBatch(function);
            assertRunsForAnyBatch(x -> List.of(Transforms.grad(y -> function.apply(y).stream()
                    .map(part -> part.mul(0.1).tanh().sum()).reduce(Tensor::add).orElseThrow()).apply(x)));
        }
    }

    private void assertRunsForAnyBatch(Results function) throws OrtException, IOException {
        Path file = folder.resolve("batch.onnx");
        OnnxExport.of((Layer) in -> in, in -> function.apply(in.getFirst())).input("x", 1, 5, 5)
                .dynamicBatch("batch").write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 2, 7)) {
                Tensor x = wellApart(batch, 5);
                assertClose(function.apply(x), runtime.run(List.of(x)), 1e-5);
                assertClose(function.apply(x), Onnx.load(file).forwardAll(List.of(x)), 1e-5);
                assertClose(function.apply(x), OtherReaders.load(file).forwardAll(List.of(x)), 1e-5);
            }
        }
    }

    /** ONNX Runtime joins transposes and products, and has nothing for doubles then. */
    @Test
    void productsOfDoubles() throws OrtException, IOException {
        Tensor x = normal(40, 2, 3, 3);
        assertAgrees(a -> List.of(a.matmul(a.transpose()), a.transpose().matmul(a), a.transpose().matmul(a.transpose()),
                a.permute(0, 2, 1).matmul(a), a.matmul(a.select(0, 1).transpose())), x, TOLERANCE);
        assertAgrees(
                a -> List.of(a.matmul(a.transpose()), a.transpose().matmul(a), a.transpose().matmul(a)),
                normal(41, 4, 4), TOLERANCE);
    }

    /** A loop reads what is around it by the name that it has as an output. */
    @Test
    void outputsAreReadByLoops() throws OrtException, IOException {
        assertAgrees(x -> {
            Tensor powers = x.exp();
            return List.of(powers, Triangular.solveTriangular(powers, x, Triangle.LOWER));
        }, normal(23, 3, 3), TOLERANCE);
    }

    /** Rounds of loops are written once, whatever the size. */
    @Test
    void filesStaySmall() throws IOException {
        for (Results function : List.<Results>of(MatrixExportTest::eigh, MatrixExportTest::svd, MatrixExportTest::qr,
                MatrixExportTest::cofactors, x -> List.of(MatrixFunctions.matrixExp(x), Linalg.solve(x, x)))) {
            long size = Files.size(export(function, new TensorSpec(DType.F32, Shape.of(64, 64))));
            assertTrue(size < 150_000, size + " bytes");
        }
    }
}
