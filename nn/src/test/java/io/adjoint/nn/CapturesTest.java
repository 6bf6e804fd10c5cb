package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Observation;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CapturesTest {
    private record Net(Sequential encoder, Linear head) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            Tensor code = encoder.forward("encoder", x);
            Tensor once = head.forward("head", code);
            List<Integer> sizes = Module.within("sizes", () -> List.of(code.size(), once.size()));
            return head.forward("head", once).mul(sizes.size());
        }
    }

    private final Rng rng = Rng.seed(1);
    private final Net net =
            new Net(Sequential.of(Linear.of(4, 3, rng.stream(0)), Activation.TANH), Linear.of(3, 3, rng.stream(1)));
    private final Tensor x = rng.normal(io.adjoint.autodiff.Shape.of(2, 4), io.adjoint.autodiff.DType.F32);

    @Test
    void theOutputsOfPartsByPath() {
        Captured<Tensor> captured = Captures.of("encoder.*", "head", "sizes").run(() -> net.forward(x));
        assertEquals(List.of("encoder.0", "encoder.1", "head", "sizes"), List.copyOf(captured.outputs().keySet()));
        Tensor hidden = net.encoder.layers().get(0).forward(x);
        assertTrue(hidden.sameBits(captured.tensor("encoder.0")));
        assertTrue(hidden.tanh().sameBits(captured.tensor("encoder.1")));
        Tensor once = net.head.forward(hidden.tanh());
        assertTrue(once.sameBits((Tensor) captured.outputs().get("head").getFirst()));
        assertTrue(net.head.forward(once).sameBits(captured.tensor("head")), "the last of two calls");
        assertEquals(List.of(List.of(6, 6)), captured.outputs().get("sizes"));
        assertTrue(net.forward(x).sameBits(captured.result()));
    }

    @Test
    void onlyWhatWasAskedFor() {
        assertEquals(List.of("encoder"),
                List.copyOf(Captures.of("encoder").run(() -> net.forward(x)).outputs().keySet()));
        assertEquals(List.of("encoder.0", "encoder.1", "encoder", "head", "sizes"),
                List.copyOf(Captures.of("**").run(() -> net.forward(x)).outputs().keySet()));
        assertEquals(List.of(), List.copyOf(Captures.of("enc*.0.x").run(() -> net.forward(x)).outputs().keySet()));
    }

    @Test
    void whatIsCapturedWhileTrainingCanBePartOfTheLoss() {
        Captured<Tensor> captured = Training.scope(() -> Captures.of("encoder.1").run(() -> net.forward(x)));
        Tensor penalty = captured.tensor("encoder.1").square().sum();
        assertTrue(penalty.isTracked());
        Linear first = (Linear) net.encoder.layers().get(0);
        assertTrue(penalty.gradients(first.weight()).of(first.weight()).abs().sum().item() > 0);
    }

    @Test
    void scopesInsideOfScopesSeeTheirOwnPaths() {
        Layer looking = in -> {
            Captured<Tensor> inner = Captures.of("0").run(() -> net.encoder.forward(in));
            return inner.tensor("0");
        };
        Captured<Tensor> outer = Captures.of("**").run(() -> looking.forward("looking", x));
        assertEquals(List.of("looking.0", "looking.1", "looking"), List.copyOf(outer.outputs().keySet()));
        assertSame(outer.outputs().get("looking.0").getFirst(), outer.tensor("looking"));
    }

    @Test
    void thePathOfWhatIsRunning() {
        Captures captures = Captures.of();
        Captures others = Captures.of();
        SequencedSet<String> seen = new LinkedHashSet<>();
        Layer looking = in -> others.run(() -> net.forward(in)).result();
        captures.run(() -> Observation.scope((_, _, _) -> seen.add(captures.path() + " " + others.path()), () -> {
            looking.forward("looking", x);
            return x.neg();
        }));
        assertEquals(List.of("looking.encoder.0 encoder.0", "looking.encoder.1 encoder.1", "looking.head head",
                "looking ", " "), List.copyOf(seen));
        assertEquals("", captures.path(), "outside");
    }

    @Test
    void otherThreadsAreNotCaptured() {
        Captured<Tensor> captured = Captures.of("**").run(() -> {
            CompletableFuture<Tensor> other = CompletableFuture.supplyAsync(() -> net.forward(x));
            return other.join();
        });
        assertEquals(0, captured.outputs().size());
    }

    @Test
    void aPartThatRefusesIsNotCapturedAndStillNamed() {
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> Captures.of("**").run(() -> net.forward(Tensor.ones(2, 3))));
        assertTrue(refusal.getMessage().startsWith("encoder.0: linear: "), refusal.getMessage());
    }

    @Test
    void refusals() {
        Captured<Tensor> captured = Captures.of("encoder", "sizes").run(() -> net.forward(x));
        assertEquals(
                "captured: no part of this path was called and captured: path head; expected one of [encoder, sizes]",
                assertThrows(ShapeException.class, () -> captured.tensor("head")).getMessage());
        assertTrue(assertThrows(ShapeException.class, () -> captured.tensor("sizes")).getMessage()
                .startsWith("captured: the part returned no tensor: path sizes, type "));
    }
}
