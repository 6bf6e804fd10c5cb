package io.adjoint.nn.attention;

import static io.adjoint.nn.attention.Close.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.SequenceLayout;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What encodings of places promise. */
class PositionsTest {
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void rotaryKeepsNormsAndDependsOnTheDistanceOnly(@ForAll Rotary.Pairing pairing,
            @ForAll @IntRange(min = 0, max = 50) int from, @ForAll @IntRange(min = 0, max = 7) int distance,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        Rotary rotary = new Rotary(10_000, pairing);
        Tensor query = Rng.seed(seed).normal(Shape.of(1, 6), DType.F64);
        Tensor key = Rng.seed(seed + 1).normal(Shape.of(1, 6), DType.F64);
        assertClose(query.norm(), rotary.placed(query, from).norm());
        Tensor near = rotary.placed(query, distance).mul(rotary.placed(key, 0)).sum();
        Tensor far = rotary.placed(query, from + distance).mul(rotary.placed(key, from)).sum();
        assertClose(near, far);
    }

    @Test
    void rotaryTurnsPairsByTheirAngles() {
        Tensor x = Tensor.of(new double[] {1, 0, 0, 1, 1, 0, 0, 1}, 2, 4);
        double slow = StrictMath.pow(100, -0.5);
        assertClose(Tensor.of(new double[] {1, 0, 0, 1, Math.cos(1), Math.sin(1), -Math.sin(slow), Math.cos(slow)}, 2,
                4), new Rotary(100, Rotary.Pairing.NEIGHBOURS).forward(x));
        assertClose(Tensor.of(new double[] {1, 0, 0, 1, Math.cos(1), -Math.sin(slow), Math.sin(1), Math.cos(slow)}, 2,
                4), new Rotary(100, Rotary.Pairing.HALVES).forward(x));
    }

    @Test
    void alibiHasTheSlopesOfThePaper() {
        assertClose(Tensor.of(new double[] {1.0 / 4, 1.0 / 16, 1.0 / 64, 1.0 / 256}, 4), Alibi.slopes(4));
        assertClose(Tensor.of(new double[] {1.0 / 16, 1.0 / 256, 1.0 / 4}, 3), Alibi.slopes(3));
        assertClose(Tensor.of(new double[] {-0.5, -0.25, 0, -0.75, -0.5, -0.25}, 1, 2, 3).mul(1 / 64.0), new Alibi()
                .bias(Shape.of(1, 2, 3), 2, DType.F64).orElseThrow());
    }

    @Test
    void sinusoidalAddsWavesOfManyLengths() {
        Tensor x = Tensor.full(Shape.of(3, 2, 5), DType.F64, 1);
        double middle = 2 * StrictMath.pow(10_000, -2 / 5.0);
        double slow = 2 * StrictMath.pow(10_000, -4 / 5.0);
        Tensor second = Tensor.of(new double[] {Math.sin(2), Math.cos(2), Math.sin(middle), Math.cos(middle),
            Math.sin(slow)}, 5).add(1);
        SinusoidalPositions timeFirst = new SinusoidalPositions(SequenceLayout.TIME_FIRST);
        assertClose(second, timeFirst.forward(x).select(0, 2).select(0, 1));
        assertClose(second, timeFirst.forward(x, 2).select(0, 0).select(0, 1));
        assertClose(timeFirst.forward(x).transpose(0, 1),
                new SinusoidalPositions(SequenceLayout.BATCH_FIRST).forward(x.transpose(0, 1)));
        assertClose(timeFirst.forward(x).select(1, 0), timeFirst.forward(x.select(1, 0)));
    }

    @Test
    void learnedAddsItsRows() {
        LearnedPositions layer = LearnedPositions.of(4, 3, SequenceLayout.BATCH_FIRST, DType.F64, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(Shape.of(2, 3, 3), DType.F64);
        assertClose(x.select(0, 1).add(layer.weight().value().slice(0, 1, 4)), layer.forward(x, 1).select(0, 1));
        assertEquals("learned_positions: more places than rows: input [2, 3, 3], from 2, weight [4, 3]; "
                + "expected up to 4 places",
                assertThrows(ShapeException.class, () -> layer.forward(x, 2)).getMessage());
    }
}
