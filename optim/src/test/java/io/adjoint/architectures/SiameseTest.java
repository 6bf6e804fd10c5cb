package io.adjoint.architectures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Distances;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.loss.HingeEmbeddingLoss;
import io.adjoint.nn.loss.Loss;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import org.junit.jupiter.api.Test;

/** Two branches that are one network, on pairs of noisy patterns: are both the same pattern? */
class SiameseTest {
    /** The distance of what one network makes of both sides. Shapes {@code [n, in]} twice to {@code [n]}. */
    private record Siamese(Sequential left, Sequential right) implements Module {
        static Siamese of(int in, Rng rng) {
            Sequential shared = Sequential.of(Linear.of(in, 24, rng.stream(0)), Activation.TANH,
                    Linear.of(24, 4, rng.stream(1)));
            return new Siamese(shared, shared);
        }

        Tensor forward(Tensor a, Tensor b) {
            return Distances.pairwise(left.forward("left", a), right.forward("right", b));
        }
    }

    private static Tensor noisy(Tensor patterns, Tensor which, Rng rng) {
        Tensor clean = patterns.indexSelect(0, which);
        return clean.add(rng.normal(clean.shape(), DType.F32).mul(0.3));
    }

    private static Tensor choice(Rng rng, int n, int classes) {
        return rng.uniform(Shape.of(n), DType.F32).mul(classes).floor().cast(DType.I64);
    }

    @Test
    void learnsWhichPairsAreAlike() {
        Rng rng = Rng.seed(8);
        int n = 300;
        Tensor patterns = rng.stream(0).normal(Shape.of(4, 10), DType.F32);
        Tensor left = choice(rng.stream(1), n, 4);
        Tensor right = Tensor.range(n).remainder(2).eq(0).where(left, choice(rng.stream(2), n, 4));
        Tensor isAlike = left.eq(right);
        Tensor target = isAlike.where(1, -1).cast(DType.F32);
        Tensor a = noisy(patterns, left, rng.stream(3));
        Tensor b = noisy(patterns, right, rng.stream(4));
        Siamese model = Siamese.of(10, rng.stream(5));
        assertEquals(4, model.variables().size(), "both sides are one network");

        Loss loss = HingeEmbeddingLoss.standard().withMargin(2);
        Optimizer optimizer = Sgd.of(0.05).withMomentum(0.9).over(model);
        double before = loss.of(model.forward(a, b), target).item();
        for (int step = 0; step < 150; step++) {
            optimizer.minimize(() -> loss.of(model.forward(a, b), target));
        }
        double after = loss.of(model.forward(a, b), target).item();
        assertTrue(before > 0.6 && after < 0.25, () -> before + " became " + after);
        Tensor found = model.forward(noisy(patterns, left, rng.stream(6)), noisy(patterns, right, rng.stream(7))).lt(1);
        assertTrue(found.eq(isAlike).cast(DType.F64).mean().item() > 0.95, "pairs that were not seen");
        assertTrue(model.forward(a, b).sub(model.forward(b, a)).abs().max().item() < 1e-4, "sides can be exchanged");
    }
}
