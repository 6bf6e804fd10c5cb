package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Dft;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Discrete Fourier transforms of lines of any length, as {@code torch.fft}. Complex numbers stand as pairs (real, imaginary)
 * along an innermost axis of extent 2, as {@code torch.view_as_real} gives them; axes are counted without it. Integers count
 * as F32. All is computed in double precision, and F32 rounded at the end. Gradients are those by real and imaginary parts.
 */
public final class Fourier {
    private Fourier() {}

    /** The transform along the innermost axis, {@code sum over j of x[j] e^(-2 pi i j k / n)}: {@code [..., n, 2]}. */
    public static Tensor fft(Tensor x) {
        return fft(x, new FourierOptions());
    }

    /**
     * The transform along an axis, {@code sum over j of x[j] e^(-2 pi i j k / n)}, for k from 0 to n - 1.
     *
     * @param x pairs {@code [..., 2]}
     * @throws ShapeException if x has no pairs or no such axis, or nothing is to be transformed
     */
    public static Tensor fft(Tensor x, FourierOptions options) {
        return transform("fft", pairs("fft", x), options, false);
    }

    /** The inverse transform along the innermost axis, {@code (sum over k of x[k] e^(2 pi i j k / n)) / n}. */
    public static Tensor ifft(Tensor x) {
        return ifft(x, new FourierOptions());
    }

    /**
     * The inverse transform along an axis, {@code (sum over k of x[k] e^(2 pi i j k / n)) / n}, for j from 0 to n - 1.
     *
     * @param x pairs {@code [..., 2]}
     * @throws ShapeException if x has no pairs or no such axis, or nothing is to be transformed
     */
    public static Tensor ifft(Tensor x, FourierOptions options) {
        return transform("ifft", pairs("ifft", x), options, true);
    }

    /** The transform of real numbers along the innermost axis: {@code [..., n] -> [..., n / 2 + 1, 2]}. */
    public static Tensor rfft(Tensor x) {
        return rfft(x, new FourierOptions());
    }

    /**
     * The transform of real numbers along an axis, {@code sum over j of x[j] e^(-2 pi i j k / n)} for k from 0 to {@code n / 2}:
     * the others are conjugates of these.
     *
     * @param x real numbers, without pairs
     * @return pairs {@code [..., n / 2 + 1, ..., 2]}
     * @throws ShapeException if x has no such axis, or nothing is to be transformed
     */
    public static Tensor rfft(Tensor x, FourierOptions options) {
        int axis = x.shape().axis("rfft", options.axis());
        Tensor real = Floats.of(x);
        Tensor pairs = Tensor.stack(x.rank(), real, Tensor.zeros(x.shape(), real.dtype()));
        Tensor whole = transform("rfft", pairs, options, false);
        return whole.slice(axis, 0, whole.dim(axis) / 2 + 1);
    }

    /** The real numbers whose transform's half this is, along the innermost axis: {@code [..., m, 2] -> [..., 2 m - 2]}. */
    public static Tensor irfft(Tensor x) {
        return irfft(x, new FourierOptions());
    }

    /**
     * The real numbers of which {@link #rfft} gives {@code n / 2 + 1} pairs x, along an axis. The imaginary part of the first
     * pair, and of the last for an even n, does not count.
     *
     * @param x pairs {@code [..., 2]}
     * @param options the length is that of the result: it tells an odd n from an even one, which is the default
     * @throws ShapeException if x has no pairs or no such axis, or the result would have no elements
     */
    public static Tensor irfft(Tensor x, FourierOptions options) {
        Tensor half = pairs("irfft", x);
        int axis = complex(half).axis("irfft", options.axis());
        long length = options.length().isPresent() ? options.length().getAsInt() : 2L * half.dim(axis) - 2;
        int n = requireLength("irfft", half, length);
        Tensor kept = fitted(half, axis, n / 2 + 1);
        Tensor mirrored = kept.slice(axis, 1, n - n / 2).flip(axis);
        Tensor conjugate = Tensor.concat(-1, mirrored.slice(-1, 0, 1), mirrored.slice(-1, 1, 2).neg());
        Tensor whole = Tensor.concat(axis, kept, conjugate);
        return transform("irfft", whole, options.length(n), true).select(-1, 0);
    }

    /** The transform along several axes, one after the other: {@link #fft(Tensor, FourierOptions)} for each; all if none is given. */
    public static Tensor fftn(Tensor x, int... axes) {
        return fftn(x, FourierNorm.BACKWARD, axes);
    }

    /** The transform along several axes in another scale; all if none is given. */
    public static Tensor fftn(Tensor x, FourierNorm norm, int... axes) {
        return several("fftn", pairs("fftn", x), norm, axes, false);
    }

