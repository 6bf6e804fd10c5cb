package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A loop that finishes parts of a product computes what it does after all of the product, to the bit. */
class EpiloguesTest {
    private static final DType F32 = DType.F32;

    /** A layer with a residual connection whose weight is updated by momentum. */
    private record Layer(Variable weight, Variable bias, Variable momentum) {
        static Layer of(long seed, int inputs, int outputs, DType type) {
            return new Layer(Variable.parameter(Rng.seed(seed + 0).normal(Shape.of(inputs, outputs), type)),
                    Variable.parameter(Rng.seed(seed + 1).normal(Shape.of(outputs), type)),
                    Variable.parameter(Tensor.zeros(Shape.of(inputs, outputs), type)));
        }

        Tensor step(Tensor x, Tensor residual) {
            Tensor y = x.matmul(weight.value()).add(bias.value()).relu().add(residual);
            int inputs = weight.spec().shape().dim(0);
            Tensor gradient = x.reshape(-1, inputs).transpose().matmul(y.reshape(-1, weight.spec().shape().dim(1)));
            Tensor moved = momentum.value().mul(0.9).add(gradient);
            momentum.set(moved);
            weight.set(weight.value().sub(moved.mul(0.01)));
            return y;
        }
    }

    @Property(tries = 60)
    void layersHaveTheBitsOfTheFunction(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? F32 : DType.F64;
        int inputs = 1 + random.nextInt(random.nextBoolean() ? 200 : 9);
        int outputs = 1 + random.nextInt(random.nextBoolean() ? 300 : 5);
        int batch = 1 + random.nextInt(3);
        int rows = 1 + random.nextInt(random.nextBoolean() ? 150 : 9);
        Shape shape = random.nextBoolean() ? Shape.of(rows, inputs) : Shape.of(batch, rows, inputs);
        Layer eager = Layer.of(seed, inputs, outputs, type);
        Layer compiled = Layer.of(seed, inputs, outputs, type);
        BinaryOperator<Tensor> step = compiled::step;
        Program program = Program.compile(step);
        for (int call = 0; call < 3; call++) {
            Tensor x = Rng.seed(seed + 2 + call).normal(shape, type);
            Tensor residual = Rng.seed(seed + 5 + call).normal(shape.with(-1, outputs), type);
            assertSame(eager.step(x, residual), Threads.limit(threads, () -> program.apply(x, residual)), "result");
            assertSame(eager.weight.value(), compiled.weight.value(), "weight");
            assertSame(eager.momentum.value(), compiled.momentum.value(), "momentum");
        }
        assertTrue(program.explain().contains("with the epilogue"), program::explain);
    }

    @Property(tries = 100)
    void convolutionsHaveTheBitsOfTheFunction(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? F32 : DType.F64;
        int axes = 1 + random.nextInt(2);
        int[] taps = random.ints(axes, 1, 5).toArray();
        int[] extents = random.ints(axes, 5, random.nextBoolean() ? 10 : 40).toArray();
        int groups = random.nextInt(4) == 0 ? 2 : 1;
        int channels = groups * (1 + random.nextInt(random.nextBoolean() ? 3 : 20));
        int filters = groups * (1 + random.nextInt(random.nextBoolean() ? 3 : 20));
        int batch = 1 + random.nextInt(random.nextBoolean() ? 2 : 10);
        boolean isTransposed = random.nextBoolean();
        ConvolutionOptions options =
                ConvolutionOptions.DEFAULT.groups(groups).stride(1 + random.nextInt(2)).padding(random.nextInt(3));
        Tensor weight = Rng.seed(seed).normal(isTransposed ? shape(channels, filters / groups, taps)
                : shape(filters, channels / groups, taps), type);
        Tensor bias = Rng.seed(seed + 1).normal(Shape.of(filters), type);
        UnaryOperator<Tensor> layer = x -> {
            Tensor y = isTransposed ? Convolutions.transposed(x, weight, bias, options)
                    : Convolutions.convolve(x, weight, bias, options);
            return y.relu().add(bias.sum());
        };
        Program program = Program.compile(layer);
        for (int call = 0; call < 2; call++) {
            Tensor x = Rng.seed(seed + 2 + call).normal(shape(batch, channels, extents), type);
            assertSame(layer.apply(x), Threads.limit(threads, () -> program.apply(x)), "result");
        }
        assertTrue(program.explain().contains("with the epilogue"), program::explain);
    }

