package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** The channels at each place of an image as probabilities: {@code [n, channels, h, w]} or {@code [channels, h, w]}. */
public record Softmax2d() implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        if (x.rank() != 3 && x.rank() != 4) {
            throw ShapeException.of("softmax2d", "not images").operand("input", x.shape())
                    .expected("[n, channels, h, w] or [channels, h, w]");
        }
        return x.softmax(-3);
    }
}
