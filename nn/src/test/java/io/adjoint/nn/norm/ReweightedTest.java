package io.adjoint.nn.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Decompositions;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Models;
import io.adjoint.nn.Weighted;
import io.adjoint.nn.spatial.Convolution;
import io.adjoint.nn.spatial.TransposedConvolution;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Weight and spectral normalisation. */
class ReweightedTest {
    private static Linear linear(int in, int out, long seed) {
        return Linear.Config.of(in, out).withDType(DType.F64).create(Rng.seed(seed));
    }

    private static Tensor normal(long seed, int... shape) {
        return Rng.seed(seed).normal(Shape.of(shape), DType.F64);
    }

    private static double largest(Tensor matrix) {
        return Decompositions.svdvals(matrix).max().item();
    }

    @Test
    void lengthsAndDirectionsMakeTheSameWeightAtFirst() {
        Linear linear = linear(4, 3, 1);
        double[] weight = linear.weight().value().toDoubles();
        assertArrayEquals(weight, WeightNorm.of(linear).weight().toDoubles(), 1e-15);
        assertArrayEquals(weight, WeightNorm.of(linear, 1).weight().toDoubles(), 1e-15);
        assertArrayEquals(weight, WeightNorm.whole(linear).weight().toDoubles(), 1e-15);
        Tensor x = normal(2, 5, 4);
        assertArrayEquals(linear.forward(x).toDoubles(), WeightNorm.of(linear).forward(x).toDoubles(), 1e-14);
        assertEquals(Shape.of(3, 1), WeightNorm.of(linear).length().spec().shape());
        assertEquals(Shape.of(1, 4), WeightNorm.of(linear, 1).length().spec().shape());
        assertEquals(Shape.scalar(), WeightNorm.whole(linear).length().spec().shape());
    }

    /** The weight that a layer holds but does not use is one of its variables all the same. */
    @Test
    void whatIsRemovedFromACopyLeavesTheOriginalAlone() {
        Linear linear = linear(4, 3, 1);
        Tensor before = linear.weight().value();
        WeightNorm copy = Models.copy(WeightNorm.of(linear));
        copy.length().set(copy.length().value().mul(2));
        assertTrue(copy.removed().weight().value().isClose(before.mul(2)).all().item() == 1);
        assertTrue(linear.weight().value().sameBits(before));
        SpectralNorm spectral = Models.copy(SpectralNorm.of(linear, Rng.seed(2)));
        spectral.removed();
        assertTrue(linear.weight().value().sameBits(before));
        WeightNorm mean = Models.average(List.of(WeightNorm.of(linear), copy));
        assertTrue(mean.removed().weight().value().isClose(before.mul(1.5)).all().item() == 1);
        assertTrue(linear.weight().value().sameBits(before));
    }

    /** The length of each row is g, whatever v is. */
    @Test
    void theLengthOfEachRowIsLearnedByItself() {
        WeightNorm layer = WeightNorm.of(linear(4, 2, 1));
        layer.direction().set(normal(3, 2, 4).mul(100));
        layer.length().set(Tensor.of(new double[] {2, 7}, 2, 1));
        assertArrayEquals(new double[] {2, 7}, layer.weight().norm(2, 1).toDoubles(), 1e-13);
        Weighted removed = layer.removed();
        Tensor x = normal(2, 5, 4);
        assertArrayEquals(layer.forward(x).toDoubles(), removed.forward(x).toDoubles(), 1e-14);
    }

    @Test
    void variablesAreNamedAsInPyTorch() {
        Linear linear = linear(4, 2, 1);
        SequencedMap<String, Variable> lengths = WeightNorm.of(linear).variables();
        assertEquals(List.of("bias", "weight_g", "weight_v"), List.copyOf(lengths.keySet()));
        assertFalse(lengths.containsValue(linear.weight()));
        SpectralNorm spectral = SpectralNorm.of(linear, Rng.seed(2));
        assertEquals(List.of("bias", "weight_orig", "weight_u", "weight_v"),
                List.copyOf(spectral.variables().keySet()));
        assertEquals(2, spectral.parameters().size());
    }