    private static Shape shape(int first, int second, int[] others) {
        return Shape.of(IntStream.concat(IntStream.of(first, second), IntStream.of(others)).toArray());
    }

    private static void assertSame(Tensor expected, Tensor found, String what) {
        assertTrue(expected.sameBits(found), () -> what + ": expected " + expected + ", found " + found);
    }

    private static Plan plan(Function<Tensor, Tensor> function, Tensor x) {
        return Plan.of(Simplify.of(Graph.traceAll(in -> List.of(function.apply(in.getFirst())), x.spec())));
    }

    /** The product lies where the loop writes. */
    @Test
    void aProductHasNoMemoryOfItsOwn() {
        Tensor matrix = Rng.seed(1).normal(Shape.of(64, 64), F32);
        for (Tensor x : List.of(matrix, matrix.reshape(4, 16, 64))) {
            Plan plan = plan(y -> y.matmul(matrix).relu(), x);
            assertEquals(1, plan.units().size(), () -> plan.units().toString());
            assertEquals(2 * x.size(), plan.lengths().get(F32), "the input and the result");
        }
    }

    /** Nor has a convolution; the unit is one. */
    @Test
    void aConvolutionHasNoMemoryOfItsOwn() {
        Tensor weight = Rng.seed(1).normal(Shape.of(6, 3, 3, 3), F32);
        Tensor bias = Rng.seed(2).normal(Shape.of(6), F32);
        Tensor x = Rng.seed(3).normal(Shape.of(4, 3, 16, 16), F32);
        UnaryOperator<Tensor> layer =
                y -> Convolutions.convolve(y, weight, bias, ConvolutionOptions.DEFAULT.padding(1)).relu();
        Plan plan = plan(layer::apply, x);
        assertEquals(1, plan.units().size(), () -> plan.units().toString());
        assertEquals(x.size() + 4 * 6 * 16 * 16, plan.lengths().get(F32), "the input and the result");
        Program program = Program.compile(layer);
        program.apply(x);
        assertEquals(4L * (x.size() + 4 * 6 * 16 * 16), program.memory(x.spec()).slab());
        assertTrue(program.explain().contains("with the epilogue fused [add, relu]"), program::explain);
    }

    /** Rows of images are not those of the loop. */
    @Test
    void aLoopOfAnotherShapeDoesNotFinishAConvolution() {
        Tensor weight = Rng.seed(1).normal(Shape.of(6, 3, 3, 3), F32);
        Tensor x = Rng.seed(3).normal(Shape.of(4, 3, 16, 16), F32);
        UnaryOperator<Tensor> function = y -> Convolutions.convolve(y, weight).reshape(2, 12, 14, 14).relu();
        Plan plan = plan(function::apply, x);
        assertFalse(plan.units().stream().anyMatch(Unit.Finished.class::isInstance), () -> plan.units().toString());
        assertSame(function.apply(x), Program.compile(function).apply(x), "result");
    }

    /** What the product reads is not overwritten by its loop, which begins before the product is done. */
    @Test
    void aFactorIsNotOverwritten() {
        Tensor x = Rng.seed(1).normal(Shape.of(200, 200), F32);
        UnaryOperator<Tensor> function = y -> {
            Tensor h = y.exp();
            return h.matmul(h).mul(1e-3).add(h);
        };
        Program program = Program.compile(function);
        assertSame(function.apply(x), program.apply(x), "result");
        assertTrue(program.explain().contains("with the epilogue"), program::explain);
    }

    /** It would have to be there as a whole. */
    @Test
    void aProductThatOthersReadIsNotFinished() {
        Tensor x = Rng.seed(1).normal(Shape.of(32, 32), F32);
        Plan plan = plan(y -> {
            Tensor product = y.matmul(y);
            return product.relu().add(product.sum());
        }, x);
        assertFalse(plan.units().stream().anyMatch(Unit.Finished.class::isInstance), () -> plan.units().toString());
    }

    /** The factors would have to be kept until the end of the step, where variables are written. */
    @Test
    void anUpdateDoesNotKeepLargeFactors() {
        Variable weight = Variable.parameter(Tensor.zeros(Shape.of(8, 8), F32));
        Tensor x = Rng.seed(1).normal(Shape.of(512, 8), F32);
        Plan plan = plan(y -> {
            Tensor h = y.exp();
            weight.set(weight.value().add(h.transpose().matmul(h)));
            return y.sum();
        }, x);
        assertFalse(plan.units().stream().anyMatch(Unit.Finished.class::isInstance), () -> plan.units().toString());
    }
}
