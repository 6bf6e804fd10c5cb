package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.ConvolutionWeight;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    record Net(Linear hidden, Linear output) implements Layer {
        static Net create() {
            Rng rng = Rng.seed(1);
            return new Net(Linear.of(4, 8, rng), Linear.of(8, 3, rng));
        }

        @Override
        public Tensor forward(Tensor x) {
            return output.forward("output", hidden.forward("hidden", x).relu()).softmax(1);
        }
    }

    private static Tensor random(int... dims) {
        return Rng.seed(7).normal(Shape.of(dims), DType.F32);
    }

    @Test
    void aNetRunsInOnnxRuntimeWithOurResults() throws OrtException {
        Net net = Net.create();
        Path file = folder.resolve("net.onnx");
        OnnxExport.of(net).input("x", 5, 4).output("y").doc("A net").metadata("made", "by hand").write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Tensor x = random(5, 4);
            assertClose(net.forward(x), runtime.run(List.of(x)).getFirst(), TOLERANCE, "y");
            assertEquals(List.of("y"), List.copyOf(runtime.session().getOutputNames()));
            assertEquals("A net", runtime.session().getMetadata().getDescription());
            assertEquals(Map.of("made", "by hand"), runtime.session().getMetadata().getCustomMetadata());
        }
    }

    @Test
    void theBatchMayHaveAnyExtent() throws OrtException {
        Net net = Net.create();
        Path file = folder.resolve("net.onnx");
        OnnxExport.of(net).input("x", 1, 4).output("y").dynamicBatch("batch").write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 2, 17)) {
                Tensor x = random(batch, 4);
                assertClose(net.forward(x), runtime.run(List.of(x)).getFirst(), TOLERANCE, "batch " + batch);
            }
        }
    }

    /** ONNX Runtime brings the transposes together, past what is between them. */
    @Test
    void aTransposeIsPadded() throws OrtException {
        Layer layer = x -> x.transpose().pad(-1, 1, 2, 0).transpose();
        Path file = folder.resolve("padded.onnx");
        OnnxExport.of(layer).input("x", 2, 3, 4).write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Tensor x = random(2, 3, 4);
            assertClose(layer.forward(x), runtime.run(List.of(x)).getFirst(), 0, "padded");
        }
    }

    private record Cube() implements Custom {
        @Override
        public String id() {
            return "cube";
        }

        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            return inputs.getFirst().pow(3);
        }

        @Override
        public Gradient gradient() {
            return Gradient.of(Gradient.Partial.none());
        }
    }

    @Test
    void aCustomOperationWithoutFormIsRefusedByName() {
        OnnxExport export = OnnxExport.of((Layer) x -> new Cube().apply(x).add(new Cube().apply(x))).input("x", 3);
        Path file = folder.resolve("cube.onnx");
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(file));
        assertTrue(e.getMessage().matches(".*: it needs operations that have no form in ONNX: cube \\(2 steps: "
                + "[^)]+\\); compute them outside of the exported function, or otherwise"),
                e.getMessage());
        assertTrue(Files.notExists(file));
    }

    /** ONNX Runtime does not come to an end over a convolution of no channels in groups. */
    @Test
    void sumsOfNothingAreZeros() throws OrtException {
        Slide slide = new Slide(List.of(2, 1), List.of(0, 0), List.of(2, 1), 2);
        Path file = folder.resolve("nothing.onnx");
        OnnxExport.of(Net.create(), in -> List.of(new ConvolutionWeight(slide, List.of(1, 2))
                .apply(in.getFirst(), in.getLast()))).input("images", 0, 4, 1, 3).input("windows", 0, 4, 2, 1)
                .write(file);
        assertTrue(ModelReader.messages(file).getGraph().getNodeList().stream()
                .noneMatch(node -> node.getOpType().equals("Conv")));
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            List<Tensor> none = List.of(random(0, 4, 1, 3), random(0, 4, 2, 1));
            assertTrue(Tensor.zeros(Shape.of(4, 2, 1, 2), DType.F32).sameBits(runtime.run(none).getFirst()));
        }
    }

    /** In ONNX an empty name stands for a value that is left out. */
    @Test
    void emptyNamesAreRefused() {
        Path file = folder.resolve("nameless.onnx");
        Layer layer = x -> x.neg();
        for (OnnxExport export : List.of(OnnxExport.of(layer).input("", 1),
                OnnxExport.of(layer).input("x", 1).output(""))) {
            ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(file));
            assertEquals(file + ": an input or output has an empty name, which stands for none; give each a name",
                    e.getMessage());
        }
    }
}
