package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static Tensor train(Layer layer, Tensor x) {
        return Training.scope(() -> layer.forward(x));
    }

    @Property(tries = 30)
    void zeroesTheirShareAndKeepsTheMean(@ForAll @DoubleRange(min = 0.05, max = 0.95) double p, @ForAll long seed) {
        int count = 20_000;
        Tensor y = train(Dropout.of(p, Rng.seed(seed)), Tensor.ones(count));
        float[] values = y.toFloats();
        long zeros = IntStream.range(0, count).filter(i -> values[i] == 0).count();
        // six standard deviations of a binomial count
        assertEquals(count * p, zeros, 6 * Math.sqrt(count * p * (1 - p)));
        for (float value : values) {
            assertTrue(value == 0 || value == (float) (1 / (1 - p)), () -> "neither dropped nor scaled: " + value);
        }
    }

    @Property(tries = 50)
    void isTheIdentityOutsideTraining(@ForAll @DoubleRange(min = 0, max = 1) double p, @ForAll long seed) {
        Dropout layer = Dropout.of(p, Rng.seed(seed));
        Tensor key = layer.key().value();
        Tensor x = Tensor.of(new float[] {1, -2, Float.NaN});
        assertSame(x, layer.forward(x));
        assertSame(x, Training.scope(() -> Training.suspended(() -> layer.forward(x))));
        assertTrue(layer.key().value().sameBits(key), "inference leaves the key alone");
    }

    @Property(tries = 50)
    void goesOnWhereASavedKeyStopped(@ForAll long seed, @ForAll @IntRange(max = 5) int before) {
        Tensor x = Tensor.ones(64);
        Dropout layer = Dropout.of(0.5, Rng.seed(seed));
        for (int i = 0; i < before; i++) {
            train(layer, x);
        }
        Dropout resumed = new Dropout(0.5, Variable.buffer(layer.key().value()));
        assertTrue(train(layer, x).sameBits(train(resumed, x)));
        Tensor next = train(layer, x);
        assertTrue(next.sameBits(train(resumed, x)));
    }

    @Test
    void everyCallAndEveryLayerHasItsOwnMask() {
        Tensor x = Tensor.ones(64);
        Rng rng = Rng.seed(5);
        Set<String> masks = new HashSet<>();
        for (Dropout layer : List.of(Dropout.of(0.5, rng.stream(0)), Dropout.of(0.5, rng.stream(1)))) {
            for (int i = 0; i < 50; i++) {
                masks.add(Arrays.toString(train(layer, x).toFloats()));
            }
        }
        assertEquals(100, masks.size());
    }

    @Test
    void theGradientFlowsThroughWhatWasKept() {
        Tensor x = Tensor.full(Shape.of(100), DType.F64, 3).tracked();
        Tensor y = train(Dropout.of(0.5, Rng.seed(1)), x);
        assertTrue(y.sum().gradients(x).of(x).sameBits(y.detached().div(3)));
    }

    @Test
    void threadsNeverShareAMask() throws Exception {
        int threads = 4;
        int calls = 3_000;
        Dropout layer = Dropout.of(0.5, Rng.seed(1));
        long start = layer.key().value().toLongs()[1];
        Callable<Object> trains = () -> {
            for (int i = 0; i < calls; i++) {
                train(layer, Tensor.ones(1));
            }
            return this;
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Object>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(trains));
            }
            for (Future<Object> future : running) {
                future.get();
            }
        }
        assertEquals(start + (long) threads * calls, layer.key().value().toLongs()[1]);
    }

    @Test
    void theExtremes() {
        Tensor x = Tensor.of(new float[] {1, 2});
        assertEquals("[0., 0.]  F32[2]", train(Dropout.of(1, Rng.seed(1)), x).toString());
        assertSame(x, train(Dropout.of(0, Rng.seed(1)), x));
    }

    @Test
    void refusals() {
        assertEquals("dropout: not a probability: probability 1.5; expected 0 to 1",
                assertThrows(ShapeException.class, () -> Dropout.of(1.5, Rng.seed(1))).getMessage());
        assertThrows(ShapeException.class, () -> Dropout.of(Double.NaN, Rng.seed(1)));
        assertEquals("dropout: not a random key: key F32[2]; expected I64[2], a seed and a stream",
                assertThrows(ShapeException.class, () -> new Dropout(0.5, Variable.buffer(Tensor.zeros(2))))
                        .getMessage());
        assertEquals("dropout: not a float: input I64[3]; expected F32 or F64",
                assertThrows(ShapeException.class, () -> train(Dropout.of(0.5, Rng.seed(1)), Tensor.range(3)))
                        .getMessage());
    }
}
