package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import java.util.Optional;

/**
 * Random numbers as a function of a key, an I64 tensor {@code [seed, stream]}, and of the element's index: the same key
 * gives the same bits wherever and in whatever order they are computed. The generator is Philox 4x32-10 (Salmon, Moraes,
 * Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011).
 */
public sealed interface RandomOp extends Op permits Noise, PoissonCounts, BinomialCounts {
    /** Refuses what is no key. */
    static void requireKey(String id, TensorSpec key) {
        if (key.dtype() != DType.I64 || !key.shape().equals(Shape.of(2))) {
            throw ShapeException.of(id, "not a random key").operand("key", key)
                    .expected("I64[2], a seed and a stream");
        }
    }

    @Override
    default Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    default Gradient gradient() {
        return Gradient.none("random");
    }
}
