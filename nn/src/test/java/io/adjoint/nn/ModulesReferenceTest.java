package io.adjoint.nn;

import static io.adjoint.nn.reference.ReferenceValues.assertClose;
import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.reference.ReferenceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Layers against PyTorch's modules: outputs, gradients by input and by parameters, with weights loaded by name. */
class ModulesReferenceTest {
    /** How to build a module from the arguments of PyTorch's constructor, of which it understands these. */
    private record Maker(Set<String> arguments, BiFunction<JsonObject, DType, Layer> make) {
        /** The layer; none if an argument is not understood. */
        Optional<Layer> layer(JsonObject config, DType dtype) {
            return arguments.containsAll(config.keySet()) ? Optional.of(make.apply(config, dtype)) : Optional.empty();
        }
    }

    /** The modules that exist here. */
    private static final Map<String, Maker> MODULES = Map.of(
            "Linear", new Maker(Set.of("in_features", "out_features", "bias"), ModulesReferenceTest::linear),
            "Flatten", new Maker(Set.of("start_dim"), (config, dtype) -> new Flatten(number(config, "start_dim", 1))),
            "ReLU", new Maker(Set.of(), (config, dtype) -> Activation.RELU),
            "Tanh", new Maker(Set.of(), (config, dtype) -> Activation.TANH),
            "Sigmoid", new Maker(Set.of(), (config, dtype) -> Activation.SIGMOID),
            "GELU", new Maker(Set.of(), (config, dtype) -> Activation.GELU),
            "LogSoftmax", new Maker(Set.of("dim"), (config, dtype) -> new LogSoftmax(number(config, "dim", -1))),
            "Softmax", new Maker(Set.of("dim"), (config, dtype) -> new Softmax(number(config, "dim", -1))));

    @TestFactory
    Stream<DynamicTest> modules() {
        List<JsonObject> cases = ReferenceFile.pytorch("modules.jsonl.gz").stream()
                .filter(json -> build(json, DType.F64).isPresent()).toList();
        assertFalse(cases.isEmpty(), "no case at all whose module exists here");
        return cases.stream().flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                json.get("id").getAsString() + " " + dtype, () -> check(json, dtype))));
    }

    private static void check(JsonObject json, DType dtype) {
        Layer layer = build(json, dtype).orElseThrow();
        SequencedMap<String, Variable> variables = layer.variables();
        JsonObject state = json.getAsJsonObject("state");
        assertEquals(state.keySet(), variables.keySet(), "names of the variables");
        variables.forEach((path, variable) -> variable.set(tensor(state.getAsJsonObject(path), dtype)));

        Tensor x = tensor(json.getAsJsonObject("inputs").getAsJsonObject("input"), dtype).tracked();
        JsonObject errors = json.getAsJsonObject("f32err");
        Training.scope(() -> {
            Tensor y = layer.forward(x);
            JsonObject expected = json.getAsJsonArray("outputs").get(0).getAsJsonObject();
            assertEquals(tensor(expected, dtype).spec(), y.spec());
            assertClose(expected.getAsJsonArray("data"), y, outputs(dtype, errors), "output");
            Tensor cotangent = tensor(json.getAsJsonArray("cotangents").get(0).getAsJsonArray(), y.shape(), dtype);
            Tensor[] leaves = Stream.concat(Stream.of(x), layer.parameters().stream().map(Variable::value))
                    .toArray(Tensor[]::new);
            Gradients gradients = y.mul(cotangent).sum().gradients(leaves);
            JsonObject expectedGradients = json.getAsJsonObject("grads");
            assertClose(expectedGradients.getAsJsonObject("inputs").getAsJsonArray("input"), gradients.of(x),
                    gradients(dtype, errors), "gradient by the input");
            JsonObject byParameter = expectedGradients.getAsJsonObject("params");
            variables.forEach((path, variable) -> assertClose(byParameter.getAsJsonArray(path), gradients.of(variable),
                    gradients(dtype, errors), "gradient by " + path));
            return y;
        });
    }

    private static Optional<Layer> build(JsonObject json, DType dtype) {
        String module = json.get("module").getAsString();
        JsonObject config = json.getAsJsonObject("config");
        if (!module.equals("Sequential")) {
            return layer(module, config, dtype);
        }
        List<Layer> layers = new ArrayList<>();
        JsonArray parts = config.getAsJsonArray("layers");
        for (JsonElement part : parts) {
            JsonArray pair = part.getAsJsonArray();
            layer(pair.get(0).getAsString(), pair.get(1).getAsJsonObject(), dtype).ifPresent(layers::add);
        }
        return layers.size() == parts.size() ? Optional.of(new Sequential(layers)) : Optional.empty();
    }

    private static Optional<Layer> layer(String module, JsonObject config, DType dtype) {
        return Optional.ofNullable(MODULES.get(module)).flatMap(maker -> maker.layer(config, dtype));
    }

    private static Layer linear(JsonObject config, DType dtype) {
        Linear.Config linear = Linear.Config.of(number(config, "in_features", 0), number(config, "out_features", 0))
                .withDType(dtype);
        boolean bias = !config.has("bias") || config.get("bias").getAsBoolean();
        return (bias ? linear : linear.withoutBias()).create(Rng.seed(0));
    }

    private static int number(JsonObject config, String key, int standard) {
        return config.has(key) ? config.get(key).getAsInt() : standard;
    }

    private static double outputs(DType dtype, JsonObject errors) {
        return dtype == DType.F64 ? 1e-10 : 1e-5 + 10 * condition(errors, "out");
    }

    private static double gradients(DType dtype, JsonObject errors) {
        return dtype == DType.F64 ? 1e-9 : 5e-5 + 10 * condition(errors, "grad");
    }

    /** The error that PyTorch's own float32 made; where it is not known, any is allowed. */
    private static double condition(JsonObject errors, String part) {
        return errors.has(part) && !errors.get(part).isJsonNull()
                ? errors.get(part).getAsDouble()
                : Double.POSITIVE_INFINITY;
    }
}
