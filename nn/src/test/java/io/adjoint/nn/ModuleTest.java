package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static Variable variable() {
        return Variable.parameter(Tensor.zeros(2));
    }

    private static List<String> paths(Module module) {
        return List.copyOf(module.variables().keySet());
    }

    private record Block(Variable scale, String name, List<Variable> shifts, Optional<Variable> extra)
            implements Module {}

    private record Net(Linear input, List<Block> blocks, Map<String, Layer> heads, Layer[] tail, int size)
            implements
            Module {}

    @Test
    void pathsFollowTheComponentsInOrder() {
        Block block = new Block(variable(), "a", List.of(variable(), variable()), Optional.of(variable()));
        Block bare = new Block(variable(), "b", List.of(), Optional.empty());
        Rng rng = Rng.seed(1);
        SequencedMap<String, Layer> heads = new LinkedHashMap<>();
        heads.put("z", Linear.Config.of(2, 1).withoutBias().create(rng));
        heads.put("a", Linear.Config.of(2, 1).withoutBias().create(rng));
        Net net = new Net(Linear.of(2, 2, rng), List.of(block, bare), heads,
                new Layer[] {Activation.RELU, Linear.of(1, 1, rng)}, 3);

        assertEquals(List.of("input.weight", "input.bias", "blocks.0.scale", "blocks.0.shifts.0", "blocks.0.shifts.1",
                "blocks.0.extra", "blocks.1.scale", "heads.z.weight", "heads.a.weight", "tail.1.weight", "tail.1.bias"),
                paths(net));
        assertSame(block.scale, net.variables().get("blocks.0.scale"));
    }

    private record Named(Map<String, Variable> variables0) implements Module {}

    @Test
    void mapsWithoutAnOrderAreReadByTheirKeys() {
        assertEquals(List.of("variables0.a", "variables0.b", "variables0.c"),
                paths(new Named(Map.of("c", variable(), "a", variable(), "b", variable()))));
    }

    @Test
    void sequentialNamesLayersByIndexAsPyTorchDoes() {
        Rng rng = Rng.seed(1);
        Sequential model = Sequential.of(Linear.of(4, 3, rng), Activation.TANH, Dropout.of(0.5, rng),
                Sequential.of(x -> x.mul(2), Linear.of(3, 2, rng)));

        assertEquals(List.of("0.weight", "0.bias", "2.key", "3.1.weight", "3.1.bias"), paths(model));
        assertEquals(4, model.parameters().size(), "the random key is no parameter");
    }

    private record Tied(Linear encoder, Linear decoder) implements Module {}

    @Test
    void aSharedVariableAppearsOnceUnderItsFirstPath() {
        Linear encoder = Linear.of(3, 3, Rng.seed(1));
        Linear decoder = new Linear(encoder.weight(), Optional.of(variable3()));

        assertEquals(List.of("encoder.weight", "encoder.bias", "decoder.bias"), paths(new Tied(encoder, decoder)));
        assertEquals(List.of("encoder.weight", "encoder.bias"), paths(new Tied(encoder, encoder)));
    }

    private static Variable variable3() {
        return Variable.parameter(Tensor.zeros(3));
    }

    private static final class Cycle implements Module {
        private final Variable own = variable();

        @Override
        public SequencedMap<String, Object> parts() {
            SequencedMap<String, Object> parts = new LinkedHashMap<>();
            parts.put("self", this);
            parts.put("own", own);
            return parts;
        }
    }

    @Test
    void aClassThatOverridesPartsIsATreeEvenIfItHoldsItself() {
        assertEquals(List.of("own"), paths(new Cycle()));
    }

    private static final class Forgetful implements Module {
        @SuppressWarnings("unused")
        private final Linear hidden = Linear.of(2, 2, Rng.seed(1));
    }

    @Test
    void aClassThatHoldsPartsButDoesNotNameThemIsRefused() {
        ShapeException e = assertThrows(ShapeException.class, () -> new Forgetful().variables());
        assertEquals("parts: a class does not say what its parts are: class " + Forgetful.class.getName()
                + ", field hidden; expected a record, or a class that overrides parts()", e.getMessage());
    }

    @Test
    void aLambdaThatCapturesAVariableIsRefused() {
        Variable scale = variable();
        Layer scaling = x -> x.mul(scale.value());
        assertThrows(ShapeException.class, scaling::variables);
    }

    private record Loose(Set<Variable> variables0) implements Module {}

    @Test
    void aCollectionOfVariablesWithoutAnOrderIsRefused() {
        ShapeException e = assertThrows(ShapeException.class, () -> new Loose(Set.of(variable())).variables());
        assertTrue(e.getMessage().startsWith("variables: a collection has no order: part variables0, type "),
                e.getMessage());
    }

    @Test
    void aPartThatIsNullIsRefused() {
        ShapeException e = assertThrows(ShapeException.class, () -> new Tied(null, null).variables());
        assertEquals("parts: a part is null: record " + Tied.class.getName()
                + ", component encoder; expected a value; Optional.empty() for a part that is not there",
                e.getMessage());
    }

    @Test
    void twoVariablesWithOnePathAreRefused() {
        Map<String, Object> inner = Map.of("b", variable());
        SequencedMap<String, Object> map = new LinkedHashMap<>();
        map.put("a.b", variable());
        map.put("a", inner);
        Module module = new Module() {
            @Override
            public SequencedMap<String, Object> parts() {
                return map;
            }
        };
        ShapeException e = assertThrows(ShapeException.class, module::variables);
        assertEquals("variables: two variables have one path: path a.b; expected map keys that make different paths",
                e.getMessage());
    }

    /** A tree of layers with the paths that its variables must have, both grown from the same random choices. */
    private record Grown(Layer layer, List<String> paths) {}

    @Provide
    Arbitrary<Grown> trees() {
        Arbitrary<Grown> leaf = Arbitraries.of(true, false).map(bias -> {
            Linear.Config config = Linear.Config.of(2, 2);
            return bias
                    ? new Grown(config.create(Rng.seed(1)), List.of("weight", "bias"))
                    : new Grown(config.withoutBias().create(Rng.seed(1)), List.of("weight"));
        });
        Arbitrary<Grown> bare = Arbitraries.of(Activation.values()).map(activation -> new Grown(activation, List.of()));
        return Arbitraries.recursive(() -> Arbitraries.oneOf(leaf, bare), inner -> inner.list().ofMaxSize(3)
                .map(ModuleTest::join), 0, 4);
    }

    private static Grown join(List<Grown> children) {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            for (String path : children.get(i).paths) {
                paths.add(i + "." + path);
            }
        }
        return new Grown(new Sequential(children.stream().map(Grown::layer).toList()), paths);
    }

    @Property(tries = 200)
    void everyVariableOfATreeHasItsPath(@ForAll("trees") Grown tree) {
        assertEquals(tree.paths, paths(tree.layer));
    }
}
