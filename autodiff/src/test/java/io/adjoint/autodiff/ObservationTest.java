package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private static long multiplyAdds(Supplier<Tensor> body) {
        long[] sum = new long[1];
        Observation.scope((op, inputs, _) -> sum[0] += op.multiplyAdds(inputs), body);
        return sum[0];
    }

    @Test
    void everyOperationIsTold() {
        List<String> seen = new ArrayList<>();
        Tensor x = Tensor.ones(2, 3).tracked();
        Tensor result = Observation.scope((op, inputs, spec) -> seen.add(op.id() + inputs + spec), () -> {
            Tensor y = x.mul(2);
            return y.sum();
        });
        assertEquals(List.of("mul[F32[2, 3], F32[]]F32[2, 3]", "sum[F32[2, 3]]F32[]"), seen);
        assertEquals(12, result.item());
        x.exp();
        assertEquals(2, seen.size(), "after the scope");
    }

    @Test
    void scopesInsideOfScopes() {
        List<String> seen = new ArrayList<>();
        Observation.scope((op, _, _) -> seen.add("outer " + op.id()), () -> {
            Tensor x = Tensor.ones(2).exp();
            return Observation.scope((op, _, _) -> seen.add("inner " + op.id()), x::log);
        });
        assertEquals(List.of("outer exp", "inner log", "outer log"), seen);
    }

    @Test
    void everyStepOfATraceIsTold() {
        List<String> places = new ArrayList<>();
        List<Graph.Step> seen = new ArrayList<>();
        Graph graph = Graph.traceAll(in -> {
            places.add("scale");
            Tensor scale = Tensor.ones(3).exp(); // no step until it is used
            places.add("product");
            Tensor product = in.getFirst().mul(scale);
            places.add("trace inside");
            Graph.trace(Tensor::exp, in.getFirst().spec());
            places.add("sum");
            return List.of(product.sum());
        }, step -> {
            seen.add(step);
            places.add("step");
        }, new TensorSpec(DType.F32, Shape.of(3)));
        assertEquals(graph.steps(), seen);
        assertEquals(List.of("step", "scale", "product", "step", "step", "trace inside", "sum", "step"), places);
    }

    @Property(tries = 50)
    void aProductMultipliesEachRowWithEachColumn(@ForAll @IntRange(max = 4) int batch, @ForAll @IntRange(max = 4) int m,
            @ForAll @IntRange(max = 4) int k, @ForAll @IntRange(max = 4) int n) {
        Tensor a = Tensor.zeros(batch, m, k);
        assertEquals((long) batch * m * k * n, multiplyAdds(() -> a.matmul(Tensor.zeros(k, n))));
        assertEquals((long) batch * m * k * n, multiplyAdds(() -> a.matmul(Tensor.zeros(n, k).transpose())));
        assertEquals(0, multiplyAdds(() -> a.mul(2)));
    }

    /** A convolution, its transposed one, and the gradients of both, multiply the same pairs: all three are counted alike. */
    @Property(tries = 50)
    void eachWindowIsMultipliedWithEachFilter(@ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 3) int channels, @ForAll @IntRange(min = 1, max = 3) int filters,
            @ForAll @IntRange(min = 1, max = 2) int stride, @ForAll @IntRange(min = 1, max = 2) int axes) {
        int[] image = new int[axes + 2];
        int[] filter = new int[axes + 2];
        int[] strides = new int[axes];
        Arrays.fill(image, 7);
        Arrays.fill(filter, 3);
        Arrays.fill(strides, stride);
        image[0] = 2;
        image[1] = groups * channels;
        filter[0] = groups * filters;
        filter[1] = channels;
        Tensor images = Tensor.ones(image).tracked();
        Tensor weight = Tensor.ones(filter).tracked();
        ConvolutionOptions options = ConvolutionOptions.DEFAULT.groups(groups).stride(strides);
        long windows = (long) Math.pow((7 - 3) / stride + 1, axes);
        long expected = 2 * groups * filters * windows * channels * (long) Math.pow(3, axes);
        List<Tensor> results = new ArrayList<>();
        assertEquals(expected, multiplyAdds(() -> {
            results.add(Convolutions.convolve(images, weight, options));
            return results.getFirst();
        }));
        assertEquals(2 * expected,
                multiplyAdds(() -> results.getFirst().sum().gradients(images, weight).of(images)));
        assertEquals(expected,
                multiplyAdds(() -> Convolutions.transposed(results.getFirst().detached(), weight.detached(), options)));
    }

    @Test
    void trainingOfSomeParametersTracksNoOther() {
        Variable trained = Variable.parameter(Tensor.scalar(2));
        Variable frozen = Variable.parameter(Tensor.scalar(3));
        Variable buffer = Variable.buffer(Tensor.scalar(5));
        Gradients gradients = Training.scope(List.of(trained, buffer), () -> {
            assertTrue(Training.isActive());
            assertTrue(trained.value().isTracked());
            assertFalse(frozen.value().isTracked());
            assertFalse(buffer.value().isTracked());
            assertFalse(Training.suspended(() -> trained.value().isTracked() || Training.isActive()));
            assertTrue(Training.scope(() -> frozen.value().isTracked()), "the innermost scope decides");
            return trained.value().mul(frozen.value()).gradients(trained, frozen);
        });
        assertEquals(3, gradients.of(trained).item());
        assertEquals(0, gradients.of(frozen).item());
        assertTrue(Training.scope(List.of(), Training::isActive));
        assertFalse(Training.isActive());
        assertFalse(trained.value().isTracked());
    }

    /** What was recorded with a parameter as a constant must not serve where it is tracked. */
    @Test
    void aProgramIsRecordedForEachSetOfTrainedParameters() {
        Variable first = Variable.parameter(Tensor.scalar(2));
        Variable second = Variable.parameter(Tensor.scalar(3));
        Program product = Program.compile(() -> first.value().mul(second.value()));
        Program slope = Program.compile(() -> first.value().mul(second.value()).gradients(first).of(first));
        for (int i = 0; i < 2; i++) {
            assertFalse(Training.scope(List.of(), () -> product.apply()).isTracked());
            assertTrue(Training.scope(List.of(second), () -> product.apply()).isTracked());
            assertEquals(3, Training.scope(List.of(first), () -> slope.apply()).item());
            assertEquals(0, Training.scope(List.of(second), () -> slope.apply()).item());
            assertEquals(3, Training.scope(() -> slope.apply()).item());
        }
    }
}
