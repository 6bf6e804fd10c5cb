package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What takes integers does so in ONNX Runtime too, and here again, with our results. */
class IntegerExportTest {
    private static final int SAMPLES = Integer.getInteger("onnx.samples", 4);

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyOperationOfIntegers() {
        return Catalogue.entries().stream().flatMap(entry -> Stream.of(DType.I32, DType.I64)
                .map(dtype -> dynamicTest(entry.id() + " " + dtype, () -> {
                    for (int seed = 0; seed < SAMPLES; seed++) {
                        check(entry.sample(new Sampler(seed, DType.F32)), dtype);
                    }
                })));
    }

    private void check(Sample floats, DType dtype) throws OrtException {
        List<Tensor> inputs = floats.inputs().stream()
                .map(x -> x.dtype() == DType.F32 ? x.mul(5).round().cast(dtype) : x).toList();
        Sample sample = new Sample(floats.op(), inputs);
        Tensor expected;
        try {
            expected = sample.apply(inputs);
        } catch (ShapeException _) {
            return; // of floats only
        }
        Path file = folder.resolve("integers.onnx");
        CatalogueExportTest.export(sample).write(file);
        assertSame(expected, Onnx.load(file).forwardAll(inputs).getFirst(), sample + " here");
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertSame(expected, runtime.run(inputs).getFirst(), sample.toString());
        } catch (OrtException e) {
            fail(sample + ": " + e.getMessage(), e);
        }
    }

    private static void assertSame(Tensor expected, Tensor found, String what) {
        assertEquals(expected.shape(), found.shape(), what);
        if (expected.dtype().isFloat()) {
            Closeness.assertClose(expected, found, 1e-5, what);
        } else {
            assertArrayEquals(expected.cast(DType.I64).toLongs(), found.cast(DType.I64).toLongs(), what);
        }
    }
}
