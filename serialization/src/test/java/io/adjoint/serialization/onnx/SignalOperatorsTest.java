package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ConvolutionOperatorsTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.Fourier;
import io.adjoint.autodiff.function.FourierOptions;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignalOperatorsTest {
    private final Rng rng = Rng.seed(19);

    private static Tensor number(long value) {
        return Tensor.of(new long[] {value}, Shape.scalar());
    }

    @Test
    void theAxisWasAnAttributeAndIsAnInput() {
        Tensor x = rng.normal(Shape.of(2, 6, 5, 2), DType.F64);
        Tensor along = Fourier.fft(x, new FourierOptions().axis(1));
        assertClose(along, OneNode.of("DFT", 17).run(x));
        assertClose(Fourier.fft(x), OneNode.of("DFT", 20).run(x));
        assertClose(along, OneNode.of("DFT", 20).runAll(List.of(Optional.of(Value.of(x)), Optional.empty(),
                Optional.of(Value.of(number(-3))))).getFirst().tensor());
        Tensor longer = OneNode.of("DFT", 17).with("axis", 2).run(x, number(7));
        assertClose(Fourier.fft(x, new FourierOptions().length(7)), longer);
        assertClose(x.pad(2, 0, 2, 0), OneNode.of("DFT", 17).with("axis", 2).with("inverse", 1).run(longer));
        assertThrows(ShapeException.class, () -> OneNode.of("DFT", 17).with("axis", 3).run(x));
    }

    @Test
    void halfASpectrumIsEnoughForRealNumbers() {
        Tensor x = rng.normal(Shape.of(2, 7, 1), DType.F64);
        OneNode half = OneNode.of("DFT", 20).with("onesided", 1);
        Tensor spectrum = half.run(x);
        assertClose(OneNode.of("DFT", 20).run(x).slice(1, 0, 4), spectrum);
        assertClose(x, half.with("inverse", 1).run(spectrum, number(7)));
        assertThrows(ShapeException.class, () -> half.run(spectrum));
        GradientCheck.of("DFT").check(in -> half.run(in.getFirst()), x);
    }

    @Test
    void framesSlideOverTheSignal() {
        Tensor x = rng.normal(Shape.of(2, 10, 1), DType.F64);
        Tensor window = rng.uniform(Shape.of(4), DType.F64);
        Tensor out = OneNode.of("STFT", 17).run(x, number(3), window);
        assertEquals(Shape.of(2, 3, 3, 2), out.shape());
        Tensor second = x.select(2, 0).slice(1, 3, 7).mul(window);
        assertClose(Fourier.rfft(second), out.select(1, 1));
        Tensor whole = OneNode.of("STFT", 17).with("onesided", 0).run(x, number(3), window);
        assertClose(Fourier.fft(Tensor.stack(-1, second, second.mul(0))), whole.select(1, 1));
        assertThrows(ShapeException.class, () -> OneNode.of("STFT", 17).run(x, number(3), window, number(5)));
        assertThrows(ShapeException.class, () -> OneNode.of("STFT", 17).run(x, number(0), window));
    }

    @Test
    void windowsAreSumsOfCosines() {
        OneNode hann = OneNode.of("HannWindow", 17);
        assertArrayEquals(new float[] {0, 0.5f, 1, 0.5f}, hann.run(number(4)).toFloats(), 1e-7f);
        assertArrayEquals(new float[] {0, 0.75f, 0.75f, 0}, hann.with("periodic", 0).run(number(4)).toFloats(), 1e-7f);
        Tensor doubles = OneNode.of("BlackmanWindow", 17).with("output_datatype", 11).run(number(4));
        assertArrayEquals(new double[] {0, 0.34, 1, 0.34}, doubles.toDoubles(), 1e-12);
        Value half = OneNode.of("HammingWindow", 17).with("output_datatype", 10).run(Value.of(number(2)));
        assertEquals(ElementType.FLOAT16, half.type());
        assertArrayEquals(new float[] {Float.float16ToFloat(Float.floatToFloat16(4 / 46f)), 1},
                half.tensor().toFloats());
        assertArrayEquals(new float[] {1}, hann.with("periodic", 0).run(number(1)).toFloats());
        assertThrows(ShapeException.class, () -> hann.run(number(-1)));
    }

    @Test
    void melTrianglesPeakAtOne() {
        OneNode mel = OneNode.of("MelWeightMatrix", 17);
        Tensor weights = mel.run(number(8), number(16), number(8192), Tensor.scalar(0f), Tensor.scalar(4096f));
        assertEquals(Shape.of(9, 8), weights.shape());
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, weights.max(0).toFloats());
        // edges at bins 0, 1 and 3
        Tensor one = mel.run(number(1), number(16), number(8192), Tensor.scalar(0f), Tensor.scalar(4096f));
        assertArrayEquals(new float[] {0, 1, 0.5f, 0, 0, 0, 0, 0, 0}, one.toFloats());
        assertThrows(ShapeException.class, () -> mel.run(number(8), number(16), number(8192), Tensor.scalar(0f),
                Tensor.scalar(9000f)));
    }
}
