package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private final Rng rng = Rng.seed(1);

    private record Block(Linear inner, Optional<Linear> extra, int size) implements Layer {
        Block {
            if (inner.weight().spec().shape().dim(0) != size) {
                throw ShapeException.of("block", "an inner layer of another size")
                        .operand("inner", inner.weight().spec())
                        .expected(size + " features");
            }
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = inner.forward("inner", x);
            return extra.map(layer -> layer.forward("extra", y)).orElse(y);
        }
    }

    private record Net(List<Block> blocks, SequencedMap<String, Layer> heads, Layer[] tail, Map<String, Variable> free)
            implements
            Module {}

    private Linear linear(int in, int out, int stream) {
        return Linear.of(in, out, rng.stream(stream));
    }

    private Net net() {
        SequencedMap<String, Layer> heads = new LinkedHashMap<>();
        heads.put("z", linear(3, 2, 3));
        heads.put("a", Activation.RELU);
        return new Net(List.of(new Block(linear(3, 3, 0), Optional.of(linear(3, 3, 1)), 3),
                new Block(linear(3, 3, 2), Optional.empty(), 3)), heads, new Layer[] {Activation.TANH, linear(2, 2, 4)},
                Map.of("c", variable(1), "b", variable(2), "a", variable(3)));
    }

    private static Variable variable(double value) {
        return Variable.parameter(Tensor.scalar(value, DType.F64));
    }

    @Test
    void modulesByPath() {
        assertEquals(List.of("", "blocks.0", "blocks.0.inner", "blocks.0.extra", "blocks.1", "blocks.1.inner",
                "heads.z", "heads.a", "tail.0", "tail.1"), List.copyOf(Models.modules(net()).keySet()));
        Sequential twice = Sequential.of(Activation.RELU, Activation.RELU);
        assertEquals(List.of("", "0", "1"), List.copyOf(Models.modules(twice).keySet()));
    }

    @Test
    void aCopyOfEverythingThatHoldsParts() {
        Net net = net();
        Net copy = Models.copy(net);
        assertEquals(List.copyOf(net.variables().keySet()), List.copyOf(copy.variables().keySet()));
        copy.variables().forEach((path, variable) -> {
            assertNotSame(net.variables().get(path), variable, path);
            variable.set(variable.value().add(1));
        });
        net.variables().forEach((path, variable) -> assertTrue(
                variable.value().add(1).sameBits(copy.variables().get(path).value()), path));
    }

    private record Tied(Linear encoder, Linear decoder, List<Linear> both) implements Module {}

    @Test
    void whatIsSharedIsSharedInTheCopy() {
        Linear encoder = linear(3, 3, 0);
        Linear decoder = new Linear(encoder.weight(), Optional.of(linear(3, 3, 1).bias().orElseThrow()));
        Tied copy = Models.copy(new Tied(encoder, decoder, List.of(encoder, decoder)));
        assertNotSame(encoder.weight(), copy.encoder.weight());
        assertSame(copy.encoder.weight(), copy.decoder.weight());
        assertSame(copy.encoder, copy.both.getFirst());
        assertSame(copy.decoder, copy.both.getLast());
    }

    @Test
    void aCopyMadeWhileTrainingIsNoPartOfTheComputation() {
        Linear layer = linear(2, 2, 0);
        Linear copy = Training.scope(() -> Models.copy(layer));
        assertTrue(!copy.weight().value().isTracked());
        assertTrue(copy.weight().value().sameBits(layer.weight().value()));
    }

    /** Names that differ from the components, and variables that lie deeper than the names say. */
    private record Renamed(Variable runningMean, Inner inner, List<Inner> more) implements Module {
        private record Inner(Variable first, int size) {}

        @Override
        public SequencedMap<String, Object> parts() {
            SequencedMap<String, Object> parts = new LinkedHashMap<>();
            parts.put("weight_ih_l0", inner.first);
            parts.put("running_mean", runningMean);
            parts.put("weight_ih_l1", more.getFirst().first);
            return parts;
        }
    }

    @Test
    void aRecordThatNamesItsPartsOtherwise() {
        Renamed module = new Renamed(variable(1), new Renamed.Inner(variable(2), 7),
                List.of(new Renamed.Inner(variable(3), 8)));
        Renamed copy = Models.copy(module);
        assertEquals(3, copy.variables().get("weight_ih_l1").value().item());
        assertNotSame(module.inner.first, copy.inner.first);
        assertEquals(7, copy.inner.size);
        Variable other = variable(9);
        Renamed changed = Models.replace(module, "weight_ih_l1", other);
        assertSame(other, changed.more.getFirst().first);
        assertSame(module.inner, changed.inner);
    }

    @Test
    void aNewPartInEveryKindOfPlace() {
        Net net = net();
        Linear other = linear(3, 3, 9);
        Net changed = Models.replace(net, "blocks.1.inner", other);
        assertSame(other, changed.blocks.get(1).inner);
        assertSame(net.blocks.get(0), changed.blocks.get(0));
        assertNotSame(other, net.blocks.get(1).inner);
        assertSame(other, Models.replace(net, "blocks.0.extra", other).blocks.get(0).extra.orElseThrow());
        assertSame(other, Models.replace(net, "heads.z", other).heads.get("z"));
        assertEquals(List.of("z", "a"), List.copyOf(Models.replace(net, "heads.z", other).heads.keySet()));
        assertSame(other, Models.replace(net, "tail.0", other).tail[0]);
        assertSame(net.tail[1], Models.replace(net, "tail.0", other).tail[1]);
        Variable one = variable(5);
        assertSame(one, Models.replace(net, "free.b", one).free.get("b"));
        assertSame(one, Models.replace(net, "free.b", one).variables().get("free.b"));
    }

    @Test
    void aNewHeadOfASequence() {
        Sequential model = Sequential.of(Sequential.of(linear(4, 3, 0), Activation.RELU), Activation.RELU,
                linear(3, 2, 1));
        Linear head = linear(3, 5, 2);
        Sequential changed = Models.replace(model, "2", head);
        assertEquals(Shape.of(1, 5), changed.forward(Tensor.ones(1, 4)).shape());
        assertEquals(Shape.of(1, 2), model.forward(Tensor.ones(1, 4)).shape());
        assertSame(model.layers().get(0), changed.layers().get(0));
        // of a part that is there twice, only the one of this path
        Sequential tanh = Models.replace(model, "1", Activation.TANH);
        assertSame(Activation.TANH, tanh.layers().get(1));
        assertSame(Activation.RELU, ((Sequential) tanh.layers().get(0)).layers().get(1));
        Sequential first = Models.replace(Sequential.of(Activation.RELU, Activation.RELU), "1", Activation.TANH);
        assertEquals(List.of(Activation.RELU, Activation.TANH), first.layers());
    }

    private static final class Holder implements Layer {
        private final Linear inner = Linear.of(2, 2, Rng.seed(1));

        @Override
        public SequencedMap<String, Object> parts() {
            SequencedMap<String, Object> parts = new LinkedHashMap<>();
            parts.put("inner", inner);
            return Collections.unmodifiableSequencedMap(parts);
        }

        @Override
        public Tensor forward(Tensor x) {
            return inner.forward("inner", x);
        }
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(message, assertThrows(ShapeException.class, call::run).getMessage());
    }

    @Test
    void refusals() {
        Net net = net();
        assertRefused("rebuild: a part is of another type: of Block, part inner, type Activation; expected Linear",
                () -> Models.replace(net, "blocks.0.inner", Activation.RELU));
        assertRefused("rebuild: a part is of another type: of Block, part extra, type Activation; expected Linear",
                () -> Models.replace(net, "blocks.0.extra", Activation.RELU));
        assertRefused("rebuild: a part is of another type: of Net, part blocks, type Linear; expected Block",
                () -> Models.replace(net, "blocks.1", linear(3, 3, 1)));
        assertRefused("block: an inner layer of another size: inner F32[2, 3]; expected 3 features",
                () -> Models.replace(net, "blocks.0.inner", linear(3, 2, 1)));
        assertRefused(
                "replace: a variable and a module: path tail.1, part Linear, replacement Variable; expected two of "
                        + "a kind",
                () -> Models.replace(net, "tail.1", variable(1)));
        assertRefused("replace: no part has this path: path 2; expected a path such as [, 0, 1]",
                () -> Models.replace(Sequential.of(Activation.RELU, Activation.TANH), "2", Activation.RELU));
        Sequential around = Sequential.of(new Holder());
        assertRefused("rebuild: a class that is not a record holds the part: class " + Holder.class.getName()
                + ", path 0.inner; expected a record", () -> Models.replace(around, "0.inner", linear(2, 2, 1)));
        assertThrows(ShapeException.class, () -> Models.copy(around));
        assertRefused("average: no models; expected one or more", () -> Models.average(List.of()));
        assertThrows(ShapeException.class,
                () -> Models.average(List.of(linear(2, 2, 1), Linear.Config.of(2, 2).withoutBias().create(rng))));
    }

    private record State(Linear layer, Variable running, Variable count) implements Module {
        static State of(Rng rng) {
            return new State(Linear.of(3, 2, rng.stream(0)),
                    Variable.buffer(rng.stream(1).normal(Shape.of(2), DType.F64)),
                    Variable.buffer(rng.stream(2).uniform(Shape.of(2), DType.F64).mul(100).cast(DType.I64)));
        }
    }

    @Property(tries = 50)
    void theAverageOfModelsIsThatOfTheirVariables(@ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
        List<State> models = java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> State.of(Rng.seed(seed).stream(i))).toList();
        State average = Models.average(models);
        average.variables().forEach((path, variable) -> {
            double[] expected = new double[variable.spec().shape().size()];
            for (State model : models) {
                double[] values = model.variables().get(path).value().cast(DType.F64).toDoubles();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += values[i] / count;
                }
            }
            Tensor found = variable.value().cast(DType.F64);
            if (path.equals("count")) {
                assertTrue(variable.value().sameBits(models.getFirst().count.value()));
            } else {
                double error = found.sub(Tensor.of(expected, found.shape())).abs().max().item();
                assertTrue(error < (variable.spec().dtype() == DType.F64 ? 1e-14 : 1e-7), path + " is off by " + error);
            }
            models.forEach(model -> assertNotSame(variable, model.variables().get(path)));
        });
    }
}
