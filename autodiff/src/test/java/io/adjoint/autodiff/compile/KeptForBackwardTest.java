package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Attention;
import io.adjoint.autodiff.function.Normalisation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The memory of a training step is about what its walk back reads of the way forth. */
class KeptForBackwardTest {
    private static final int LAYERS = 3;
    private static final int BATCH = 8;
    private static final int TOKENS = 32;
    private static final int WIDTH = 32;
    private static final int HEADS = 4;
    private static final TensorSpec SPEC = new TensorSpec(DType.F32, Shape.of(BATCH, TOKENS, WIDTH));

    /** The weights of a small transformer. */
    private static final class Weights {
        private final List<Variable> all = new ArrayList<>();
        private final Map<String, Variable> byName = new HashMap<>();

        Tensor matrix(String name, int rows, int columns) {
            return byName.computeIfAbsent(name, _ -> {
                Variable made = Variable.parameter(Tensor.zeros(Shape.of(rows, columns), DType.F32));
                all.add(made);
                return made;
            }).value();
        }
    }

    private static Tensor loss(Weights weights, Tensor x, Tensor y) {
        Tensor sum = x;
        for (int layer = 0; layer < LAYERS; layer++) {
            Tensor parts = normalised(sum).matmul(weights.matrix(layer + " attend", WIDTH, 3 * WIDTH));
            List<Tensor> heads = parts.chunk(3, -1).stream()
                    .map(part -> part.reshape(BATCH, TOKENS, HEADS, WIDTH / HEADS).transpose(1, 2)).toList();
            Tensor attended =
                    Attention.scaledDotProduct(heads.get(0), heads.get(1), heads.get(2), Attention.Options.CAUSAL);
            sum = sum.add(attended.transpose(1, 2).flatten(2).matmul(weights.matrix(layer + " project", WIDTH, WIDTH)));
            Tensor expanded = normalised(sum).matmul(weights.matrix(layer + " expand", WIDTH, 4 * WIDTH)).gelu();
            sum = sum.add(expanded.matmul(weights.matrix(layer + " contract", 4 * WIDTH, WIDTH)));
        }
        return normalised(sum).sub(y).square().mean();
    }

    private static Tensor normalised(Tensor x) {
        return Normalisation.layer(x, Shape.of(WIDTH), Affine.NONE, 1e-5);
    }

    private static Graph step() {
        Weights weights = new Weights();
        Tensor zeros = Tensor.zeros(SPEC.shape(), SPEC.dtype());
        loss(weights, zeros, zeros); // makes the weights, which would live for one call only in a trace
        return Simplify.of(Graph.trace((x, y) -> Training.scope(() -> {
            Tensor loss = loss(weights, x, y);
            List<Tensor> gradients = loss.gradients(weights.all).values();
            for (int i = 0; i < gradients.size(); i++) {
                Variable weight = weights.all.get(i);
                weight.set(weight.value().detached().sub(gradients.get(i).mul(0.1)));
            }
            return loss.detached();
        }), SPEC, SPEC));
    }

    /** The bytes of what units up to that of the loss compute and later ones read. */
    private static long kept(Plan plan) {
        List<Unit> units = plan.units();
        int loss = plan.values().root(plan.graph().outputs().getFirst());
        Map<Integer, Integer> lastUses = LastUses.of(plan.graph(), plan.values(), units);
        int last = 0;
        while (!units.get(last).writes().contains(loss)) {
            last++;
        }
        long kept = 0;
        for (Unit unit : units.subList(0, last + 1)) {
            for (int written : unit.writes()) {
                boolean isKept = lastUses.getOrDefault(written, 0) > last;
                kept += isKept ? Work.bytes(plan.graph().steps().get(written).spec()) : 0;
            }
        }
        return kept;
    }

    @Test
    void aStepOfATransformerNeedsLittleElse() {
        Plan plan = Plan.of(step());
        long kept = kept(plan);
        long slab = Forecast.of(plan).slab();
        assertTrue(slab <= 1.2 * kept, () -> "a slab of " + slab + " bytes, of which " + kept + " are kept");
    }

    @Test
    void whatASlopeIsMadeOfIsComputedWhereItIsUsed() {
        Graph step = Simplify.of(Graph.trace((x, weight) -> {
            Tensor z = x.matmul(weight).add(0.5);
            Tensor out = z.gelu().matmul(weight);
            Tensor density = z.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
            return out.matmul(weight.transpose()).mul(z.ndtr().add(z.mul(density)));
        }, new TensorSpec(DType.F32, Shape.of(64, 32)), new TensorSpec(DType.F32, Shape.of(32, 32))));
        Unit forward = Plan.of(step).units().getFirst();
        assertEquals(2, forward.writes().size(), () -> "z and its gelu, and not the exponential too: " + forward);
    }
}
