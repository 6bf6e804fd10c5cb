package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.AdaptivePooling;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import io.adjoint.autodiff.op.Centre;
import io.adjoint.autodiff.op.Normalise;
import io.adjoint.autodiff.op.Span;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What an operation leaves of another one is what that one would compute, to the bit. */
class YieldsTest {
    private static final DType F32 = DType.F32;

    @Property(tries = 100)
    void poolingHasTheBitsOfTheFunction(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? F32 : DType.F64;
        int size = 1 + random.nextInt(3);
        Shape shape = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(3), size + random.nextInt(20),
                size + random.nextInt(20));
        Window window = Window.of(size, size).stride(1 + random.nextInt(3));
        UnaryOperator<Tensor> values = random.nextBoolean() ? x -> Pooling.max(x, window)
                : x -> AdaptivePooling.max(x, 1 + (int) (seed & 3), 2);
        Variable shift = Variable.parameter(Tensor.zeros(shape, type));
        UnaryOperator<Tensor> function = x -> Training.scope(() -> {
            Tensor pooled = values.apply(x.add(shift.value()).relu());
            return pooled.square().sum().gradients(shift).of(shift).add(pooled.detached().sum());
        });
        Program program = Program.compile(function);
        for (int call = 0; call < 3; call++) {
            Tensor x = Rng.seed(seed + call).normal(shape, type).mul(2).round(); // many are equal
            Tensor found = Threads.limit(threads, () -> program.apply(x));
            assertTrue(function.apply(x).sameBits(found), () -> "of " + x);
        }
        assertTrue(program.explain().contains(" with gather{axis=2}"), program::explain);
    }

    private static Plan plan(Function<Tensor, Tensor> function, Tensor x) {
        return Plan.of(Simplify.of(Graph.traceAll(in -> List.of(function.apply(in.getFirst())), x.spec())));
    }

    @Test
    void oneUnitFindsPlacesAndValues() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 8, 8), F32);
        Plan plan = plan(y -> Pooling.max(y, Window.of(2, 2)), x);
        assertEquals(1, plan.units().size(), () -> plan.units().toString());
        assertEquals(x.size() + x.size() / 4, plan.lengths().get(F32), "the input and the result");
        assertEquals(x.size() / 4, plan.lengths().get(DType.I64), "places that nobody reads");
    }

    /** These are not the maxima, or not all of them. */
    @Test
    void whatIsGatheredElsewhereIsNotWritten() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 8, 8), F32);
        UnaryOperator<Tensor> function = y -> {
            Tensor places = Pooling.maxima(y, Window.of(2, 2)).places();
            Tensor others = y.neg().flatten(2).gather(-1, places.flatten(2));
            Tensor some = y.flatten(2).gather(-1, places.flatten(2).slice(-1, 0, 5));
            return others.sum(-1).add(some.sum(-1));
        };
        Plan plan = plan(function::apply, x);
        assertFalse(plan.units().stream().anyMatch(Unit.Yield.class::isInstance), () -> plan.units().toString());
        assertTrue(function.apply(x).sameBits(Program.compile(function).apply(x)));
    }

    /** The loss and its gradient, in rows of few and many classes, with labels of all of them. */
    @Property(tries = 100)
    void theLossLeavesTheProbabilities(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? F32 : DType.F64;
        int rows = 1 + random.nextInt(40);
        int classes = 1 + random.nextInt(random.nextBoolean() ? 15 : 200);
        Variable weight = Variable.parameter(Rng.seed(seed).normal(Shape.of(classes), type));
        Tensor labels = Tensor.of(random.longs(rows, 0, classes).toArray());
        UnaryOperator<Tensor> function = x -> Training.scope(() -> {
            Tensor logits = x.mul(weight.value());
            Tensor losses = logits.crossEntropy(labels);
            return Tensor.concat(0, losses.detached(), losses.mean().gradients(weight).of(weight),
                    logits.detached().softmax(1).sum(0));
        });
        Program program = Program.compile(function);
        for (int call = 0; call < 3; call++) {
            Tensor x = Rng.seed(seed + call).normal(Shape.of(rows, classes), type).mul(random.nextInt(30));
            Tensor found = Threads.limit(threads, () -> program.apply(x));
            assertTrue(function.apply(x).sameBits(found), () -> "of " + x);
        }
        assertTrue(program.explain().contains(" with softmax{axis=1}"), program::explain);
    }

    @Test
    void probabilitiesOfOtherScoresAreComputedByThemselves() {
        Tensor labels = Tensor.of(new long[] {0, 1});
        UnaryOperator<Tensor> function = x -> x.crossEntropy(labels).add(x.neg().softmax(1).sum(1))
                .add(x.softmax(0).sum(1));
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3), F32);
        Plan plan = plan(function::apply, x);
        assertFalse(plan.units().stream().anyMatch(Unit.Yield.class::isInstance), () -> plan.units().toString());
        assertTrue(function.apply(x).sameBits(Program.compile(function).apply(x)));
    }

    @Test
    void aLabelOutOfRangeIsRefusedBeforeAnythingIsWritten() {
        Variable kept = Variable.parameter(Tensor.zeros(Shape.of(2, 3), F32));
        Program program = Program.compile((x, labels) -> {
            Tensor loss = x.crossEntropy(labels).sum();
            kept.set(x.softmax(1));
            return loss;
        });
        Tensor x = Tensor.ones(2, 3);
        assertThrows(ShapeException.class, () -> program.apply(x, Tensor.of(new long[] {0, 3})));
        assertEquals(0, kept.value().sum().item());
        program.apply(x, Tensor.of(new long[] {0, 2}));
        assertTrue(kept.value().sameBits(x.softmax(1)), () -> kept.value().toString());
    }

    /** Who reads the loss refuses it, when the probabilities would be there already. */
    @Test
    void whatRefusesTheLossLeavesTheVariableAlone() {
        Variable kept = Variable.parameter(Tensor.zeros(Shape.of(2, 3), F32));
        Tensor table = Tensor.ones(2);
        Program program = Program.compile((x, labels) -> {
            Tensor loss = x.crossEntropy(labels);
            kept.set(x.softmax(1));
            return table.gather(0, loss.cast(DType.I64));
        });
        assertThrows(ShapeException.class,
                () -> program.apply(Tensor.ones(2, 3).mul(Tensor.of(new float[] {0, 9, 0})),
                        Tensor.of(new long[] {0, 2})));
        assertEquals(0, kept.value().sum().item());
    }

    /** What the scores are made of may be there by then. */
    @Test
    void aLabelOutOfRangeLeavesTheVariableOfTheScoresAlone() {
        Variable kept = Variable.parameter(Tensor.zeros(Shape.of(2, 3), F32));
        Program program = Program.compile((x, labels) -> {
            Tensor scores = x.mul(2);
            kept.set(scores);
            return scores.crossEntropy(labels).sum().add(scores.softmax(1).sum());
        });
        Tensor x = Tensor.ones(2, 3);
        assertThrows(ShapeException.class, () -> program.apply(x, Tensor.of(new long[] {0, 3})));
        assertEquals(0, kept.value().sum().item());
        assertTrue(program.explain().contains(" with softmax{axis=1}"), program::explain);
    }

    /** A normalisation, its statistics, and what flows to its input, its scale and its shift, in one unit each way. */
    @Property(tries = 100)
    void normalisingLeavesTheStatisticsAndItsGradientTheOthers(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? F32 : DType.F64;
        int channels = 1 + random.nextInt(20);
        Shape shape = Shape.of(1 + random.nextInt(4), channels, 8 + random.nextInt(30), 8 + random.nextInt(8));
        Variable scale = Variable.parameter(Rng.seed(seed).normal(Shape.of(channels), type));
        UnaryOperator<Tensor> function = x -> {
            Tensor input = x.tracked();
            Tensor weight = scale.value().tracked();
            Tensor bias = scale.value().neg().tracked();
            var normalised = Normalisation.batch(input, Affine.of(weight, bias), 1e-3);
            var gradients = normalised.output().square().mul(x).sum().gradients(input, weight, bias);
            return Tensor.concat(0, gradients.of(input).flatten(0), gradients.of(weight), gradients.of(bias),
                    normalised.output().flatten(0), normalised.mean(), normalised.variance()).detached();
        };
        Program program = Program.compile(function);
        for (int call = 0; call < 3; call++) {
            Tensor x = Rng.seed(seed + call).normal(shape, type);
            Tensor found = Threads.limit(threads, () -> program.apply(x));
            assertTrue(function.apply(x).sameBits(found), () -> "of " + x);
        }
        String text = program.explain();
        assertTrue(text.contains(" with normalise_scale_gradient"), text);
        assertEquals(channels > 1, text.matches("(?s).* with sum\\{axes=\\[0, 2].*"), text);
        assertTrue(text.matches("(?s).* normalise\\{[^;]* with moments.*"), text);
    }

    /** The gradient is written where its cotangent was, and needs nothing but that, the input and the sums. */
    @Test
    void theGradientOfANormalisedTensorTakesThePlaceOfItsCotangent() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 16, 8, 8), F32);
        Variable scale = Variable.parameter(Tensor.ones(16));
        Plan plan = plan(y -> {
            Tensor input = y.tracked();
            Tensor weight = scale.value().tracked();
            Tensor output = Normalisation.batch(input, Affine.of(weight), 0.1).output();
            var gradients = output.exp().sum().gradients(input, weight);
            return gradients.of(input).add(gradients.of(weight).sum());
        }, x);
        assertTrue(plan.units().stream().anyMatch(Unit.Yield.class::isInstance), () -> plan.units().toString());
        assertTrue(plan.lengths().get(F32) < 2 * x.size() + 500, () -> plan.lengths().toString());
    }

    /** A loop that makes the scale and adds what flows to it would wait for itself. */
    @Test
    void whatMakesTheScaleMayReadWhatFlowsToIt() {
        Tensor cotangent = Rng.seed(2).normal(Shape.of(2, 16, 64), F32);
        UnaryOperator<Tensor> function = y -> {
            Tensor scale = y.slice(2, 0, 1).select(0, 0).mul(2).add(1).tracked();
            Tensor input = y.exp().tracked();
            Tensor output = new Normalise(Span.CHANNEL, Centre.MEAN, 0.1).apply(input, scale, Tensor.scalar(0));
            var gradients = output.mul(cotangent).sum().gradients(input, scale);
            return gradients.of(input).add(gradients.of(scale).add(scale.square())).detached();
        };
        Tensor x = Rng.seed(1).normal(cotangent.shape(), F32);
        assertTrue(function.apply(x).sameBits(Program.compile(function).apply(x)));
    }
}
