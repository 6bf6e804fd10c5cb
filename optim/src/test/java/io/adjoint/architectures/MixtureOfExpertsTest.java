package io.adjoint.architectures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Chosen;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Captured;
import io.adjoint.nn.Captures;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MseLoss;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Experts of one's own, of which a gate chooses a few for each example, on a function that has four pieces. */
class MixtureOfExpertsTest {
    /**
     * {@code sum of g_e(x) expert_e(x)} over the k experts with the greatest logits, whose softmax are their weights g
     * (Shazeer et al. 2017). Shapes {@code [n, in] -> [n, out]}.
     */
    private record Mixture(Linear gate, List<Layer> experts, int chosen) implements Layer {
        static Mixture of(int in, int out, int count, int chosen, Rng rng) {
            return new Mixture(Linear.of(in, count, rng.stream(0)), IntStream.range(1, count + 1).<Layer>mapToObj(
                    i -> Sequential.of(Linear.of(in, 16, rng.stream(2L * i)), Activation.TANH,
                            Linear.of(16, out, rng.stream(2L * i + 1))))
                    .toList(), chosen);
        }

        /** The weight of each expert, {@code [n, experts]}: 0 for those that are not chosen. */
        Tensor weights(Tensor x) {
            return Module.within("weights", () -> {
                Tensor logits = gate.forward("gate", x);
                Chosen best = logits.topk(chosen, -1);
                Tensor none = Tensor.zeros(logits.shape(), logits.dtype());
                return none.scatter(-1, best.places(), best.values().softmax(-1));
            });
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor[] answers = IntStream.range(0, experts.size())
                    .mapToObj(i -> experts.get(i).forward("experts." + i, x)).toArray(Tensor[]::new);
            return Tensor.stack(1, answers).mul(weights(x).unsqueeze(-1)).sum(1);
        }
    }

    @Test
    void learnsAFunctionOfSeveralPieces() {
        Rng rng = Rng.seed(6);
        Tensor x = rng.stream(0).uniform(Shape.of(256, 2), DType.F32).mul(2).sub(1);
        Tensor a = x.select(1, 0);
        Tensor b = x.select(1, 1);
        Tensor y = a.gt(0).where(b.gt(0).where(a.add(b), a.mul(-2)), b.gt(0).where(b.mul(3), a.sub(b).add(1)))
                .unsqueeze(1);
        Mixture model = Mixture.of(2, 1, 4, 2, rng.stream(1));
        assertEquals(2 + 4 * 4, model.variables().size());
        assertTrue(model.variables().containsKey("experts.3.2.bias"));

        Loss loss = MseLoss.standard();
        Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(model);
        double before = loss.of(model.forward(x), y).item();
        for (int step = 0; step < 400; step++) {
            optimizer.minimize(() -> loss.of(model.forward(x), y));
        }
        Captured<Tensor> captured = Captures.of("weights").run(() -> model.forward(x));
        double after = loss.of(captured.result(), y).item();
        assertTrue(before > 0.8 && after < 0.1, () -> before + " became " + after);

        Tensor weights = captured.tensor("weights");
        assertTrue(weights.ne(0).cast(DType.I64).sum(1).eq(2).all().item() == 1, "two experts for each example");
        assertTrue(weights.sum(1).sub(1).abs().max().item() < 1e-6);
        assertTrue(weights.ne(0).any(0).all().item() == 1, "no expert is idle");
    }
}
