package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole convolutional networks with weights that a few bytes make, step by step and compiled. */
class LightNetworksReferenceTest {
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-7;

    @TestFactory
    Stream<DynamicTest> networks() throws IOException {
        Path folder = Path.of(System.getProperty("reference.dir", "../../shared/reference"), "onnx", "light");
        if (!Files.isDirectory(folder)) {
            return abort("skipped: no reference networks in " + folder + "; set -Dreference.dir to their folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private static void check(Path file) {
        OnnxModel model = Onnx.load(file);
        List<Dimension> dims = model.inputs().getFirst().shape().orElseThrow();
        Shape shape = Shape.of(dims.stream().mapToInt(dim -> dim instanceof Dimension.Fixed(long extent)
                ? Math.toIntExact(extent)
                : 1).toArray());
        float[] ramp = new float[shape.size()];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (float) i / ramp.length;
        }
        Tensor input = Tensor.of(ramp, shape);
        Tensor actual = model.forward(input);
        Value expected = OnnxCase.read(Path.of(file.toString().replace(".onnx", "_output_0.pb")));
        assertEquals(expected.tensor().spec(), actual.spec());
        Program program = Program.compileAll(model::forwardAll);
        assertTrue(actual.sameBits(program.applyAll(input).getFirst()), "compiled");
        float[] e = expected.tensor().toFloats();
        float[] a = actual.toFloats();
        for (int i = 0; i < e.length; i++) {
            int at = i;
            assertTrue(Math.abs(a[i] - e[i]) <= ABSOLUTE + RELATIVE * Math.abs(e[i]),
                    () -> "at " + at + ": expected " + e[at] + " but was " + a[at]);
        }
    }
}
