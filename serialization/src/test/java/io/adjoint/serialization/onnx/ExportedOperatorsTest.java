package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;
import io.adjoint.nn.embedding.Embedding;
import io.adjoint.nn.spatial.MaxPool;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several steps compute together is written as the operator that ONNX has for it. */
class ExportedOperatorsTest {
    private static final Embedding TABLE = Embedding.of(7, 3, Rng.seed(1));

    @TempDir
    private Path folder;

    private List<String> ofFunction(Function<List<Tensor>, List<Tensor>> function, Tensor x) throws OrtException {
        Path file = folder.resolve("model.onnx");
        OnnxExport.of(TABLE, function).input("x", x.spec()).write(file);
        List<Tensor> expected = function.apply(List.of(x));
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            List<Tensor> found = runtime.run(List.of(x));
            List<Tensor> back = Onnx.load(file).forwardAll(List.of(x));
            for (int i = 0; i < expected.size(); i++) {
                assertClose(expected.get(i), found.get(i), 0, "run");
                assertClose(expected.get(i), back.get(i), 0, "loaded");
            }
        }
        return ModelReader.messages(file).getGraph().getNodeList().stream().map(NodeProto::getOpType)
                .filter(operator -> !operator.equals("Constant")).toList();
    }

    private List<String> operators(Layer layer, Tensor x) throws OrtException {
        return ofFunction(in -> List.of(layer.forward(in.getFirst())), x);
    }

    private static Tensor random(int... dims) {
        return Rng.seed(7).normal(Shape.of(dims), DType.F32);
    }

    @Test
    void maximaAreThoseOfTheOperator() throws OrtException {
        assertEquals(List.of("MaxPool"), operators(MaxPool.of(2, 2), random(2, 3, 6, 5)));
        assertEquals(List.of("MaxPool"), operators(MaxPool.of(2), random(2, 3, 6)));
        assertEquals(List.of("Reshape", "MaxPool", "Reshape"), operators(MaxPool.of(2, 2), random(3, 6, 5)));
        Layer padded = x -> Pooling.max(x, Window.of(3, 3).padding(1, 1).stride(2, 2));
        assertEquals(List.of("MaxPool"), operators(padded, random(2, 3, 6, 5)));
        assertEquals(List.of("Cast", "MaxPool", "Cast"),
                operators(MaxPool.of(2, 2), random(2, 3, 6, 5).mul(9).cast(DType.I32)));
    }

    @Test
    void placesThatAreUsedAreFoundOnce() throws OrtException {
        List<String> operators = ofFunction(in -> {
            Pooling.Maxima maxima = Pooling.maxima(in.getFirst(), Window.of(2, 2));
            return List.of(maxima.values(), maxima.places());
        }, random(2, 3, 6, 5));
        assertEquals(1, operators.stream().filter("MaxPool"::equals).count());
        assertTrue(operators.contains("Mod"), operators.toString());
    }

    @Test
    void rowsAreLookedUpWhole() throws OrtException {
        assertEquals(List.of("Gather"), operators(TABLE, Tensor.of(new long[] {4, 0, 6, 4, 1})));
        assertEquals(List.of("Reshape", "Gather", "Reshape"),
                operators(TABLE, Tensor.of(new long[] {4, 0, 6, 4}, 2, 2)));
        Layer columns = x -> TABLE.weight().value().indexSelect(1, x);
        assertEquals(List.of("Gather"), operators(columns, Tensor.of(new long[] {2, 0, 2, 1})));
    }

    @Test
    void partsOfRowsAreNot() throws OrtException {
        Layer parts = x -> TABLE.weight().value().gather(0, x.unsqueeze(1).expand(x.dim(0), 2));
        List<String> operators = operators(parts, Tensor.of(new long[] {2, 0, 2, 1}));
        assertTrue(operators.contains("GatherElements"), operators.toString());
    }

    /** For every batch, one of the extents of the planes too. */
    @Test
    void theBatchMayHaveAnyExtent() throws OrtException {
        Path file = folder.resolve("model.onnx");
        MaxPool pool = MaxPool.of(2, 2);
        OnnxExport.of(pool).input("x", 3, 3, 6, 6).dynamicBatch("batch").write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(pool.forward(random(5, 3, 6, 6)), runtime.run(List.of(random(5, 3, 6, 6))).getFirst(), 0, "y");
        }
        assertFalse(ModelReader.messages(file).getGraph().getNodeList().stream()
                .anyMatch(node -> node.getOpType().equals("GatherElements")));
        OnnxExport.of(TABLE).input("x", new TensorSpec(DType.I64, Shape.of(1))).dynamicBatch("batch").write(file);
        Tensor words = Tensor.of(new long[] {2, 6, 3, 0, 0});
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(TABLE.forward(words), runtime.run(List.of(words)).getFirst(), 0, "rows");
        }
    }
}
