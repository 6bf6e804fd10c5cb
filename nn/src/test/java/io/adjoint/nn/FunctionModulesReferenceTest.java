package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.adjoint.autodiff.DType;
import io.adjoint.nn.reference.ReferenceFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Activations, norms and embeddings against PyTorch's values of the functions that its modules call. */
class FunctionModulesReferenceTest {
    /** PyTorch's functions, and the modules whose constructors take the arguments of these. */
    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry("batch_norm", "BatchNorm"), Map.entry("bilinear", "Bilinear"), Map.entry("celu", "CELU"),
            Map.entry("cosine_similarity", "CosineSimilarity"), Map.entry("elu", "ELU"),
            Map.entry("embedding", "Embedding"), Map.entry("embedding_bag", "EmbeddingBag"),
            Map.entry("gelu", "GELU"), Map.entry("glu", "GLU"), Map.entry("group_norm", "GroupNorm"),
            Map.entry("hardshrink", "Hardshrink"), Map.entry("hardsigmoid", "Hardsigmoid"),
            Map.entry("hardswish", "Hardswish"), Map.entry("hardtanh", "Hardtanh"),
            Map.entry("instance_norm", "InstanceNorm"), Map.entry("layer_norm", "LayerNorm"),
            Map.entry("leaky_relu", "LeakyReLU"), Map.entry("log_softmax", "LogSoftmax"),
            Map.entry("logsigmoid", "LogSigmoid"), Map.entry("mish", "Mish"),
            Map.entry("pairwise_distance", "PairwiseDistance"), Map.entry("prelu", "PReLU"),
            Map.entry("relu", "ReLU"), Map.entry("relu6", "ReLU6"), Map.entry("selu", "SELU"),
            Map.entry("sigmoid", "Sigmoid"), Map.entry("silu", "SiLU"), Map.entry("softmax", "Softmax"),
            Map.entry("softmin", "Softmin"), Map.entry("softplus", "Softplus"), Map.entry("softshrink", "Softshrink"),
            Map.entry("softsign", "Softsign"), Map.entry("tanh", "Tanh"), Map.entry("tanhshrink", "Tanhshrink"),
            Map.entry("threshold", "Threshold"));
    private static final List<String> VARIABLES = List.of("weight", "bias", "running_mean", "running_var");
    private static final List<String> INPUTS =
            List.of("input", "input1", "input2", "x1", "x2", "offsets", "per_sample_weights");

    @TestFactory
    Stream<DynamicTest> functions() {
        List<JsonObject> cases = ReferenceFile.pytorch("ops.jsonl.gz").stream()
                .flatMap(json -> asModule(json).stream()).toList();
        Set<String> covered = cases.stream().map(json -> json.get("module").getAsString()).collect(Collectors.toSet());
        assertTrue(covered.size() >= MODULES.size(), () -> "modules with cases: " + covered);
        return cases.stream().flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                json.get("id").getAsString() + " " + dtype,
                () -> new ModulesReferenceTest.Case(json, dtype).check())));
    }

    /** The case of a function as one of a module: tensors are its input and its state, all else its configuration. */
    private static Optional<JsonObject> asModule(JsonObject function) {
        String op = function.get("op").getAsString();
        JsonObject config = function.getAsJsonObject("args").deepCopy();
        if (!MODULES.containsKey(op) || !function.has("f32err") || isSpecial(function)) {
            return Optional.empty();
        }
        JsonObject inputs = moved(config, INPUTS);
        JsonObject state = moved(config, VARIABLES);
        boolean training = configured(op, config, inputs, state);
        if (op.endsWith("_norm") && state.has("weight") != state.has("bias") || hasLoneSlope(op, state)) {
            return Optional.empty(); // no module has such variables
        }
        JsonObject module = new JsonObject();
        module.add("id", function.get("id"));
        module.addProperty("module", op.equals("batch_norm") || op.equals("instance_norm")
                ? MODULES.get(op) + places(inputs) + "d"
                : MODULES.get(op));
        module.addProperty("mode", training ? "train" : "eval");
        module.add("config", config);
        module.add("inputs", inputs);
        module.add("state", state);
        for (String name : List.of("outputs", "cotangents", "f32err")) {
            module.add(name, function.get(name));
        }
        if (training && state.has("running_mean")) {
            module.add("state_after", after(op, function, state));
        }
        // PyTorch's derivative of hardsigmoid is a sixth as F32
        if (function.has("grads") && !op.equals("hardsigmoid")) {
            JsonObject grads = function.getAsJsonObject("grads").deepCopy();
            JsonObject parts = new JsonObject();
            parts.add("params", moved(grads, VARIABLES));
            parts.add("inputs", grads);
            module.add("grads", parts);
        }
        return Optional.of(module);
    }

    /** Numbers that are not finite, which the measure of modules does not know. */
    private static boolean isSpecial(JsonObject function) {
        return function.has("tags") && function.getAsJsonArray("tags").asList().stream()
                .map(JsonElement::getAsString).anyMatch(tag -> tag.startsWith("nonfinite") || tag.equals("special"));
    }

    private static boolean hasLoneSlope(String op, JsonObject state) {
        return op.equals("prelu") && state.getAsJsonObject("weight").getAsJsonArray("shape").isEmpty();
    }

    private static JsonObject moved(JsonObject from, List<String> names) {
        JsonObject moved = new JsonObject();
        for (String name : names) {
            JsonElement value = from.remove(name);
            if (value != null && value.isJsonObject() || value instanceof JsonArray) {
                moved.add(name, value);
            }
        }
        return moved;
    }

    /** Says what the constructor wants to know instead of tensors; whether the module is to train. */
    private static boolean configured(String op, JsonObject config, JsonObject inputs, JsonObject state) {
        switch (op) {
            case "batch_norm", "instance_norm" -> {
                config.addProperty("num_features", extent(inputs.getAsJsonObject("input"), 1));
                config.addProperty("affine", state.has("weight"));
                config.addProperty("track_running_stats", state.has("running_mean"));
                if (state.has("running_mean")) {
                    state.add("num_batches_tracked", count(0));
                }
                JsonElement training = config.remove(op.equals("batch_norm") ? "training" : "use_input_stats");
                return training == null ? op.equals("instance_norm") : training.getAsBoolean();
            }
            case "group_norm" -> {
                config.addProperty("num_channels", extent(inputs.getAsJsonObject("input"), 1));
                config.addProperty("affine", state.has("weight"));
            }
            case "layer_norm" -> config.addProperty("elementwise_affine", state.has("weight"));
            case "prelu" -> config.addProperty("num_parameters", extent(state.getAsJsonObject("weight"), 0));
            case "bilinear" -> {
                config.addProperty("out_features", extent(state.getAsJsonObject("weight"), 0));
                config.addProperty("in1_features", extent(state.getAsJsonObject("weight"), 1));
                config.addProperty("in2_features", extent(state.getAsJsonObject("weight"), 2));
                config.addProperty("bias", state.has("bias"));
            }
            case "embedding", "embedding_bag" -> {
                config.addProperty("num_embeddings", extent(state.getAsJsonObject("weight"), 0));
                config.addProperty("embedding_dim", extent(state.getAsJsonObject("weight"), 1));
            }
            default -> {}
        }
        return true;
    }

    /** A function of statistics gives none of what the module counts. */
    private static JsonObject after(String op, JsonObject function, JsonObject state) {
        JsonObject after = new JsonObject();
        JsonObject changed = function.has("after") ? function.getAsJsonObject("after") : new JsonObject();
        changed.asMap().forEach((name, data) -> {
            JsonObject tensor = state.getAsJsonObject(name).deepCopy();
            tensor.add("data", data);
            after.add(name, tensor);
        });
        after.add("num_batches_tracked", count(op.equals("batch_norm") ? 1 : 0));
        return after;
    }

    private static JsonObject count(int batches) {
        return JsonParser.parseString("{dtype: 'int64', shape: [], data: [%d]}".formatted(batches)).getAsJsonObject();
    }

    private static int places(JsonObject inputs) {
        return Math.max(1, inputs.getAsJsonObject("input").getAsJsonArray("shape").size() - 2);
    }

    private static int extent(JsonObject tensor, int axis) {
        JsonArray shape = tensor.getAsJsonArray("shape");
        return shape.isEmpty() ? 1 : shape.get(axis).getAsInt();
    }
}