    /** A weight that changes all the time is followed. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void theLargestSingularValueGoesToOne(@ForAll @IntRange(min = 1, max = 4) int in,
            @ForAll @IntRange(min = 1, max = 4) int out, @ForAll long seed) {
        SpectralNorm layer = SpectralNorm.of(linear(in, out, seed), Rng.seed(seed).stream(1));
        // the first vectors have nothing to do with this
        layer.original().set(normal(seed, out, in).mul(50));
        for (int step = 0; step < 3000; step++) {
            Training.scope(() -> layer.forward(Tensor.zeros(Shape.of(1, in), DType.F64)));
        }
        assertEquals(1, largest(layer.weight()), 1e-3);
    }

    @Test
    void theFirstVectorsAreNearAlready() {
        SpectralNorm layer = SpectralNorm.of(linear(6, 5, 3), Rng.seed(4));
        assertEquals(1, largest(layer.weight()), 0.05);
    }

    @Test
    void vectorsStayOutsideOfTraining() {
        SpectralNorm layer = SpectralNorm.of(linear(6, 5, 3), Rng.seed(4));
        layer.original().set(normal(9, 5, 6));
        Tensor left = layer.left().value();
        Tensor x = normal(2, 3, 6);
        Tensor first = layer.forward(x);
        assertTrue(first.sameBits(layer.forward(x)));
        assertTrue(left.sameBits(layer.left().value()));
        Tensor trained = Training.scope(() -> layer.forward(x)).detached();
        assertFalse(left.sameBits(layer.left().value()));
        assertTrue(trained.sameBits(layer.forward(x)), "inference uses what training left");
        assertArrayEquals(layer.forward(x).toDoubles(), layer.removed().forward(x).toDoubles(), 1e-14);
    }

    /** {@code d/dW of (W / (u^T W v)) . c} with constant u and v, written out. */
    @Test
    void theGradientTakesTheVectorsForConstants() {
        Linear linear = Linear.Config.of(3, 2).withDType(DType.F64).withoutBias().create(Rng.seed(1));
        SpectralNorm layer = SpectralNorm.of(linear, Rng.seed(2));
        Tensor x = normal(5, 4, 3);
        Tensor found = Training.scope(
                () -> layer.forward(x).sum().gradients(layer.parameters()).of(layer.original()));
        Tensor w = layer.original().value();
        Tensor u = layer.left().value();
        Tensor v = layer.right().value();
        double sigma = u.mul(w.matmul(v)).sum().item();
        Tensor c = Tensor.ones(2, 1).cast(DType.F64).matmul(x.sum(0).reshape(1, 3));
        Tensor outer = u.reshape(2, 1).matmul(v.reshape(1, 3));
        Tensor expected = c.div(sigma).sub(outer.mul(c.mul(w).sum().item() / (sigma * sigma)));
        assertArrayEquals(expected.toDoubles(), found.toDoubles(), 1e-12);
    }

    /** The weight of a transposed convolution has its outputs along axis 1, in a matrix they are rows. */
    @Test
    void convolutionsAreWrappedToo() {
        Convolution convolution = Convolution.Config.of(2, 3, 3).withDType(DType.F64).create(Rng.seed(1));
        TransposedConvolution transposed =
                TransposedConvolution.Config.of(2, 3, 3).withDType(DType.F64).create(Rng.seed(1));
        Tensor x = normal(4, 1, 2, 7);
        for (Weighted layer : List.of(convolution, transposed)) {
            double[] plain = layer.forward(x).toDoubles();
            assertArrayEquals(plain, WeightNorm.of(layer).forward(x).toDoubles(), 1e-13);
            SpectralNorm spectral = SpectralNorm.of(layer, 300, 1e-12, Rng.seed(2));
            assertEquals(Shape.of(3), spectral.left().spec().shape());
            assertEquals(Shape.of(6), spectral.right().spec().shape());
            Training.scope(() -> spectral.forward(x));
            Tensor weight = spectral.weight();
            assertEquals(1, largest((layer == transposed ? weight.transpose(0, 1) : weight).flatten(1)), 1e-6);
        }
        assertEquals(Shape.of(3, 1, 1), WeightNorm.of(convolution).length().spec().shape());
        assertEquals(Shape.of(2, 1, 1), WeightNorm.of(transposed).length().spec().shape());
    }

    @Test
    void refusals() {
        Linear linear = linear(4, 3, 1);
        assertRefused("weight_norm: no axis with lengths: axis 2, weight [3, 4]; "
                + "expected an axis of a weight with two axes or more", () -> WeightNorm.of(linear, 2));
        WeightNorm norm = WeightNorm.of(linear);
        assertRefused("weight_norm: a variable does not fit: length [3, 1]; expected [1, 4]",
                () -> new WeightNorm(linear, norm.length(), norm.direction(), OptionalInt.of(1)));
        assertRefused("weight_norm: a variable does not fit the layer: direction F64[3, 1], weight F64[3, 4]; "
                + "expected F64[3, 4]", () -> new WeightNorm(linear, norm.length(), norm.length(), norm.axis()));
        assertRefused("spectral_norm: no matrix to iterate: weight [3, 4], steps 0; "
                + "expected a weight of two axes or more, and 1 step or more",
                () -> SpectralNorm.of(linear, 0, 1e-12, Rng.seed(1)));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
