package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.samples.OptimizerSamples;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A compiled step updates many parameters of a few shapes by no more launches than few. */
class FewUpdatesTest {
    private static final Pattern UPDATE = Pattern.compile("variable .* updated in place by unit (\\d+)");

    /** Which join the elements of a matrix with those of a transposed one, across whose rows a loop walks by itself. */
    private static final Set<Class<? extends Transformation>> ACROSS = Set.of(Shampoo.class);

    private record Model(SequencedMap<String, Variable> variables) implements Module {
        static Model of(int layers) {
            SequencedMap<String, Variable> variables = new LinkedHashMap<>();
            for (int i = 0; i < layers; i++) {
                variables.put(i == 0 ? "matrix" : "matrix" + i,
                        Variable.parameter(Rng.seed(i).normal(Shape.of(4, 4), DType.F32)));
                variables.put(i == 0 ? "vector" : "vector" + i,
                        Variable.parameter(Rng.seed(i).normal(Shape.of(4), DType.F32)));
            }
            return new Model(variables);
        }

        @Override
        public SequencedMap<String, Object> parts() {
            return new LinkedHashMap<>(variables);
        }

        Tensor loss(Tensor x) {
            Tensor y = x;
            for (Map.Entry<String, Variable> each : variables.entrySet()) {
                Tensor value = each.getValue().value();
                y = each.getKey().startsWith("matrix") ? y.matmul(value) : y.add(value).tanh();
            }
            return y.square().mean();
        }
    }

    /** The launches that write variables. */
    private static long updates(Transformation recipe, int layers) {
        Model model = Model.of(layers);
        Optimizer optimizer = recipe.over(model);
        Program step = Program.compile(x -> optimizer.minimize(() -> model.loss(x)));
        step.memory(new TensorSpec(DType.F32, Shape.of(8, 4)));
        return UPDATE.matcher(step.explain()).results().map(found -> found.group(1)).distinct().count();
    }

    @TestFactory
    Stream<DynamicTest> updatesOfAnyNumberOfParametersAreAsManyLaunches() {
        return OptimizerSamples.all().stream().filter(sample -> !ACROSS.contains(sample.type()))
                .map(sample -> dynamicTest(sample.toString(), () -> {
                    long few = updates(sample.make(), 5);
                    assertTrue(few > 0, "nothing is updated in place");
                    assertEquals(few, updates(sample.make(), 9));
                }));
    }

    @Test
    void elementsOfAParameterAndItsStateAreUpdatedTogether() {
        assertEquals(2, updates(Sgd.of(0.1), 3), "with the number of steps");
        assertEquals(2, updates(AdamW.of(0.1), 3), "with the number of steps");
    }
}
