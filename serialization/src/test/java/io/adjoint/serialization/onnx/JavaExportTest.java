package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaExportTest {
    @TempDir
    private Path folder;

    /** A file may claim any extent. */
    @Test
    void extentsThatNoTensorHasAreRefused() {
        TensorShapeProto.Dimension.Builder extent = TensorShapeProto.Dimension.newBuilder().setDimValue(1L << 40);
        ValueInfoProto x = ValueInfoProto.newBuilder().setName("x").setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1).setShape(TensorShapeProto.newBuilder().addDim(extent))))
                .build();
        OnnxModel model = OnnxModel.of(folder.resolve("large.onnx"), ModelProto.newBuilder().setGraph(
                GraphProto.newBuilder().addInput(x).addOutput(ValueInfoProto.newBuilder().setName("y"))
                        .addNode(node("y = Neg x")))
                .build());
        ModelFileException e = assertThrows(ModelFileException.class, () -> JavaExport.of(model).write(folder));
        assertEquals(folder.resolve("Model.java") + ": no tensor has the shape of " + model.inputs().getFirst()
                + "; give another one by shape(\"x\", ...)", e.getMessage());
    }

    /** Which axes there are is not said: one would not do for all. */
    @Test
    void anInputOfUnknownRankNeedsAShape() throws IOException {
        ValueInfoProto x = ValueInfoProto.newBuilder().setName("x").setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1))).build();
        OnnxModel model = OnnxModel.of(folder.resolve("open.onnx"), ModelProto.newBuilder().setGraph(
                GraphProto.newBuilder().addInput(x).addOutput(ValueInfoProto.newBuilder().setName("y"))
                        .addNode(node("y = Neg x")))
                .build());
        JavaExport export = JavaExport.of(model).dynamicBatch();
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(folder));
        assertEquals(folder.resolve("Model.java") + ": the shape of x float[...] is not fixed; give one by "
                + "shape(\"x\", ...)", e.getMessage());
        e = assertThrows(ModelFileException.class, () -> export.shape("x").write(folder));
        assertEquals(
                folder.resolve("Model.java") + ": x float[...] is given without axes, so it has none for the batch; "
                        + "name the inputs that have it in dynamicBatch(...)",
                e.getMessage());
        export.shape("x", 1, 2, 3).write(folder);
        assertTrue(Files.readString(folder.resolve("Model.java")).contains("F32[batch, 2, 3]"));
    }
}
