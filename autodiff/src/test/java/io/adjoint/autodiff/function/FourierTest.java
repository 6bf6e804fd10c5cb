package io.adjoint.autodiff.function;

import static io.adjoint.autodiff.function.LinalgTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FourierTest {
    private static final DType F64 = DType.F64;

    private static double[] naive(double[] pairs, int sign) {
        int n = pairs.length / 2;
        double[] sums = new double[2 * n];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                double angle = sign * 2 * Math.PI * ((long) j * k % n) / n;
                sums[2 * k] += pairs[2 * j] * Math.cos(angle) - pairs[2 * j + 1] * Math.sin(angle);
                sums[2 * k + 1] += pairs[2 * j] * Math.sin(angle) + pairs[2 * j + 1] * Math.cos(angle);
            }
        }
        return sums;
    }

    @ParameterizedTest
    @ValueSource(ints = {37, 41, 64, 74, 97, 127, 128, 210, 37 * 41, 31 * 31, 1000})
    void anyLengthIsTheSumOfTurns(int n) {
        Tensor x = Rng.seed(n).normal(Shape.of(n, 2), F64);
        assertArrayEquals(naive(x.toDoubles(), -1), Fourier.fft(x).toDoubles(), 1e-14 * n);
        assertArrayEquals(naive(x.toDoubles(), 1), Fourier.ifft(x).mul(n).toDoubles(), 1e-14 * n);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shortLinesAlongAnyAxis(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int n,
            @ForAll @IntRange(max = 2) int axis) {
        Shape shape = Shape.of(2, 3, 2, 2).with(axis, n);
        Tensor x = Rng.seed(seed).normal(shape, F64);
        Tensor result = Fourier.fft(x, new FourierOptions().axis(axis));
        Tensor lines = x.transpose(axis, 2);
        Tensor spectra = result.transpose(axis, 2);
        for (int i = 0; i < lines.dim(0); i++) {
            for (int j = 0; j < lines.dim(1); j++) {
                assertArrayEquals(naive(lines.select(0, i).select(0, j).toDoubles(), -1),
                        spectra.select(0, i).select(0, j).toDoubles(), 1e-14 * (10 + n));
            }
        }
        assertClose(x, Fourier.ifft(result, new FourierOptions().axis(axis - 3)), 1e-13);
        assertClose(result, Fourier.fft(x.cast(DType.F32), new FourierOptions().axis(axis)), 1e-5 * n);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void realLines(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 12) int length, @ForAll FourierNorm norm) {
        FourierOptions options = new FourierOptions().axis(0).length(length).norm(norm);
        Tensor x = Rng.seed(seed).normal(Shape.of(n, 3), F64);
        Tensor pairs = Tensor.stack(2, x, Tensor.zeros(x.shape(), F64));
        Tensor half = Fourier.rfft(x, options);
        assertClose(Fourier.fft(pairs, options).slice(0, 0, length / 2 + 1), half, 1e-13);
        Tensor fitted = n < length ? x.pad(0, 0, length - n, 0) : x.slice(0, 0, length);
        assertClose(fitted, Fourier.irfft(half, options), 1e-13);
        GradientCheck check = GradientCheck.of(options.toString()).withSeed(seed);
        check.check(in -> Fourier.rfft(in.getFirst(), options), x);
        check.check(in -> Fourier.irfft(in.getFirst(), options), pairs);
        check.check(in -> Fourier.ifft(in.getFirst(), options).square(), pairs);
    }

    @ParameterizedTest
    @EnumSource
    void severalAxesAreOneAfterTheOther(FourierNorm norm) {
        Tensor x = Rng.seed(1).normal(Shape.of(3, 4, 5, 2), F64);
        Tensor expected = x;
        for (int axis : new int[] {0, 2}) {
            expected = Fourier.fft(expected, new FourierOptions().axis(axis).norm(norm));
        }
        assertClose(expected, Fourier.fftn(x, norm, 0, 2), 1e-12);
        assertClose(x, Fourier.ifftn(Fourier.fftn(x, norm), norm), 1e-12);
        Tensor real = x.select(-1, 0);
        Tensor half = Fourier.rfftn(real, norm, 0, 1);
        assertEquals(Shape.of(3, 3, 5, 2), half.shape());
        assertClose(Fourier.fftn(Tensor.stack(-1, real, real.mul(0)), norm, 0, 1).slice(1, 0, 3), half, 1e-12);
        assertClose(real, Fourier.irfftn(half, 4, norm, 0, 1), 1e-12);
        GradientCheck.of("rfftn").check(in -> Fourier.rfftn(in.getFirst(), norm, 0, 1), real);
    }

    @Test
    void byHand() {
        assertEquals("[[10.,  0.],\n [-2.,  2.],\n [-2.,  0.]]  F32[3, 2]",
                Fourier.rfft(Tensor.of(new int[] {1, 2, 3, 4})).toString());
        Tensor pairs = Tensor.of(new float[] {10, 5, -2, 2, -2, 5}, 3, 2);
        assertEquals("[1., 2., 3., 4.]  F32[4]", Fourier.irfft(pairs).toString());
    }

    @Test
    void wrongCallsAreRefused() {
        assertEquals("fft: not pairs of real and imaginary parts: input [3, 4]; expected [..., 2] of rank 2 or more",
                assertThrows(ShapeException.class, () -> Fourier.fft(Tensor.zeros(3, 4))).getMessage());
        assertEquals("rfft: nothing to transform: length 0, input [0, 2]; expected a length of 1 or more",
                assertThrows(ShapeException.class, () -> Fourier.rfft(Tensor.zeros(0))).getMessage());
        assertThrows(ShapeException.class, () -> Fourier.irfft(Tensor.zeros(1, 2)));
        assertThrows(ShapeException.class, () -> Fourier.fft(Tensor.zeros(3, 2), new FourierOptions().axis(1)));
        assertThrows(ShapeException.class, () -> Fourier.fftn(Tensor.zeros(3, 3, 2), 0, -2));
    }
}
