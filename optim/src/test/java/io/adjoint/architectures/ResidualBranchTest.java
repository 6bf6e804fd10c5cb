package io.adjoint.architectures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.loss.CrossEntropyLoss;
import io.adjoint.nn.loss.Loss;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A residual network of one's own, on two rings of which one lies inside the other. */
class ResidualBranchTest {
    /** {@code relu(f(x) + branch(x))}; without a branch x goes past as it is. Shapes {@code [n, in] -> [n, out]}. */
    private record ResidualBlock(Linear first, Linear second, Optional<Linear> branch) implements Layer {
        static ResidualBlock of(int in, int out, Rng rng) {
            return new ResidualBlock(Linear.of(in, out, rng.stream(0)), Linear.of(out, out, rng.stream(1)),
                    in == out ? Optional.empty() : Optional.of(Linear.of(in, out, rng.stream(2))));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor past = branch.map(layer -> layer.forward("branch", x)).orElse(x);
            return second.forward("second", first.forward("first", x).relu()).add(past).relu();
        }
    }

    @Test
    void learnsTwoRings() {
        Rng rng = Rng.seed(4);
        int n = 200;
        Tensor angle = rng.stream(0).uniform(Shape.of(n), DType.F32).mul(2 * Math.PI);
        Tensor labels = Tensor.range(n).remainder(2).cast(DType.I64);
        Tensor radius = labels.cast(DType.F32).add(1).add(rng.stream(1).normal(Shape.of(n), DType.F32).mul(0.1));
        Tensor x = Tensor.stack(1, angle.cos().mul(radius), angle.sin().mul(radius));
        Sequential model = Sequential.of(ResidualBlock.of(2, 16, rng.stream(2)),
                ResidualBlock.of(16, 16, rng.stream(3)), Linear.of(16, 2, rng.stream(4)));
        assertEquals(List.of("0.first.weight", "0.first.bias", "0.second.weight", "0.second.bias", "0.branch.weight",
                "0.branch.bias", "1.first.weight", "1.first.bias", "1.second.weight", "1.second.bias", "2.weight",
                "2.bias"), List.copyOf(model.variables().keySet()));

        Loss loss = CrossEntropyLoss.standard();
        Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(model);
        double before = loss.of(model.forward(x), labels).item();
        for (int step = 0; step < 150; step++) {
            optimizer.minimize(() -> loss.of(model.forward(x), labels));
        }
        double after = loss.of(model.forward(x), labels).item();
        assertTrue(before > 0.5 && after < 0.05, () -> before + " became " + after);
        assertTrue(model.forward(x).argmax(-1).eq(labels).cast(DType.F64).mean().item() > 0.98);
    }
}
