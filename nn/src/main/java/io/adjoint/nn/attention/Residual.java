package io.adjoint.nn.attention;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Layer;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How a block is added to its input: {@code norm(x + dropout(f(x)))} or {@code x + dropout(f(norm(x)))}. */
record Residual(NormPlacement placement, Optional<Dropout> dropout) {
    Tensor add(String name, Layer norm, Tensor x, UnaryOperator<Tensor> block) {
        return after(name, norm, x, block.apply(before(name, norm, x)));
    }

    /** What the block reads. */
    Tensor before(String name, Layer norm, Tensor x) {
        return placement == NormPlacement.BEFORE ? norm.forward(name, x) : x;
    }

    /** What comes out, of what the block found. */
    Tensor after(String name, Layer norm, Tensor x, Tensor found) {
        Tensor sum = x.add(dropout.map(d -> d.forward("dropout", found)).orElse(found));
        return placement == NormPlacement.AFTER ? norm.forward(name, sum) : sum;
    }
}
