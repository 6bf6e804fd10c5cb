package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxSummaryTest {
    @TempDir
    private Path folder;

    private static ValueInfoProto info(String name) {
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1))).build();
    }

    /** Sparse initializers are parameters like others, and no inputs either where they are listed as such. */
    @Test
    void sparseInitializersCount() throws IOException {
        SparseTensorProto sparse = SparseTensorProto.newBuilder()
                .setValues(TypedFields.add(TensorProto.newBuilder().setName("sparse").setDataType(1).addDims(2), 5, 7))
                .setIndices(TypedFields.add(TensorProto.newBuilder().setDataType(7).addDims(2), 1, 4)).addDims(2)
                .addDims(3)
                .build();
        Path file = folder.resolve("model.onnx");
        Files.write(file, ModelProto.newBuilder().setGraph(GraphProto.newBuilder().addInput(info("x"))
                .addInput(info("sparse")).addOutput(info("y")).addNode(node("z = Mul x sparse"))
                .addNode(node("y = Mul z dense")).addSparseInitializer(sparse)
                .addInitializer(
                        TypedFields.add(TensorProto.newBuilder().setName("dense").setDataType(1).addDims(3), 1, 2, 3)))
                .build().toByteArray());
        OnnxSummary summary = Onnx.inspect(file);
        OnnxModel model = Onnx.load(file);
        assertEquals(List.of("x float[...]"), summary.inputs());
        assertEquals(model.variables().size(), summary.initializers());
        assertEquals(model.variables().values().stream().mapToLong(variable -> variable.value().size()).sum(),
                summary.elements());
        assertTrue(summary.toString().contains("9 in 2 tensors"), summary.toString());
    }
}
