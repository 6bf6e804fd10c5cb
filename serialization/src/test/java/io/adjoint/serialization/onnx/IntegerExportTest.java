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
import io.adjoint.nn.Layer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
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

    /** ONNX Runtime has powers in doubles only. */
    @Test
    void powersThatDoNotFit() throws OrtException {
        Tensor wide = Tensor.of(new long[] {5_000_000_001L, (1L << 53) + 1, -3, 0, -1});
        for (long[] exponents : List.of(new long[] {2}, new long[] {1}, new long[] {0}, new long[] {-1},
                new long[] {2, 1, 0, 3, 63})) {
            Tensor n = exponents.length == 1 ? Tensor.scalar(exponents[0], DType.I64) : Tensor.of(exponents);
            check(x -> x.pow(n), wide);
            check(x -> x.pow(n.reshape(1, exponents.length)), wide);
            check(x -> x.pow(n.cast(DType.I32)), Tensor.of(new int[] {65537, 46341, -3, 0, -1}));
        }
    }

    private void check(UnaryOperator<Tensor> function, Tensor x) throws OrtException {
        Path file = folder.resolve("powers.onnx");
        OnnxExport.of((Layer) in -> in, in -> List.of(function.apply(in.getFirst()))).input("x", x.spec()).write(file);
        assertSame(function.apply(x), Onnx.load(file).forwardAll(List.of(x)).getFirst(), "here");
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertSame(function.apply(x), runtime.run(List.of(x)).getFirst(), "there");
        }
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
