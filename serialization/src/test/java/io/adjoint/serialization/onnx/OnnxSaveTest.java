package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the files, imported models saved again, and weights in a file of their own. */
class OnnxSaveTest {
    @TempDir
    private Path folder;

    private static final Tensor X = Rng.seed(7).normal(Shape.of(2, 20), DType.F32);

    private static Layer net() {
        Rng rng = Rng.seed(1);
        Linear shared = Linear.of(20, 20, rng);
        return Sequential.of(shared, x -> x.relu(), shared, Linear.of(20, 3, rng));
    }

    private static OnnxExport export(Layer layer) {
        return OnnxExport.of(layer).input("x", 2, 20).output("y").dynamicBatch("batch").metadata("key", "value");
    }

    @Test
    void variablesGoByTheirPathsAndSharedOnesOnce() {
        Path file = folder.resolve("net.onnx");
        export(net()).write(file);
        GraphProto graph = ModelReader.messages(file).getGraph();
        assertEquals(List.of("0.weight", "0.bias", "3.weight", "3.bias"),
                graph.getInitializerList().stream().map(TensorProto::getName).toList());
        assertTrue(graph.getNodeList().stream().anyMatch(node -> node.getName().startsWith("3/")), graph.toString());
    }

    @Test
    void weightsMayHaveAFileOfTheirOwn() throws OrtException, IOException {
        Layer net = net();
        Path file = folder.resolve("net.onnx");
        Path data = folder.resolve("net.onnx.data");
        Path second = folder.resolve("net.onnx.data2");
        OnnxExport export = export(net).externalAbove(1000);
        for (int i = 0; i < 3; i++) {
            export.write(file);
            assertEquals(i % 2 == 0, Files.exists(data));
            assertEquals(i % 2 == 1, Files.exists(second));
            assertClose(net.forward(X), Onnx.load(file).forward(X), 1e-6, "loaded");
            try (OnnxRuntime runtime = new OnnxRuntime(file)) {
                assertClose(net.forward(X), runtime.run(List.of(X)).getFirst(), 1e-5, "run");
            }
        }
        assertTrue(Files.size(file) < 5000);
    }

