package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.op.Solve;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.attention.TransformerEncoderLayer;
import io.adjoint.nn.embedding.Embedding;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.nn.recurrent.Gru;
import io.adjoint.nn.recurrent.Lstm;
import io.adjoint.nn.spatial.Convolution;
import io.adjoint.nn.spatial.MaxPool;
import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file for every batch: also for batches that the function was not traced for. */
class DynamicBatchTest {
    private static final Rng RNG = Rng.seed(1);

    @TempDir
    private Path folder;

    private Path export(Layer layer, int axis, int... dims) {
        Path file = folder.resolve("model.onnx");
        OnnxExport.of(layer).input("x", dims).dynamicAxis("batch", axis).write(file);
        return file;
    }

    private void assertRuns(Layer layer, int... dims) throws OrtException {
        assertRunsAlong(0, layer, dims);
    }

    private void assertRunsAlong(int axis, Layer layer, int... dims) throws OrtException {
        Path file = export(layer, axis, dims);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 2, 7)) {
                Tensor x = RNG.normal(Shape.of(dims).with(axis, batch), DType.F32);
                assertClose(layer.forward(x), runtime.run(List.of(x)).getFirst(), 1e-5, "batch " + batch);
                assertClose(layer.forward(x), Onnx.load(file).forward(x), 1e-5, "batch " + batch);
            }
        }
    }

    @Test
    void imagesAreClassified() throws OrtException {
        assertRuns(Sequential.of(Convolution.Config.of(3, 4, 3, 3).create(RNG), BatchNorm.of2d(4), x -> x.relu(),
                MaxPool.of(2, 2),
                Flatten.examples(), Linear.of(36, 5, RNG)), 1, 3, 8, 8);
    }

    @Test
    void sequencesAttendToThemselves() throws OrtException {
        assertRuns(TransformerEncoderLayer.of(8, 2, RNG), 1, 5, 8);
    }

    @Test
    void recurrencesBeginWithZerosForEachExample() throws OrtException {
        Lstm lstm = Lstm.of(4, 6, RNG);
        assertRunsAlong(1, Layered.of(lstm, x -> lstm.forward(x).output()), 5, 1, 4);
        Gru gru = Gru.of(4, 6, RNG);
        assertRunsAlong(1, Layered.of(gru, x -> gru.forward(x).output()), 5, 1, 4);
    }

    /** A layer of a part and what is done with it. */
    private record Layered(Module part, Layer function) implements Layer {
        static Layered of(Module part, Layer function) {
            return new Layered(part, function);
        }

        @Override
        public Tensor forward(Tensor x) {
            return function.forward(x);
        }

        @Override
        public SequencedMap<String, Object> parts() {
            return new LinkedHashMap<>(Map.of("part", part));
        }
    }

    @Test
    void wordsAreLookedUp() throws OrtException {
        Embedding embedding = Embedding.of(11, 3, RNG);
        Path file = folder.resolve("model.onnx");
        OnnxExport.of(embedding, in -> List.of(embedding.forward(in.getFirst())))
                .input("words", new TensorSpec(DType.I64, Shape.of(1, 4))).dynamicBatch("batch")
                .write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Tensor words = Tensor.of(new long[] {0, 1, 2, 10, 4, 4, 9, 3, 1, 1, 1, 1}, 3, 4);
            assertClose(embedding.forward(words), runtime.run(List.of(words)).getFirst(), 0, "words");
        }
    }

    /** What is computed from the batch is named after the axis, and so are the nodes of such a part. */
    @Test
    void aPartMayHaveTheNameOfTheAxis() throws OrtException {
        for (UnaryOperator<Tensor> function : List.<UnaryOperator<Tensor>>of(x -> x.sub(3.5), x -> x.mul(3.5))) {
            assertRuns(x -> Module.within("batch",
                    () -> function.apply(x).div(Tensor.full(Shape.of(x.dim(0), 1), DType.F32, 7))), 1, 3);
        }
    }

    @Test
    void countsAndPlacesFollowTheBatch() throws OrtException {
        assertRuns(x -> x.sub(x.mean(0)).mul(Tensor.range(x.dim(0)).unsqueeze(1)).div(x.dim(0) + 1), 1, 3);
        assertRuns(x -> Tensor.concat(0, x, x, Tensor.ones(x.dim(0), 3)).reshape(-1).sum(0).add(x.dim(0)), 1, 3);
    }

    @Test
    void extentsGoByTheNameOfTheBatch() {
        OnnxModel model = Onnx.load(export(x -> Tensor.concat(0, x, x).pad(0, 1, 0, 0), 0, 1, 3));
        assertEquals(Optional.of(List.of(new Dimension.Named("batch"), new Dimension.Fixed(3))),
                model.inputs().getFirst().shape());
        assertEquals(Optional.of(List.of(new Dimension.Named("2 * batch + 1"), new Dimension.Fixed(3))),
                model.outputs().getFirst().shape());
    }

    @Test
    void whatDependsOnTheBatchInAnotherWayIsRefused() {
        assertRefused(x -> x.mul(Math.sqrt(x.dim(0))));
        assertRefused(x -> x.dim(0) > 4 ? x.exp() : x.log());
        assertRefused(x -> x.cumsum(0).logCumSumExp(0));
        assertRefused(x -> x.mul(x.dim(0) % 2));
        assertRefused(x -> x.slice(0, 0, x.dim(0) / 2 * 2));
    }

    private void assertRefused(Layer layer) {
        ModelFileException e = assertThrows(ModelFileException.class, () -> export(layer, 0, 1, 3));
        assertTrue(e.getMessage().contains("depends on the batch in a way that has no form in ONNX"), e.getMessage());
    }

    private static BatchNorm norm(int... dims) {
        return dims.length == 2 ? BatchNorm.of1d(dims[1]) : BatchNorm.of2d(dims[1]);
    }

    /** The running variance is that of what the batch was drawn from: n / (n - 1) times that of the batch. */
    @Test
    void batchStatisticsOfAnyBatch() throws OrtException {
        for (int[] dims : List.of(new int[] {1, 3}, new int[] {1, 3, 5, 7}, new int[] {1, 2, 96, 96})) {
            BatchNorm norm = norm(dims);
            Path file = folder.resolve("statistics.onnx");
            OnnxExport.of(norm, in -> Training.scope(() -> List.of(norm.forward(in.getFirst())))).input("x", dims)
                    .dynamicBatch("batch").updatesAsOutputs().write(file);
            try (OnnxRuntime runtime = new OnnxRuntime(file)) {
                for (int batch : List.of(2, 5, 64)) {
                    Tensor x = RNG.normal(Shape.of(dims).with(0, batch), DType.F32);
                    List<Tensor> found = runtime.run(List.of(x));
                    List<Tensor> back = Onnx.load(file).forwardAll(List.of(x));
                    BatchNorm same = norm(dims);
                    Tensor y = Training.scope(() -> same.forward(x));
                    assertClose(y, found.getFirst(), 1e-5, "batch " + batch);
                    List<ValueSpec> outputs = Onnx.load(file).outputs();
                    for (int i = 1; i < outputs.size(); i++) {
                        Tensor updated = same.variables().get(outputs.get(i).name().replace("/updated", "")).value();
                        assertClose(updated, found.get(i), 1e-6, outputs.get(i) + " of " + batch);
                        assertClose(updated, back.get(i), 1e-6, outputs.get(i) + " of " + batch);
                    }
                }
            }
        }
    }

    /** Four examples or more, few of them, or whole groups. */
    @Test
    void functionsThatDoNotTakeEveryBatch() throws OrtException {
        Layer atLeast = x -> x.sub(x.slice(0, 0, 4).mean(0)).mul(1.0 / x.dim(0));
        Layer few = x -> x.mul(Tensor.range(16).cast(DType.F32).unsqueeze(1).slice(0, 0, x.dim(0)));
        Layer groups = x -> x.reshape(x.dim(0) / 2, 2, 3).mean(0).mul(1.0 / (x.dim(0) / 2));
        assertRuns(atLeast, List.of(4, 5, 7, 40));
        assertRuns(few, List.of(1, 5, 16));
        Path file = assertRuns(groups, List.of(2, 4, 6, 44));
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertThrows(OrtException.class, () -> runtime.run(List.of(Tensor.ones(5, 3))));
        }
        assertThrows(ShapeException.class, () -> Onnx.load(file).forward(Tensor.ones(5, 3)));
        Layer none = x -> x.reshape(x.dim(0) / 7, 7, 3);
        ModelFileException e = assertThrows(ModelFileException.class, () -> export(none, 0, 4, 3));
        assertTrue(
                e.getMessage().contains("the function takes no set of batches that tells how it depends on the batch"),
                e.getMessage());
    }

    private Path assertRuns(Layer layer, List<Integer> batches) throws OrtException {
        Path file = export(layer, 0, 4, 3);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : batches) {
                Tensor x = RNG.normal(Shape.of(batch, 3), DType.F32);
                assertClose(layer.forward(x), runtime.run(List.of(x)).getFirst(), 1e-5, "batch " + batch);
                assertClose(layer.forward(x), Onnx.load(file).forward(x), 1e-5, "batch " + batch);
            }
        }
        return file;
    }

    /** Both would have the same nodes inside. */
    @Test
    void attributesOfFunctionsThatDependOnTheBatchAreRefused() {
        Layer layer = x -> new Solve(false, x.dim(0) < 30 ? Solve.Singular.REFUSED : Solve.Singular.NOT_FINITE)
                .apply(x, x);
        ModelFileException e = assertThrows(ModelFileException.class, () -> export(layer, 0, 4, 3, 3));
        assertTrue(e.getMessage().contains("what \"Solve\""), e.getMessage());
    }
}
