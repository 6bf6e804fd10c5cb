package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Fourier;
import io.adjoint.autodiff.function.FourierOptions;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;

/** Fourier transforms, and what goes with them. */
final class SignalOperators {
    private SignalOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("DFT", SignalOperators::transform).knows(1, 2);
        table.tensor("STFT", SignalOperators::shortTime).knows(1, 3);
        table.value("HannWindow", call -> window(call, 0.5, 0.5, 0)).knows(0);
        table.value("HammingWindow", call -> window(call, 25.0 / 46, 21.0 / 46, 0)).knows(0);
        table.value("BlackmanWindow", call -> window(call, 0.42, 0.5, 0.08)).knows(0);
        table.value("MelWeightMatrix", SignalOperators::mel).knows(0, 1, 2, 3, 4);
    }

    /** {@code [..., 1]} for real numbers, {@code [..., 2]} for complex ones. The axis became an input with version 20. */
    private static Tensor transform(Call call) {
        Tensor x = call.tensor(0);
        requireNumbers(call, x);
        int given = call.version() < 20 ? call.attributes().integer("axis", 1) : call.has(2) ? call.integer(2) : -2;
        int axis = x.shape().axis(call.operator(), given);
        if (axis == x.rank() - 1) {
            throw call.refusal("the last axis holds the parts of complex numbers").operand("axis", given)
                    .operand("input", x.shape()).expected("another axis");
        }
        FourierOptions all = new FourierOptions().axis(axis);
        FourierOptions options = call.has(1) ? all.length(call.integer(1)) : all;
        boolean inverse = call.attributes().flag("inverse");
        if (call.attributes().flag("onesided")) {
            return inverse ? Fourier.irfft(complex(x), options).unsqueeze(-1) : Fourier.rfft(real(call, x), options);
        }
        return inverse ? Fourier.ifft(complex(x), options) : Fourier.fft(complex(x), options);
    }

    private static void requireNumbers(Call call, Tensor x) {
        if (x.rank() < 2 || x.dim(-1) != 1 && x.dim(-1) != 2) {
            throw call.refusal("neither real nor complex").operand("input", x.shape())
                    .expected("[..., 1] or [..., 2]");
        }
    }

    private static Tensor complex(Tensor x) {
        return x.dim(-1) == 2 ? x : x.pad(-1, 0, 1, 0);
    }

    private static Tensor real(Call call, Tensor x) {
        if (x.dim(-1) != 1) {
            throw call.refusal("half of a spectrum, but the numbers are complex").operand("input", x.shape())
                    .expected("[..., 1], or onesided 0");
        }
        return x.squeeze(-1);
    }

    /** {@code [batch, frames, bins, 2]} of {@code [batch, length, 1 or 2]}. */
    private static Tensor shortTime(Call call) {
        Tensor signal = call.tensor(0).rank() == 2 ? call.tensor(0).unsqueeze(-1) : call.tensor(0);
        requireNumbers(call, signal);
        int step = call.integer(1);
        int length = call.has(3) ? call.integer(3) : call.has(2) ? call.tensor(2).size() : signal.dim(1);
        if (signal.rank() != 3 || step < 1 || length < 1 || length > signal.dim(1)) {
            throw call.refusal("frames do not fit the signal").operand("signal", signal.shape())
                    .operand("step", step).operand("length", length)
                    .expected("[batch, length, 1 or 2], a step and a length of 1 or more");
        }
        Tensor frames = signal.unfold(1, length, step).transpose(2, 3);
        Tensor seen = call.findTensor(2).map(window -> frames.mul(fitted(call, window, length).unsqueeze(1)))
                .orElse(frames);
        FourierOptions options = new FourierOptions().axis(2);
        return call.attributes().whole("onesided", 1) != 0 && seen.dim(-1) == 1
                ? Fourier.rfft(seen.squeeze(-1), options)
                : Fourier.fft(complex(seen), options);
    }

    private static Tensor fitted(Call call, Tensor window, int length) {
        if (window.rank() != 1 || window.dim(0) != length) {
            throw call.refusal("the window does not fit the frames").operand("window", window.shape())
                    .operand("frame", length).expected("[" + length + "]");
        }
        return window;
    }

    /** {@code a - b cos(2 pi n / N) + c cos(4 pi n / N)}, N being the size, or one less for a symmetric window. */
    private static Value window(Call call, double a, double b, double c) {
        int size = call.integer(0);
        if (size < 0) {
            throw call.refusal("no such window").operand("size", size).expected("0 or more");
        }
        double period = call.attributes().whole("periodic", 1) != 0 ? size : size - 1;
        double[] window = new double[size];
        for (int n = 0; n < size; n++) {
            double angle = 2 * Math.PI * n / period;
            window[n] = size == 1 ? 1 : a - b * StrictMath.cos(angle) + c * StrictMath.cos(2 * angle);
        }
        return typed(call, Tensor.of(window));
    }

    private static Value typed(Call call, Tensor result) {
        int number = call.attributes().integer("output_datatype", ElementType.FLOAT.number());
        ElementType type = ElementType.of(number).orElseThrow(() -> call.refusal("no such type")
                .operand("output_datatype", number).expected("the number of an element type"));
        return Value.narrowed(type, result.cast(type.carrier()));
    }

    private static double mel(double hertz) {
        return 2595 * StrictMath.log10(1 + hertz / 700);
    }

    /** Triangles that stand side by side on the mel scale, over the bins of a spectrum: {@code [bins, triangles]}. */
    private static Value mel(Call call) {
        int count = call.integer(0);
        int length = call.integer(1);
        int rate = call.integer(2);
        double low = mel(call.real(3));
        double high = mel(call.real(4));
        int bins = length / 2 + 1;
        if (count < 0 || count > length || length < 1 || rate < 1) {
            throw call.refusal("no such spectrum").operand("num_mel_bins", count).operand("dft_length", length)
                    .operand("sample_rate", rate)
                    .expected("at most as many triangles as the length, which is 1 or more as the rate");
        }
        int[] corners = new int[count + 2];
        for (int i = 0; i < corners.length; i++) {
            double hertz = 700 * (StrictMath.pow(10, (low + i * (high - low) / corners.length) / 2595) - 1);
            corners[i] = (int) Math.floor((length + 1.0) * hertz / rate);
            if (corners[i] < 0 || corners[i] > (i > count ? bins : bins - 1)) {
                throw call.refusal("a triangle outside the spectrum").operand("bin", corners[i])
                        .operand("bins", bins).expected("edges from 0 to half of the sample rate");
            }
        }
        double[] weights = new double[Shape.of(bins, count).size()];
        for (int i = 0; i < count; i++) {
            int left = corners[i];
            int top = corners[i + 1];
            int right = corners[i + 2];
            for (int bin = left; bin < top; bin++) {
                weights[bin * count + i] = (double) (bin - left) / (top - left);
            }
            weights[top * count + i] = 1;
            for (int bin = top + 1; bin < right; bin++) {
                weights[bin * count + i] = (double) (right - bin) / (right - top);
            }
        }
        return typed(call, Tensor.of(weights, bins, count));
    }
}
