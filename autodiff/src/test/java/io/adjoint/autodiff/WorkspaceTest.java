package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.op.Arity;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private static final Tensor X = Rng.seed(3).normal(Shape.of(5, 4), DType.F32);

    private final Workspace workspace = new Workspace();

    @Test
    void theResultOfARunStaysWhateverIsComputedLater() {
        Tensor kept = workspace.compute(() -> X.mul(2).exp());
        for (int run = 0; run < 5; run++) {
            workspace.run(() -> X.neg().sin().add(1));
        }
        assertTrue(kept.sameBits(X.mul(2).exp()));
    }

    @Test
    void aResultIsAConstant() {
        assertFalse(workspace.compute(() -> X.tracked().mul(2)).isTracked());
    }

    @Test
    void readingWhatARunLeftBehindIsRefused() {
        List<Tensor> stray = new ArrayList<>();
        workspace.run(() -> stray.add(X.mul(2)));
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> stray.getFirst().add(1));
        assertTrue(refusal.getMessage().contains("workspace"), refusal.getMessage());
        assertThrows(IllegalStateException.class, () -> stray.getFirst().toFloats());
        assertThrows(IllegalStateException.class, () -> stray.getFirst().transpose().reshape(20).toFloats());
    }

    @Test
    void aVariableRefusesWhatARunLeftBehind() {
        List<Tensor> stray = new ArrayList<>();
        workspace.run(() -> stray.add(X.mul(2)));
        Variable weight = Variable.parameter(X);
        assertThrows(IllegalStateException.class, () -> weight.set(stray.getFirst()));
        assertTrue(weight.value().sameBits(X));
    }

    @Test
    void memoryOfOneRunServesTheNext() {
        List<Object> seen = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            workspace.run(() -> seen.add(Internals.array(X.mul(2)).data()));
        }
        assertSame(seen.get(0), seen.get(1));
        assertSame(seen.get(0), seen.get(2));
        workspace.run(() -> X.sum());
        workspace.run(() -> X.sum());
        workspace.run(() -> assertNotSame(seen.get(0), Internals.array(X.mul(2)).data())); // let go of
    }

    @Test
    void aFailedRunGivesItsMemoryBack() {
        List<Tensor> stray = new ArrayList<>();
        assertThrows(ArithmeticException.class, () -> workspace.run(() -> {
            stray.add(X.mul(2));
            throw new ArithmeticException();
        }));
        assertThrows(IllegalStateException.class, () -> stray.getFirst().toFloats());
        assertTrue(workspace.compute(() -> X.mul(2)).sameBits(X.mul(2)));
    }

    @Test
    void aVariableKeepsItsValueOverRuns() {
        Variable weight = Variable.parameter(X);
        Variable copy = Variable.buffer(X);
        Tensor expected = X;
        for (int run = 0; run < 6; run++) {
            workspace.run(() -> {
                weight.set(weight.value().mul(0.5).add(1));
                copy.set(weight.value());
            });
            expected = expected.mul(0.5).add(1);
            workspace.run(() -> X.exp().add(X.sin()).mul(7));
            assertTrue(copy.value().sameBits(expected));
        }
        assertTrue(weight.value().sameBits(expected));
    }

    @Test
    void aValueReadOutsideOfRunsStaysWhenTheVariableMovesOn() {
        Variable weight = Variable.parameter(X);
        List<Tensor> snapshots = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            workspace.run(() -> weight.set(weight.value().add(1)));
            snapshots.add(weight.value());
        }
        Tensor expected = X;
        for (Tensor snapshot : snapshots) {
            expected = expected.add(1);
            assertTrue(snapshot.sameBits(expected));
        }
    }

    @Test
    void aRunWithinARunIsPartOfIt() {
        Tensor sum = workspace.compute(() -> {
            List<Tensor> inner = new ArrayList<>();
            new Workspace().run(() -> inner.add(X.mul(2)));
            workspace.run(() -> inner.add(X.mul(3)));
            Tensor result = workspace.compute(() -> X.mul(4));
            return inner.getFirst().add(inner.getLast()).add(result);
        });
        assertTrue(sum.sameBits(X.mul(2).add(X.mul(3)).add(X.mul(4))));
    }

    @Test
    void anotherThreadIsRefusedWhileARunLasts() {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            workspace.run(() -> {
                CompletionException failure = assertThrows(CompletionException.class,
                        () -> CompletableFuture.runAsync(() -> workspace.run(() -> X.add(1)), other).join());
                assertTrue(failure.getCause() instanceof IllegalStateException, failure.toString());
            });
            CompletableFuture.runAsync(() -> workspace.run(() -> X.add(1)), other).join();
        }
    }

    @Test
    void whatARuleOfTheUsersKeepsIsLeftAlone() {
        List<Tensor> kept = new ArrayList<>();
        Tensor x = X.tracked();
        Tensor y = new Keeping(kept).apply(x.mul(3)).mul(x).exp().sum();
        Tensor gradient = y.gradients(x).of(x);
        assertEquals(2, kept.size());
        Tensor plain = X.tracked();
        Tensor expected = plain.mul(3).mul(plain).exp().sum().gradients(plain).of(plain);
        assertTrue(gradient.sameBits(expected));
        float[] before = kept.getLast().toFloats();
        plain.mul(3).mul(plain).exp().sum().gradients(plain);
        assertArrayEquals(before, kept.getLast().toFloats());
        assertArrayEquals(kept.getFirst().mul(2).toFloats(), kept.getLast().toFloats());
    }

    /** The identity, whose rule keeps the cotangent and something computed of it. */
    private record Keeping(List<Tensor> kept) implements Custom {
        @Override
        public String id() {
            return "keeping";
        }

        @Override
        public Arity arity() {
            return Arity.of(1);
        }

        @Override
        public Optional<String> onnxName() {
            return Optional.empty();
        }

        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Gradient gradient() {
            return Gradient.of(Gradient.Partial.linear(v -> {
                kept.add(v.cotangent());
                kept.add(v.cotangent().mul(2));
                return v.cotangent();
            }));
        }
    }

    /** The same steps with and without a workspace, on a network whose values are used more than once. */
    @Property(tries = 30)
    void aWorkspaceDoesNotShowInTheBits(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 40) int width) {
        Net plain = Net.of(seed, width);
        Net recycled = Net.of(seed, width);
        for (int step = 0; step < 4; step++) {
            Tensor x = Rng.seed(seed + step).normal(Shape.of(rows + step % 2, width), DType.F32);
            Tensor expected = plain.step(x);
            Tensor found = workspace.compute(() -> recycled.step(x));
            assertTrue(found.sameBits(expected));
        }
        assertTrue(recycled.weight.value().sameBits(plain.weight.value()));
        assertTrue(recycled.bias.value().sameBits(plain.bias.value()));
    }

    private record Net(Variable weight, Variable bias) {
        static Net of(long seed, int width) {
            return new Net(Variable.parameter(Rng.seed(seed).normal(Shape.of(width, width), DType.F32).mul(0.1)),
                    Variable.parameter(Tensor.zeros(Shape.of(width), DType.F32)));
        }

        /** One of gradient descent, on a recurrence with views, branches and a broadcast. */
        Tensor step(Tensor x) {
            return Training.scope(() -> {
                Tensor h = x;
                for (int i = 0; i < 3; i++) {
                    Tensor z = h.matmul(weight.value()).add(bias.value());
                    h = z.tanh().add(h.mul(z.sigmoid())).add(h.reshape(-1).reshape(h.shape()));
                }
                Tensor loss = h.square().mean().add(h.transpose().matmul(h).abs().mean());
                Gradients gradients = loss.gradients(weight, bias);
                weight.set(weight.value().detached().sub(gradients.of(weight).mul(0.01)));
                bias.set(bias.value().detached().sub(gradients.of(bias).mul(0.01)));
                return loss;
            });
        }
    }

    /** A walk that keeps everything is the measure of one that uses memory again: on graphs with many shared cotangents. */
    @Property(tries = 200)
    void usedMemoryDoesNotShowInGradients(@ForAll long seed, @ForAll @IntRange(min = 2, max = 14) int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor x = X.tracked();
        List<Tensor> values = new ArrayList<>(List.of(x, x.mul(0.5)));
        for (int step = 0; step < steps; step++) {
            Tensor a = values.get(random.nextInt(values.size()));
            Tensor b = values.get(random.nextInt(values.size()));
            values.add(switch (random.nextInt(6)) {
                case 0 -> a.sin();
                case 1 -> a.reshape(-1).reshape(a.shape());
                case 2 -> a.mul(b);
                case 3 -> a.sub(b);
                default -> a.add(b);
            });
        }
        Tensor all = values.stream().reduce(Tensor::add).orElseThrow();
        Tensor sum = all.mul(X).sum(); // so that the first cotangent lies in memory of its own
        Tensor expected = sum.differentiableGradients(x).of(x);
        assertTrue(sum.gradients(x).of(x).sameBits(expected));
    }
}
