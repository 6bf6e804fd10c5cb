package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Observation;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Models;
import io.adjoint.nn.Selection;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.loss.MseLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An optimizer of some of a model's parameters. */
class FreezingTest {
    private record Net(Sequential encoder, Linear head) implements Layer {
        static Net of(Rng rng) {
            return new Net(
                    Sequential.of(Linear.of(4, 3, rng.stream(0)), Activation.TANH, Linear.of(3, 3, rng.stream(1))),
                    Linear.of(3, 2, rng.stream(2)));
        }

        @Override
        public Tensor forward(Tensor x) {
            return head.forward("head", encoder.forward("encoder", x));
        }
    }

    private final Rng rng = Rng.seed(3);
    private final Net net = Net.of(rng);
    private final Tensor x = rng.stream(10).normal(Shape.of(5, 4), DType.F32);
    private final Tensor y = rng.stream(11).normal(Shape.of(5, 2), DType.F32);

    private static Map<String, Tensor> values(Net net) {
        return net.variables().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value()));
    }

    @Test
    void whatIsFrozenStaysAndTheRestMovesAsIfItWereAlone() {
        Net same = Models.copy(net);
        Map<String, Tensor> before = values(net);
        Optimizer optimizer =
                Sgd.of(0.1).withMomentum(0.9).over(Selection.of(net).without("encoder.0", "**.bias"));
        assertEquals(List.of(net.variables().get("encoder.2.weight"), net.head.weight()), optimizer.trained());
        assertEquals(List.of("step", "state.0.encoder.2.weight.velocity", "state.0.head.weight.velocity"),
                List.copyOf(optimizer.variables().keySet()));
        Optimizer all = Sgd.of(0.1).withMomentum(0.9).over(same);
        optimizer.minimize(() -> MseLoss.standard().of(net.forward(x), y));
        all.minimize(() -> MseLoss.standard().of(same.forward(x), y));
        Map<String, Tensor> after = values(net);
        after.forEach((path, value) -> {
            boolean isTrained = List.of("encoder.2.weight", "head.weight").contains(path);
            assertTrue(value.sameBits((isTrained ? values(same) : before).get(path)), path);
            assertEquals(isTrained, !value.sameBits(before.get(path)), path);
        });
    }

    @Test
    void nothingIsRecordedOnBehalfOfWhatIsFrozen() {
        Optimizer optimizer = Sgd.of(0.1).over(Selection.of(net).only("head"));
        optimizer.minimize(() -> {
            Tensor code = net.encoder.forward(x);
            assertFalse(code.isTracked());
            Variable frozen = net.variables().get("encoder.2.weight");
            assertFalse(frozen.value().isTracked());
            assertTrue(net.head.weight().value().isTracked());
            Tensor loss = MseLoss.standard().of(net.head.forward(code), y);
            List<String> products = new ArrayList<>();
            Observation.scope((op, _, _) -> products.addAll(op instanceof MatMul ? List.of(op.id()) : List.of()),
                    () -> loss.gradients(net.head.parameters()));
            assertEquals(1, products.size(), "the walk back ends at the head's weight");
            assertEquals(0, loss.gradients(frozen).of(frozen).abs().sum().item());
            return loss;
        });
    }

    @Test
    void twoOptimizersOfOneModelMoveTheirOwnPart() {
        Optimizer ofEncoder = Sgd.of(0.1).over(Selection.of(net).only("encoder"));
        Optimizer ofHead = Sgd.of(0.1).over(net.head);
        Tensor head = net.head.weight().value();
        ofEncoder.minimize(() -> MseLoss.standard().of(net.forward(x), y));
        assertTrue(head.sameBits(net.head.weight().value()));
        Tensor encoder = net.variables().get("encoder.0.weight").value();
        ofHead.minimize(() -> MseLoss.standard().of(net.forward(x), y).neg());
        assertTrue(encoder.sameBits(net.variables().get("encoder.0.weight").value()));
        assertFalse(head.sameBits(net.head.weight().value()));
    }

    @Test
    void aNewHeadOnAFrozenModel() {
        Net other = Models.replace(net, "head", Linear.of(3, 2, rng.stream(20)));
        assertSame(net.encoder, other.encoder);
        Optimizer optimizer = Sgd.of(0.2).over(Selection.of(other).without("encoder"));
        Tensor code = net.encoder.forward(x);
        Tensor first = optimizer.minimize(() -> MseLoss.standard().of(other.forward(x), y));
        for (int i = 0; i < 50; i++) {
            optimizer.minimize(() -> MseLoss.standard().of(other.forward(x), y));
        }
        assertTrue(MseLoss.standard().of(other.forward(x), y).item() < 0.9 * first.item());
        assertTrue(code.sameBits(net.encoder.forward(x)));
    }
}
