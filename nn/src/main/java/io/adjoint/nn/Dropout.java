package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Uniform;

/**
 * Zeroes elements at random while training, and scales the others so that the mean stays: {@code y = x m / (1 - p)} with
 * m = 0 with probability p, else 1 (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014). Outside a
 * {@link Training} scope it is the identity. Any shape.
 *
 * <p>A mask is a function of the key alone, and every call in training moves the key on by one. So the masks go on where
 * they were after the model was saved and loaded again. Threads that train one model at once get different masks.
 *
 * @param probability p, that of zeroing an element, 0 to 1
 * @param key the random key of the next mask, an I64 buffer {@code [seed, stream]}
 */
public record Dropout(double probability, Variable key) implements Layer {
    private static final Tensor NEXT = Tensor.of(new long[] {0, 1});

    public Dropout {
        if (!(probability >= 0 && probability <= 1)) {
            throw ShapeException.of("dropout", "not a probability").operand("probability", probability)
                    .expected("0 to 1");
        }
        if (!key.spec().equals(NEXT.spec())) {
            throw ShapeException.of("dropout", "not a random key").operand("key", key.spec())
                    .expected(NEXT.spec() + ", a seed and a stream");
        }
    }

    /** A layer whose masks come from this key. */
    public static Dropout of(double probability, Rng rng) {
        // A stream of its own, so that counting upwards from there meets no other layer's numbers.
        return new Dropout(probability, Variable.buffer(rng.stream(0).key()));
    }

    @Override
    public Tensor forward(Tensor x) {
        if (!Training.isActive() || probability == 0) {
            return x;
        }
        if (!x.dtype().isFloat()) {
            throw ShapeException.of("dropout", "not a float tensor").operand("input", x.spec()).expected("F32 or F64");
        }
        if (probability == 1) {
            return x.mul(0);
        }
        Tensor kept = mask(x.shape()).cast(x.dtype());
        return x.mul(kept.mul(1 / (1 - probability)));
    }

    private Tensor mask(Shape shape) {
        return new Uniform(shape, DType.F32).apply(advance()).ge(probability);
    }

    private Tensor advance() {
        synchronized (key) {
            Tensor current = key.value();
            key.set(current.add(NEXT));
            return current;
        }
    }
}