    /** The inverse transform along several axes: {@link #ifft(Tensor, FourierOptions)} for each; all if none is given. */
    public static Tensor ifftn(Tensor x, int... axes) {
        return ifftn(x, FourierNorm.BACKWARD, axes);
    }

    /** The inverse transform along several axes in another scale; all if none is given. */
    public static Tensor ifftn(Tensor x, FourierNorm norm, int... axes) {
        return several("ifftn", pairs("ifftn", x), norm, axes, true);
    }

    /** The transform of real numbers along several axes: {@link #rfft} along the last named, then {@link #fftn} along the others. */
    public static Tensor rfftn(Tensor x, int... axes) {
        return rfftn(x, FourierNorm.BACKWARD, axes);
    }

    /** The transform of real numbers along several axes in another scale; all if none is given. */
    public static Tensor rfftn(Tensor x, FourierNorm norm, int... axes) {
        List<Integer> list = axes("rfftn", x.shape(), axes);
        Tensor half = rfft(x, new FourierOptions().axis(list.getLast()).norm(norm));
        return several(half, norm, list.subList(0, list.size() - 1), false);
    }

    /**
     * The real numbers of which {@link #rfftn} gives these pairs: {@link #ifftn} along all axes but the last named, then
     * {@link #irfft}.
     *
     * @param length of the result along the last axis named: {@code 2 m - 2} or {@code 2 m - 1} for m pairs
     */
    public static Tensor irfftn(Tensor x, int length, FourierNorm norm, int... axes) {
        Tensor half = pairs("irfftn", x);
        List<Integer> list = axes("irfftn", complex(half), axes);
        Tensor mixed = several(half, norm, list.subList(0, list.size() - 1), true);
        return irfft(mixed, new FourierOptions().axis(list.getLast()).length(length).norm(norm));
    }

    private static Tensor several(String function, Tensor x, FourierNorm norm, int[] axes, boolean backward) {
        return several(x, norm, axes(function, complex(x), axes), backward);
    }

    private static Tensor several(Tensor x, FourierNorm norm, List<Integer> axes, boolean backward) {
        Tensor result = x;
        for (int axis : axes) {
            FourierOptions options = new FourierOptions().axis(axis).norm(norm);
            result = backward ? ifft(result, options) : fft(result, options);
        }
        return result;
    }

    /** The axes in the order in which they were named, all if none was. */
    private static List<Integer> axes(String function, Shape shape, int[] axes) {
        List<Integer> list = new ArrayList<>();
        for (int axis : axes.length == 0 ? IntStream.range(0, shape.rank()).toArray() : axes) {
            int at = shape.axis(function, axis);
            if (list.contains(at)) {
                throw ShapeException.of(function, "axis named twice").operand("axis", axis).operand("input", shape)
                        .expected("each axis at most once");
            }
            list.add(at);
        }
        if (list.isEmpty()) {
            throw ShapeException.of(function, "no axis to transform").operand("input", shape)
                    .expected("rank 1 or more, not counting pairs");
        }
        return list;
    }

    private static Tensor transform(String function, Tensor x, FourierOptions options, boolean backward) {
        int axis = complex(x).axis(function, options.axis());
        int n = requireLength(function, x, options.length().orElse(x.dim(axis)));
        Tensor spectrum = new Dft(axis, backward).apply(fitted(x, axis, n));
        double factor = options.norm().factor(n, backward);
        return factor == 1 ? spectrum : spectrum.mul(factor);
    }

    /** The first n elements along an axis, continued by zeros. */
    private static Tensor fitted(Tensor x, int axis, int n) {
        Tensor cut = x.dim(axis) > n ? x.slice(axis, 0, n) : x;
        return cut.dim(axis) < n ? cut.pad(axis, 0, n - cut.dim(axis), 0) : cut;
    }

    private static Tensor pairs(String function, Tensor x) {
        if (x.rank() < 2 || x.dim(-1) != 2) {
            throw ShapeException.of(function, "not pairs of real and imaginary parts").operand("input", x.shape())
                    .expected("[..., 2] of rank 2 or more");
        }
        return Floats.of(x);
    }

    /** The shape of the complex numbers that stand as pairs. */
    private static Shape complex(Tensor pairs) {
        return Shape.of(IntStream.range(0, pairs.rank() - 1).map(pairs::dim).toArray());
    }

    private static int requireLength(String function, Tensor x, long n) {
        if (n < 1 || n > Integer.MAX_VALUE) {
            throw ShapeException.of(function, "nothing to transform").operand("length", n).operand("input", x.shape())
                    .expected("a length of 1 or more");
        }
        return (int) n;
    }
}
