package io.adjoint.nn;

import static io.adjoint.nn.reference.ReferenceValues.assertClose;
import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.reference.Arguments;
import io.adjoint.nn.reference.ModuleMakers;
import io.adjoint.nn.reference.ReferenceFile;
import io.adjoint.nn.reference.ReferenceModule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Modules against PyTorch's: outputs, gradients by inputs and by parameters, and what a call leaves in buffers, with the
 * state loaded by name.
 */
class ModulesReferenceTest {
    @TestFactory
    Stream<DynamicTest> modules() {
        List<JsonObject> cases = ReferenceFile.pytorch("modules.jsonl.gz");
        assertFalse(cases.isEmpty(), "no case at all");
        return cases.stream().flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                json.get("id").getAsString() + " " + dtype, () -> new Case(json, dtype).check())));
    }

    /** A case in one dtype. */
    record Case(JsonObject json, DType dtype) {
        void check() {
            Arguments config = new Arguments(json.getAsJsonObject("config"), dtype);
            String name = json.get("module").getAsString();
            ReferenceModule subject = ModuleMakers.find(name)
                    .orElseThrow(() -> new AssertionError("no maker of " + name)).make(config);
            assertEquals(Set.of(), config.unasked(), "arguments of the constructor that the maker does not read");
            Map<String, Variable> variables = named(subject.module());
            load(variables);

            Arguments inputs = new Arguments(json.getAsJsonObject("inputs"), dtype);
            if (json.get("mode").getAsString().equals("train")) {
                Training.scope(() -> {
                    List<Tensor> outputs = outputs(subject, inputs);
                    assertGradients(outputs, inputs, variables.entrySet().stream()
                            .filter(entry -> entry.getValue().kind() == Variable.Kind.PARAMETER)
                            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value())));
                    return outputs;
                });
            } else { // parameters are constants in inference, so that there are gradients by inputs only
                assertGradients(outputs(subject, inputs), inputs, Map.of());
            }
            assertState(variables);
        }

        /** The variables; random keys of dropout, of which PyTorch's state knows nothing, are not among them. */
        private static Map<String, Variable> named(Module module) {
            TensorSpec key = Tensor.of(new long[] {0, 0}).spec();
            return module.variables().entrySet().stream()
                    .filter(entry -> entry.getValue().kind() == Variable.Kind.PARAMETER
                            || !entry.getValue().spec().equals(key))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        private void load(Map<String, Variable> variables) {
            JsonObject state = json.getAsJsonObject("state");
            assertEquals(state.keySet(), variables.keySet(), "names of the variables");
            variables.forEach((path, variable) -> variable.set(tensor(state.getAsJsonObject(path), dtype)));
        }

        private List<Tensor> outputs(ReferenceModule subject, Arguments inputs) {
            List<Tensor> outputs = subject.forward().apply(inputs);
            assertEquals(Set.of(), inputs.unasked(), "arguments of forward that the maker does not read");
            JsonArray expected = json.getAsJsonArray("outputs");
            assertEquals(expected.size(), outputs.size(), "number of results");
            for (int i = 0; i < outputs.size(); i++) {
                JsonObject one = expected.get(i).getAsJsonObject();
                assertEquals(tensor(one, dtype).spec(), outputs.get(i).spec(), "result " + i);
                assertClose(one.getAsJsonArray("data"), outputs.get(i), outputTolerance(outputs.get(i)), "result " + i);
            }
            return outputs;
        }

        /** The gradients of the sum of all results, each times its cotangent. */
        private void assertGradients(List<Tensor> outputs, Arguments inputs, Map<String, Tensor> parameters) {
            if (!json.has("grads")) {
                return;
            }
            JsonObject expected = json.getAsJsonObject("grads");
            JsonObject byInput = expected.getAsJsonObject("inputs");
            assertEquals(byInput.keySet(), inputs.tracked().keySet(), "inputs with a gradient");
            Tensor[] leaves = Stream.concat(inputs.tracked().values().stream(), parameters.values().stream())
                    .toArray(Tensor[]::new);
            Optional<Tensor> sum = weightedSum(outputs);
            if (leaves.length == 0 || sum.isEmpty()) {
                return;
            }
            Gradients gradients = sum.get().gradients(leaves);
            assertAll(byInput, inputs.tracked(), gradients::of);
            JsonObject byParameter = expected.getAsJsonObject("params");
            assertTrue(byParameter.keySet().containsAll(parameters.keySet()), "parameters with a gradient");
            assertAll(byParameter, parameters, gradients::of);
        }

        private Optional<Tensor> weightedSum(List<Tensor> outputs) {
            JsonArray cotangents = json.getAsJsonArray("cotangents");
            return Stream.iterate(0, i -> i < outputs.size(), i -> i + 1).filter(i -> !cotangents.get(i).isJsonNull())
                    .map(i -> outputs.get(i).mul(tensor(cotangents.get(i).getAsJsonArray(), outputs.get(i).shape(),
                            dtype)).sum())
                    .reduce(Tensor::add);
        }

        private void assertAll(JsonObject expected, Map<String, Tensor> leaves, Function<Tensor, Tensor> gradient) {
            leaves.forEach((name, leaf) -> {
                Tensor found = gradient.apply(leaf);
                JsonElement wanted = expected.get(name);
                if (wanted.isJsonNull()) { // PyTorch gave none
                    assertEquals(0, found.abs().sum().item(), name);
                } else {
                    assertClose(wanted.getAsJsonArray(), found, gradientTolerance(), "gradient by " + name);
                }
            });
        }

        /** What the call changed is named; all else is as it was. */
        private void assertState(Map<String, Variable> variables) {
            JsonObject after = json.has("state_after") ? json.getAsJsonObject("state_after") : new JsonObject();
            JsonObject before = json.getAsJsonObject("state");
            assertTrue(variables.keySet().containsAll(after.keySet()), "changed buffers");
            variables.forEach((path, variable) -> {
                JsonObject expected = (after.has(path) ? after : before).getAsJsonObject(path);
                assertClose(expected.getAsJsonArray("data"), variable.value(),
                        after.has(path) ? outputTolerance(variable.value()) : 1e-7, path + " after the call");
            });
        }

        private double outputTolerance(Tensor output) {
            return !output.dtype().isFloat() ? 0 : dtype == DType.F64 ? 1e-10 : 1e-5 + 10 * condition("out");
        }

        private double gradientTolerance() {
            return dtype == DType.F64 ? 1e-9 : 5e-5 + 10 * condition("grad");
        }

        /** The error that PyTorch's own float32 made; where it is not known, any is allowed. */
        private double condition(String part) {
            JsonObject errors = json.getAsJsonObject("f32err");
            return errors.has(part) && !errors.get(part).isJsonNull()
                    ? errors.get(part).getAsDouble()
                    : Double.POSITIVE_INFINITY;
        }
    }
}
