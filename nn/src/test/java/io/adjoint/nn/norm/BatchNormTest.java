package io.adjoint.nn.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BatchNormTest {
    private static final double TOLERANCE = 1e-12;

    private static Tensor train(Layer layer, Tensor x) {
        return Training.scope(() -> layer.forward(x));
    }

    private static Tensor batch(long seed, int step, int... shape) {
        return Rng.seed(seed).stream(step).normal(Shape.of(shape), DType.F64).mul(2).add(step);
    }

    /** Mean, and variance divided by the number less one, of the only channel. */
    private static double[] moments(Tensor x) {
        double[] values = x.toDoubles();
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double variance = 0;
        for (double value : values) {
            variance += (value - mean) * (value - mean) / (values.length - 1);
        }
        return new double[] {mean, variance};
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void runningStatisticsMoveByTheMomentum(@ForAll @DoubleRange(max = 1) double momentum,
            @ForAll @IntRange(min = 1, max = 4) int steps, @ForAll long seed) {
        BatchNorm layer = BatchNorm.Config.of(1, 1).withMomentum(momentum).withDType(DType.F64).create();
        double mean = 0;
        double variance = 1;
        for (int step = 0; step < steps; step++) {
            Tensor x = batch(seed, step, 3, 1, 2);
            train(layer, x);
            mean = (1 - momentum) * mean + momentum * moments(x)[0];
            variance = (1 - momentum) * variance + momentum * moments(x)[1];
        }
        RunningStatistics running = layer.running().orElseThrow();
        assertEquals(mean, running.mean().value().item(), TOLERANCE);
        assertEquals(variance, running.variance().value().item(), 10 * TOLERANCE);
        assertEquals(steps, running.count().value().item());
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void withoutMomentumTheyAreMeansOfAllBatches(@ForAll @IntRange(min = 1, max = 5) int steps, @ForAll long seed) {
        BatchNorm layer = BatchNorm.Config.of(1, 1).withCumulativeAverage().withDType(DType.F64).create();
        double[][] seen = IntStream.range(0, steps).mapToObj(step -> {
            Tensor x = batch(seed, step, 4, 1);
            train(layer, x);
            return moments(x);
        }).toArray(double[][]::new);
        RunningStatistics running = layer.running().orElseThrow();
        for (int i = 0; i < 2; i++) {
            int moment = i;
            double expected = IntStream.range(0, steps).mapToDouble(step -> seen[step][moment]).average().orElseThrow();
            double found = (i == 0 ? running.mean() : running.variance()).value().item();
            assertEquals(expected, found, 1e-11);
        }
    }

    /** Every normalised channel has mean 0 and variance 1 while training; afterwards it is what the running ones make. */
    @Test
    void normalisesByTheBatchAndLaterByTheRunningStatistics() {
        BatchNorm layer = BatchNorm.Config.of(2, 3).withDType(DType.F64).withEpsilon(0).create();
        Tensor x = batch(1, 1, 4, 3, 2, 2);
        Tensor channels = train(layer, x).transpose(0, 1).flatten(1).detached();
        assertArrayEquals(new double[3], channels.mean(1).toDoubles(), TOLERANCE);
        assertArrayEquals(new double[] {1, 1, 1}, channels.square().mean(1).toDoubles(), TOLERANCE);
        RunningStatistics running = layer.running().orElseThrow();
        running.mean().set(Tensor.of(new double[] {1, 2, 3}));
        running.variance().set(Tensor.of(new double[] {4, 4, 4}));
        Tensor expected = x.sub(Tensor.of(new double[] {1, 2, 3}, 3, 1, 1)).div(2);
        assertArrayEquals(expected.toDoubles(), layer.forward(x).toDoubles(), TOLERANCE);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void neverLearnsOutsideOfTraining(@ForAll boolean cumulative, @ForAll long seed) {
        BatchNorm.Config config = BatchNorm.Config.of(1, 2);
        BatchNorm layer = (cumulative ? config.withCumulativeAverage() : config).create();
        Tensor x = batch(seed, 3, 4, 2).cast(DType.F32);
        train(layer, x);
        List<Tensor> before = layer.variables().values().stream().map(v -> v.value()).toList();
        Tensor here = layer.forward(x);
        Tensor suspended = Training.scope(() -> Training.suspended(() -> layer.forward(x)));
        assertTrue(here.sameBits(suspended));
        List<Tensor> after = layer.variables().values().stream().map(v -> v.value()).toList();
        for (int i = 0; i < before.size(); i++) {
            assertTrue(before.get(i).sameBits(after.get(i)), "variable " + i);
        }
    }

    /** The gradient flows through mean and variance of the batch, which the laws of all modules do not see. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void gradientsInTrainingAgreeWithDifferences(@ForAll @IntRange(min = 1, max = 3) int places, @ForAll long seed) {
        int[] shape = {3, 2, 2, 1, 2};
        BatchNorm layer = BatchNorm.Config.of(places, 2).withDType(DType.F64).create();
        GradientCheck.of("batch norm").withSeed(seed).check(in -> train(layer, in.getFirst()),
                batch(seed, 0, Arrays.copyOf(shape, places + 2)));
    }

    @Test
    void statisticsAreNoPartOfTheGradient() {
        BatchNorm layer = BatchNorm.Config.of(1, 2).withDType(DType.F64).create();
        Tensor x = batch(1, 0, 4, 2).tracked();
        train(layer, x);
        Tensor next = batch(1, 1, 4, 2);
        Gradients gradients = layer.forward(next).add(x.mul(0).sum()).sum().gradients(x);
        assertArrayEquals(new double[8], gradients.of(x).toDoubles());
    }

    @Test
    void anEmptyBatchTeachesNothing() {
        BatchNorm layer = BatchNorm.of1d(2);
        assertEquals(Shape.of(0, 2), train(layer, Tensor.zeros(0, 2)).shape());
        assertArrayEquals(new float[] {1, 1}, layer.running().orElseThrow().variance().value().toFloats());
        assertEquals(1, layer.running().orElseThrow().count().value().item());
    }

    @Test
    void threadsThatTrainOneModelAreAllCounted() throws Exception {
        BatchNorm layer = BatchNorm.of1d(1);
        Callable<Object> trains = () -> {
            for (int i = 0; i < 500; i++) {
                train(layer, Tensor.range(4).cast(DType.F32).reshape(4, 1));
            }
            return this;
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (var running : pool.invokeAll(List.of(trains, trains, trains))) {
                running.get();
            }
        }
        assertEquals(1500, layer.running().orElseThrow().count().value().item());
    }

    @Test
    void variablesAreNamedAsInPyTorch() {
        assertEquals(List.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked"),
                List.copyOf(BatchNorm.of3d(2).variables().keySet()));
        assertEquals(List.of("weight", "bias"), List.copyOf(
                BatchNorm.Config.of(1, 2).withTracking(Tracking.NONE).create().variables().keySet()));
        assertEquals(List.of("0.running_mean", "0.running_var", "0.num_batches_tracked"),
                List.copyOf(Sequential.of(BatchNorm.Config.of(1, 2).withScaling(Scaling.NONE).create())
                        .variables().keySet()));
    }

    @Test
    void refusals() {
        assertRefused("batch_norm: the input does not fit: input [2, 4]; expected [n, 3, length] or [n, 3]",
                () -> BatchNorm.of1d(3).forward(Tensor.zeros(2, 4)));
        assertRefused("batch_norm: the input does not fit: input [2, 3]; expected [n, 3, height, width]",
                () -> BatchNorm.of2d(3).forward(Tensor.zeros(2, 3)));
        assertRefused("batch_norm: one element has no variance: input [1, 3]; "
                + "expected two elements or more for each channel",
                () -> train(BatchNorm.of1d(3), Tensor.zeros(1, 3)));
        assertRefused("batch_norm: not a number of axes: places 4; expected 1 to 3",
                () -> BatchNorm.Config.of(4, 3).create());
        assertRefused("batch_norm: not a momentum: momentum Infinity; expected a finite number",
                () -> BatchNorm.Config.of(1, 3).withMomentum(Double.POSITIVE_INFINITY).create());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
