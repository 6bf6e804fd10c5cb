package io.adjoint.nn.attention;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import java.util.Optional;

/**
 * What a transformer does with each place by itself: {@code linear2(dropout(activation(linear1(x))))}.
 *
 * <p>Shapes: x and y {@code [..., width]}.
 *
 * @param linear1 from width to hidden
 * @param activation of hidden features
 * @param dropout of hidden features, while training
 * @param linear2 from hidden to width
 */
public record FeedForward(Linear linear1, Layer activation, Optional<Dropout> dropout, Linear linear2)
        implements Layer {
    /**
     * Given layers.
     *
     * @throws ShapeException if the linear ones do not fit each other
     */
    public FeedForward {
        if (linear1.weight().spec().shape().dim(0) != linear2.weight().spec().shape().dim(1)) {
            throw ShapeException.of("feed_forward", "the layers do not fit each other")
                    .operand("linear1", linear1.weight().spec().shape())
                    .operand("linear2", linear2.weight().spec().shape()).expected("[hidden, in] and [out, hidden]");
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor hidden = activation.forward("activation", linear1.forward("linear1", x));
        return linear2.forward("linear2", dropout.map(d -> d.forward("dropout", hidden)).orElse(hidden));
    }
}
