package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Transforms;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Captures;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.attention.TransformerConfig;
import io.adjoint.nn.attention.TransformerEncoder;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes are called after the part that computes them. */
class ExportedNamesTest {
    @TempDir
    private Path folder;

    private List<NodeProto> nodes(OnnxExport export) {
        Path file = folder.resolve("model.onnx");
        export.write(file);
        return ModelReader.messages(file).getGraph().getNodeList();
    }

    private List<String> names(OnnxExport export) {
        return nodes(export).stream().filter(node -> !node.getOpType().equals("Constant")).map(NodeProto::getName)
                .toList();
    }

    @Test
    void whatIsComputedBetweenPartsBelongsToNeither() {
        OnnxExport net = OnnxExport.of(OnnxExportTest.Net.create()).input("x", 2, 4);
        List<String> names = List.of("hidden/Transpose", "hidden/MatMul", "hidden/Add", "Relu", "output/Transpose",
                "output/MatMul", "output/Add", "Softmax");
        assertEquals(names, names(net));
        assertEquals(names, names(net.dynamicBatch("batch")));
    }

    @Test
    void whatComesBeforeAPartInsideOfAnotherBelongsToTheOtherOne() {
        TransformerEncoder encoder = TransformerEncoder.of(TransformerConfig.of(8, 2), 1, Rng.seed(1));
        List<NodeProto> products = nodes(OnnxExport.of(encoder).input("x", 5, 2, 8)).stream()
                .filter(node -> node.getOpType().equals("MatMul")).toList();
        Stream.of("layers/0/self_attn/MatMul", "layers/0/self_attn/out_proj/MatMul", "layers/0/linear1/MatMul",
                "layers/0/linear2/MatMul").forEach(
                        name -> assertTrue(
                                products.stream().anyMatch(node -> node.getName().equals(name)),
                                name + " of " + products));
    }

    @Test
    void aConstantBelongsToWhatUsesItFirst() {
        Layer layer = Sequential.of(Activation.TANH, x -> x.mul(Tensor.of(new float[] {3, 4})));
        assertEquals(List.of("1/constant", "0/Tanh", "1/Mul"),
                nodes(OnnxExport.of(layer).input("x", 2)).stream().map(NodeProto::getName).toList());
    }

    /** What is computed of constants is no step, even where a step elsewhere does the same. */
    @Test
    void constantsThatAPartComputesAreNoSteps() {
        Layer layer = x -> {
            Tensor scale = Module.within("scale", () -> Tensor.of(new float[] {3, 4}).exp().log());
            return Module.within("function", () -> x.exp().log().add(scale));
        };
        assertEquals(List.of("function/Exp", "function/Log", "function/Add"),
                names(OnnxExport.of(layer).input("x", 2)));
    }

    @Test
    void gradientsAndCapturesInsideDoNotDisturb() {
        Layer net = OnnxExportTest.Net.create();
        Layer layer = x -> {
            Tensor slope = Module.within("slope",
                    () -> Transforms.grad(t -> net.forward("net", t).log().sum()).apply(x));
            return Module.within("looked", () -> Captures.of("**").run(() -> net.forward("inner", slope)).result());
        };
        List<String> names = names(OnnxExport.of(net, in -> List.of(layer.forward(in.getFirst()))).input("x", 2, 4));
        assertTrue(names.contains("slope/net/hidden/MatMul"), names.toString());
        assertTrue(names.contains("looked/inner/output/MatMul"), names.toString());
        assertTrue(names.stream().allMatch(name -> name.startsWith("slope/") || name.startsWith("looked/")),
                names.toString());
    }

    @Test
    void aGraphThatIsTracedAlreadyKnowsNoParts() {
        OnnxExportTest.Net net = OnnxExportTest.Net.create();
        Graph graph = Graph.trace(net::forward, new TensorSpec(DType.F32, Shape.of(2, 4)));
        assertEquals(List.of("Transpose", "MatMul", "Add", "Relu", "Transpose_1", "MatMul_1", "Add_1", "Softmax"),
                names(OnnxExport.of(net, graph)));
    }
}
