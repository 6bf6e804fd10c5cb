package io.adjoint.nn.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Instance, group and layer normalisation, and by the root mean square. */
class NormsTest {
    private static Tensor normal(long seed, int... shape) {
        return Rng.seed(seed).normal(Shape.of(shape), DType.F64).mul(3).add(1);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void rootMeanSquaresAreOne(@ForAll @IntRange(min = 1, max = 5) int width, @ForAll long seed) {
        RmsNorm layer = RmsNorm.Config.of(width).withDType(DType.F64).create();
        Tensor weight = normal(seed, width);
        layer.weight().orElseThrow().set(weight);
        Tensor x = normal(seed + 1, 3, width);
        double[] in = x.toDoubles();
        double[] expected = new double[in.length];
        for (int row = 0; row < 3; row++) {
            double square = 0;
            for (int i = 0; i < width; i++) {
                square += in[row * width + i] * in[row * width + i] / width;
            }
            for (int i = 0; i < width; i++) {
                expected[row * width + i] = in[row * width + i] / Math.sqrt(square + 0x1p-52) * weight.toDoubles()[i];
            }
        }
        assertArrayEquals(expected, layer.forward(x).toDoubles(), 1e-12);
    }

    @Test
    void theEpsilonOfTheRootMeanSquareIsThatOfTheDtype() {
        RmsNorm layer = RmsNorm.Config.of(1).withScaling(Scaling.NONE).create();
        double f32 = layer.forward(Tensor.of(new float[] {0x1p-12f})).item();
        assertEquals(0x1p-12 / Math.sqrt(0x1p-24 + 0x1p-23), f32, 1e-7);
        double f64 = layer.forward(Tensor.of(new double[] {0x1p-12})).item();
        assertEquals(1, f64, 1e-8);
    }

    @Test
    void oneExampleIsABatchOfOneForInstances() {
        InstanceNorm layer = InstanceNorm.of2d(3);
        Tensor x = normal(1, 3, 2, 4).cast(DType.F32);
        assertTrue(layer.forward(x).sameBits(layer.forward(x.unsqueeze(0)).squeeze(0)));
        assertArrayEquals(new float[3], layer.forward(x).mean(1, 2).toFloats(), 1e-6f);
    }

    @Test
    void statisticsOfInstancesAreMeansOverExamplesAndUsedAfterTraining() {
        InstanceNorm layer = InstanceNorm.Config.of(1, 1).withTracking(Tracking.RUNNING).withMomentum(0.5)
                .withEpsilon(0).withDType(DType.F64).create();
        Tensor x = Tensor.of(new double[] {1, 3, 10, 14}, 2, 1, 2);
        Tensor trained = Training.scope(() -> layer.forward(x));
        assertArrayEquals(new double[] {-1, 1, -1, 1}, trained.toDoubles(), 1e-12);
        RunningStatistics running = layer.running().orElseThrow();
        // means 2 and 12, variances 2 and 8
        assertEquals(0.5 * 0 + 0.5 * 7, running.mean().value().item(), 1e-12);
        assertEquals(0.5 * 1 + 0.5 * 5, running.variance().value().item(), 1e-12);
        assertEquals(0, running.count().value().item());
        assertArrayEquals(x.sub(3.5).div(Math.sqrt(3)).toDoubles(), layer.forward(x).toDoubles(), 1e-12);
        assertEquals(3.5, running.mean().value().item(), 1e-12);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfInstancesInTrainingAgreeWithDifferences(@ForAll long seed) {
        InstanceNorm layer = InstanceNorm.Config.of(1, 2).withTracking(Tracking.RUNNING).withDType(DType.F64).create();
        GradientCheck.of("instance norm").withSeed(seed)
                .check(in -> Training.scope(() -> layer.forward(in.getFirst())), normal(seed, 2, 2, 3));
    }

    @Test
    void groupsOfOneChannelAreInstancesAndOneGroupIsALayer() {
        Tensor x = normal(4, 2, 3, 5);
        Tensor instances = InstanceNorm.Config.of(1, 3).create().forward(x);
        Tensor groups = GroupNorm.Config.of(3, 3).withScaling(Scaling.NONE).create().forward(x);
        assertArrayEquals(instances.toDoubles(), groups.toDoubles(), 1e-13);
        Tensor layer = LayerNorm.Config.of(3, 5).withScaling(Scaling.NONE).create().forward(x);
        Tensor one = GroupNorm.Config.of(1, 3).withScaling(Scaling.NONE).create().forward(x);
        assertArrayEquals(layer.toDoubles(), one.toDoubles(), 1e-13);
    }

    @Test
    void variablesFollowWhatIsLearned() {
        assertEquals(List.of("weight", "bias"), List.copyOf(LayerNorm.of(2).variables().keySet()));
        assertEquals(List.of("weight"), List.copyOf(
                LayerNorm.Config.of(2).withScaling(Scaling.WEIGHT).create().variables().keySet()));
        assertEquals(List.of(), List.copyOf(
                GroupNorm.Config.of(1, 2).withScaling(Scaling.NONE).create().variables().keySet()));
        assertEquals(List.of(), List.copyOf(InstanceNorm.of1d(2).variables().keySet()));
        assertEquals(List.of("weight"), List.copyOf(RmsNorm.of(2).variables().keySet()));
    }

    @Test
    void refusals() {
        assertRefused("group_norm: groups do not divide the channels: groups 2, channels 3; expected a divisor of 3",
                () -> GroupNorm.of(2, 3));
        assertRefused("group_norm: the input does not fit: input [2, 5]; expected [n, 4, ...]",
                () -> GroupNorm.of(2, 4).forward(Tensor.zeros(2, 5)));
        assertRefused("layer_norm: no axes to normalise: extents []; expected the extents of one axis or more",
                LayerNorm::of);
        assertRefused("rms_norm: there is no bias: scaling WEIGHT_AND_BIAS; expected WEIGHT or NONE",
                () -> RmsNorm.Config.of(2).withScaling(Scaling.WEIGHT_AND_BIAS));
        assertRefused("instance_norm: the input does not fit: input [2, 3]; expected [n, 3, length] or [3, length]",
                () -> InstanceNorm.of1d(3).forward(Tensor.zeros(2, 3)));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