    @Test
    void aTrainedModelIsSavedOverItsFile() throws OrtException {
        Path file = folder.resolve("net.onnx");
        export(net()).externalAbove(1000).write(file);
        OnnxModel model = Onnx.load(file);
        model.variables().values().forEach(variable -> variable.set(variable.value().mul(0.5).add(0.1)));
        Tensor expected = model.forward(X);
        ModelProto before = ModelReader.messages(file);
        model.save(file);
        assertTrue(expected.sameBits(Onnx.load(file).forward(X)));
        ModelProto after = ModelReader.messages(file);
        assertEquals(before.toBuilder().setGraph(before.getGraph().toBuilder().clearInitializer()).build(),
                after.toBuilder().setGraph(after.getGraph().toBuilder().clearInitializer()).build());
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Tensor x = Tensor.concat(0, X, X, X);
            assertClose(model.forward(x), runtime.run(List.of(x)).getFirst(), 1e-5, "another batch");
        }
    }

    @Test
    void floatsOf16BitsStaySo() throws IOException {
        Path file = folder.resolve("net.onnx");
        export(x -> x.add(1)).write(file);
        ModelProto.Builder model = ModelReader.messages(file).toBuilder();
        ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-2f));
        for (int type : List.of(ElementType.FLOAT16.number(), ElementType.BFLOAT16.number())) {
            model.getGraphBuilder().addInitializer(TensorProto.newBuilder().setName("w" + type).setDataType(type)
                    .addDims(2).setRawData(ByteString.copyFrom(halves.array())));
        }
        Files.write(file, model.build().toByteArray());
        OnnxModel loaded = Onnx.load(file);
        Path copy = folder.resolve("copy.onnx");
        loaded.save(copy);
        assertEquals(ModelReader.messages(file), ModelReader.messages(copy));
        loaded.variables().get("w10").set(Tensor.of(new float[] {1.0004f, 70_000}, 2));
        loaded.variables().get("w16").set(Tensor.of(new float[] {1.005f, Float.NaN}, 2));
        loaded.save(copy);
        OnnxModel again = Onnx.load(copy);
        assertTrue(
                Tensor.of(new float[] {1, Float.POSITIVE_INFINITY}, 2).sameBits(again.variables().get("w10").value()));
        assertEquals(1.0078125f, again.variables().get("w16").value().toFloats()[0]);
        assertTrue(Float.isNaN(again.variables().get("w16").value().toFloats()[1]));
    }

    @Test
    void aTracedGraphIsWritten() throws OrtException {
        Layer net = net();
        Graph graph = Graph.traceAll(in -> List.of(net.forward(in.getFirst()), in.getLast().neg()),
                new TensorSpec(DType.F32, Shape.of(2, 20)), new TensorSpec(DType.I64, Shape.of(3)));
        Path file = folder.resolve("net.onnx");
        OnnxExport.of(net, graph).write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            List<Tensor> found = runtime.run(List.of(X, Tensor.of(new long[] {1, -2, 3})));
            assertClose(net.forward(X), found.getFirst(), 1e-5, "first");
            assertTrue(Tensor.of(new long[] {-1, 2, -3}).sameBits(found.getLast()));
        }
    }

    @Test
    void aStepOfTrainingIsWrittenWithItsUpdates() throws OrtException {
        BatchNorm norm = BatchNorm.of1d(20);
        OnnxExport export = OnnxExport.of(norm, in -> Training.scope(() -> {
            Tensor loss = norm.forward(in.getFirst()).square().sum();
            Variable weight = norm.parameters().getFirst();
            return List.of(loss.gradients(weight).of(weight));
        })).input("x", 2, 20).output("gradient");
        Path file = folder.resolve("step.onnx");
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(file));
        assertTrue(e.getMessage().contains("and an ONNX model sets nothing"), e.getMessage());
        assertFalse(Files.exists(file));
        export.updatesAsOutputs().write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            List<String> names = List.copyOf(runtime.session().getOutputNames());
            List<Tensor> found = runtime.run(List.of(X));
            Tensor gradient = Training.scope(() -> {
                Tensor loss = norm.forward(X).square().sum();
                Variable weight = norm.parameters().getFirst();
                return loss.gradients(weight).of(weight);
            });
            assertClose(gradient, found.getFirst(), 1e-4, "gradient");
            norm.variables().forEach((path, variable) -> {
                int at = names.indexOf(path + "/updated");
                if (at >= 0) {
                    assertClose(variable.value(), found.get(at), 1e-5, path);
                }
            });
            assertTrue(names.size() > 2, names.toString());
        }
    }

    /** An operation that ONNX has never heard of. */
    private record Own(String id) implements Custom {
        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Gradient gradient() {
            return Gradient.none("not asked for");
        }
    }

    @Test
    void allThatHasNoFormIsNamedAtOnce() {
        Own first = new Own("first");
        Own second = new Own("second");
        OnnxExport export = OnnxExport.of(x -> x.matmul(x.transpose()).add(first.apply(x).sum())
                .sub(second.apply(x).sum()).mul(second.apply(x).mean())).input("x", 2, 2);
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(folder.resolve("no.onnx")));
        assertTrue(
                e.getMessage().matches(".*: it needs operations that have no form in ONNX: first \\(1 step: [^)]+\\), "
                        + "second \\(2 steps: [^)]+\\); compute them outside of the exported function, or otherwise"),
                e.getMessage());
    }

    /** A link to a model stands for the model: data lie beside that, for whoever opens either. */
    @Test
    void dataLieBesideWhatALinkLeadsTo() throws IOException {
        Path file = Files.createDirectory(folder.resolve("models")).resolve("net.onnx");
        Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), Path.of("models", "net.onnx"));
        Layer net = net();
        for (int i = 0; i < 2; i++) {
            export(net).externalAbove(1000).write(link);
            assertTrue(Files.isSymbolicLink(link));
            assertEquals(Set.of("models", "link.onnx"), names(folder));
            assertEquals(Set.of("net.onnx", i == 0 ? "net.onnx.data" : "net.onnx.data2"), names(file.getParent()));
            assertClose(net.forward(X), Onnx.load(file).forward(X), 1e-6, "the model");
            Files.write(folder.resolve("net.onnx.data"), new byte[1 << 16]); // of another model
            assertClose(net.forward(X), Onnx.load(link).forward(X), 1e-6, "the link");
            Files.delete(folder.resolve("net.onnx.data"));
        }
    }

    /** Data stay with a model that was given another name. */
    @Test
    void dataOfAnotherModelStay() throws IOException {
        Path file = folder.resolve("net.onnx");
        Layer old = net();
        export(old).externalAbove(1000).write(file);
        Path kept = Files.move(file, folder.resolve("kept.onnx"));
        Layer next = net();
        next.parameters().forEach(parameter -> parameter.set(parameter.value().mul(0.5)));
        for (int i = 0; i < 2; i++) {
            export(next).externalAbove(1000).write(file);
            assertEquals(Set.of("kept.onnx", "net.onnx", "net.onnx.data", "net.onnx.data" + (i + 2)), names(folder));
            assertClose(old.forward(X), Onnx.load(kept).forward(X), 1e-6, "the one that was there");
            assertClose(next.forward(X), Onnx.load(file).forward(X), 1e-6, "the new one");
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** However many messages the model before has, its data are known. */
    @Test
    void dataOfALargeModelAreDeleted() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().addInitializer(TensorProto.newBuilder().setName("w")
                .setDataType(1).addDims(2).setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("net.onnx.data")));
        for (int i = 0; i < 100_000; i++) {
            graph.addNode(NodeProto.newBuilder().setOpType("Constant"));
        }
        Path file = folder.resolve("net.onnx");
        Files.write(folder.resolve("net.onnx.data"), new byte[8]);
        Files.write(file, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
        Onnx.load(file, 1L << 30).save(file);
        assertEquals(Set.of("net.onnx"), names(folder));
    }
}
