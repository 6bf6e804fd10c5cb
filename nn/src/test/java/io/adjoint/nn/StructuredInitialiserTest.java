package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.nn.Initialiser.FanMode;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class StructuredInitialiserTest {
    private static Tensor draw(Initialiser initialiser, long seed, int... shape) {
        return initialiser.draw(Shape.of(shape), DType.F64, Rng.seed(seed));
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void rowsOrColumnsAreOrthogonalAndOfTheGainsNorm(@ForAll @IntRange(min = 1, max = 6) int out,
            @ForAll @IntRange(min = 1, max = 6) int in, @ForAll @IntRange(min = 1, max = 2) int kernel,
            @ForAll @DoubleRange(min = 0.1, max = 3) double gain, @ForAll long seed) {
        Tensor x = draw(Initialiser.orthogonal(gain), seed, out, in, kernel).reshape(out, in * kernel);
        Tensor rows = out <= in * kernel ? x : x.transpose();
        Tensor products = rows.matmul(rows.transpose());
        Tensor expected = draw(Initialiser.identity(), 0, rows.dim(0), rows.dim(0)).mul(gain * gain);
        assertTrue(products.sub(expected).abs().max().item() < 1e-12 * gain * gain, products::toString);
    }

    /** Each element of a uniformly distributed one has mean 0 and variance 1 / n. */
    @Test
    void orthogonalMatricesAreUniformlyDistributed() {
        int count = 3000;
        Tensor sum = Tensor.zeros(Shape.of(3, 3), DType.F64);
        Tensor squares = sum;
        for (int i = 0; i < count; i++) {
            Tensor x = draw(Initialiser.orthogonal(), i, 3, 3);
            sum = sum.add(x);
            squares = squares.add(x.square());
        }
        assertTrue(sum.div(count).abs().max().item() < 6 * Math.sqrt(1.0 / 3 / count), sum.div(count)::toString);
        // the fourth moment of an element is 3 / (n (n + 2))
        double deviation = Math.sqrt((3.0 / 15 - 1.0 / 9) / count);
        assertTrue(squares.div(count).sub(1.0 / 3).abs().max().item() < 6 * deviation,
                squares.div(count)::toString);
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void whatIsCutOffANormalDistributionIsNotThere(@ForAll @DoubleRange(min = -3, max = 3) double mean,
            @ForAll @DoubleRange(min = 0.1, max = 3) double deviation,
            @ForAll @DoubleRange(min = -4, max = 4) double low,
            @ForAll @DoubleRange(min = 0.1, max = 4) double width, @ForAll long seed) {
        double from = mean + low * deviation;
        double to = from + width * deviation;
        int count = 20_000;
        Tensor x = draw(Initialiser.truncatedNormal(mean, deviation, from, to), seed, count);
        assertTrue(x.min().item() >= from && x.max().item() <= to, "outside of the bounds");
        // mean and variance by the textbook's formulas, whose difference of distribution functions is integrated here
        double mass = 0;
        double first = 0;
        double second = 0;
        int steps = 2000;
        for (int i = 0; i < steps; i++) {
            double z = low + width * (i + 0.5) / steps;
            double density = Math.exp(-z * z / 2);
            mass += density;
            first += density * z;
            second += density * z * z;
        }
        double average = first / mass;
        double variance = second / mass - average * average;
        assertEquals(mean + deviation * average, x.mean().item(), 6 * deviation * Math.sqrt(variance / count), "mean");
        Tensor standard = x.sub(mean).div(deviation).sub(average);
        // a bounded variable's fourth moment is at most the variance times the squared width
        assertEquals(variance, standard.square().mean().item(), 6 * width * Math.sqrt(variance / count), "variance");
    }

    @Test
    void twoDeviationsByDefault() {
        Tensor x = draw(Initialiser.truncatedNormal(0.5), 1, 100_000);
        assertTrue(x.abs().max().item() <= 1);
        assertTrue(x.abs().max().item() > 0.99);
        // the variance of a standard normal within +-2 is 0.7737
        assertEquals(0.25 * 0.7737, x.square().mean().item(), 0.003);
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void eachColumnHasItsShareOfZeros(@ForAll @IntRange(min = 1, max = 30) int rows,
            @ForAll @IntRange(min = 1, max = 5) int columns, @ForAll @DoubleRange(min = 0, max = 1) double share,
            @ForAll long seed) {
        Tensor x = draw(Initialiser.sparse(share, 0.1), seed, rows, columns);
        long zeros = (long) Math.ceil(share * rows);
        for (long found : x.eq(0).cast(DType.I64).sum(0).toLongs()) {
            assertEquals(zeros, found, "zeros in a column");
        }
    }

    @Test
    void theZerosLieAnywhereAndTheRestIsNormal() {
        Tensor x = draw(Initialiser.sparse(0.25, 0.1), 1, 40, 2000);
        double[] perRow = x.eq(0).cast(DType.F64).mean(1).toDoubles();
        for (double share : perRow) {
            assertEquals(0.25, share, 6 * Math.sqrt(0.25 * 0.75 / 2000), "zeros in a row");
        }
        double count = 0.75 * x.size();
        assertEquals(0.01, x.square().sum().item() / count, 6 * 0.01 * Math.sqrt(2 / count));
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aConvolutionWithADiracIsTheIdentity(@ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 3) int channels, @ForAll @IntRange(min = 0, max = 2) int half,
            @ForAll @IntRange(min = 1, max = 3) int axes, @ForAll long seed) {
        int[] weight = new int[axes + 2];
        int[] input = new int[axes + 2];
        Arrays.fill(weight, 2 * half + 1);
        Arrays.fill(input, 4);
        weight[0] = groups * channels;
        weight[1] = channels;
        input[0] = 2;
        input[1] = groups * channels;
        Tensor x = Rng.seed(seed).normal(Shape.of(input), DType.F64);
        int[] padding = new int[axes];
        Arrays.fill(padding, half);
        Tensor y = Convolutions.convolve(x, draw(Initialiser.dirac(groups), 0, weight),
                ConvolutionOptions.DEFAULT.padding(padding).groups(groups));
        assertTrue(x.sameBits(y.add(0)), () -> x + " became " + y);
    }

    @Test
    void diracOfMoreOutputsThanInputsLeavesTheRestZero() {
        Tensor weight = draw(Initialiser.dirac(), 0, 3, 2, 3);
        assertEquals(2, weight.sum().item());
        assertEquals(1, weight.select(0, 1).select(0, 1).select(0, 1).item());
        assertEquals(0, weight.select(0, 2).abs().sum().item());
    }

    @Test
    void plainOnes() {
        assertEquals("[[1., 0., 0.],\n [0., 1., 0.]]  F64[2, 3]", draw(Initialiser.identity(), 0, 2, 3).toString());
        assertEquals("[1., 1.]  F64[2]", draw(Initialiser.ones(), 0, 2).toString());
        Tensor x = draw(Initialiser.uniform(2, 6), 3, 20_000);
        assertTrue(x.min().item() >= 2 && x.max().item() < 6);
        assertEquals(4, x.mean().item(), 6 * Math.sqrt(16.0 / 12 / 20_000));
        Tensor y = draw(Initialiser.normal(3, 2), 3, 20_000);
        assertEquals(3, y.mean().item(), 6 * 2 / Math.sqrt(20_000));
        assertEquals(4, y.sub(3).square().mean().item(), 6 * 4 * Math.sqrt(2.0 / 20_000));
    }

    /** The table of torch.nn.init.calculate_gain. */
    @Test
    void gains() {
        assertEquals(1, Gains.LINEAR);
        assertEquals(1, Gains.SIGMOID);
        assertEquals(1.6666666666666667, Gains.TANH);
        assertEquals(1.4142135623730951, Gains.RELU);
        assertEquals(0.75, Gains.SELU);
        assertEquals(1.4141428569978354, Gains.leakyRelu(0.01), 1e-15);
        assertEquals(1, Gains.leakyRelu(1));
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void heByEitherFan(@ForAll @IntRange(min = 20, max = 60) int out, @ForAll @IntRange(min = 20, max = 60) int in,
            @ForAll @DoubleRange(min = 0, max = 2) double slope, @ForAll @LongRange(min = 0, max = 999) long seed) {
        double gain = Gains.leakyRelu(slope);
        for (FanMode mode : FanMode.values()) {
            double variance = 2 / (1 + slope * slope) / (3 * (mode == FanMode.IN ? in : out));
            List<Initialiser> both = List.of(Initialiser.heUniform(mode, gain), Initialiser.heNormal(mode, gain));
            for (Initialiser initialiser : both) {
                Tensor x = draw(initialiser, seed, out, in, 3);
                assertEquals(1, x.square().mean().item() / variance, 6 * Math.sqrt(2.0 / x.size()), "variance");
            }
        }
    }

    @Test
    void refusals() {
        assertRefused("initialiser: not such a shape: shape [3]; expected a weight [out, in, ...]",
                () -> draw(Initialiser.orthogonal(), 0, 3));
        assertRefused("initialiser: not such a shape: shape [3, 2, 1]; expected a matrix [out, in]",
                () -> draw(Initialiser.identity(), 0, 3, 2, 1));
        assertRefused("initialiser: not such a shape: shape [3]; expected a matrix [out, in]",
                () -> draw(Initialiser.sparse(0.1, 1), 0, 3));
        assertRefused("initialiser: not a share: share 1.5; expected 0 to 1", () -> Initialiser.sparse(1.5, 1));
        assertRefused("initialiser: not such a shape: shape [3, 3]; expected a weight [out, in / groups, ...] with one "
                + "to three more axes", () -> draw(Initialiser.dirac(), 0, 3, 3));
        assertRefused("initialiser: channels cannot be divided: shape [3, 3, 1], groups 2; expected a multiple of the "
                + "groups as the first extent", () -> draw(Initialiser.dirac(2), 0, 3, 3, 1));
        assertRefused("initialiser: no groups: groups 0; expected 1 or more", () -> Initialiser.dirac(0));
        assertRefused("initialiser: not a part of a normal distribution: deviation 1.0, from 2.0, to 2.0; expected a "
                + "deviation above 0 and from < to", () -> Initialiser.truncatedNormal(0, 1, 2, 2));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
