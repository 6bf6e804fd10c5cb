package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
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

/** Layers of images against PyTorch's values of the functions that its modules call. */
class SpatialReferenceTest {
    /** PyTorch's functions, and the modules whose constructors take the arguments of these; {@code n}: number of axes. */
    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry("conv", "Conv"),
            Map.entry("conv_transpose", "ConvTranspose"),
            Map.entry("max_pool", "MaxPool"),
            Map.entry("avg_pool", "AvgPool"),
            Map.entry("adaptive_max_pool", "AdaptiveMaxPool"),
            Map.entry("adaptive_avg_pool", "AdaptiveAvgPool"),
            Map.entry("interpolate", "Upsample"),
            Map.entry("pixel_shuffle", "PixelShuffle"),
            Map.entry("pixel_unshuffle", "PixelUnshuffle"),
            Map.entry("fold", "Fold"),
            Map.entry("nn.functional.unfold", "Unfold"),
            Map.entry("local_response_norm", "LocalResponseNorm"),
            Map.entry("lp_pool", "LPPool"),
            Map.entry("reflect", "ReflectionPad"),
            Map.entry("replicate", "ReplicationPad"),
            Map.entry("circular", "CircularPad"),
            Map.entry("constant", "ConstantPad"));

    @TestFactory
    Stream<DynamicTest> functions() {
        List<JsonObject> cases = ReferenceFile.pytorch("ops.jsonl.gz").stream()
                .flatMap(json -> SpatialReferenceTest.asModule(json).stream()).toList();
        Set<String> covered = cases.stream().map(json -> json.get("module").getAsString()).collect(Collectors.toSet());
        assertTrue(covered.size() >= 27, () -> "modules with cases: " + covered);
        return cases.stream().flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                json.get("id").getAsString() + " " + dtype,
                () -> new ModulesReferenceTest.Case(json, dtype).check())));
    }

    /** The case of a function as one of a module: tensors are its input and its state, all else its configuration. */
    private static Optional<JsonObject> asModule(JsonObject function) {
        JsonObject config = function.getAsJsonObject("args").deepCopy();
        String op = function.get("op").getAsString();
        String stem = op.matches(".*[123]d") ? op.substring(0, op.length() - 2) : op;
        String axes = op.substring(stem.length());
        if (op.equals("pad")) {
            stem = config.has("mode") ? config.remove("mode").getAsString() : "constant";
            axes = config.getAsJsonArray("pad").size() / 2 + "d";
            config.add("padding", config.remove("pad"));
        }
        if (!MODULES.containsKey(stem) || !function.has("f32err") || axes.equals("0d")) {
            return Optional.empty();
        }
        JsonObject inputs = new JsonObject();
        JsonObject state = new JsonObject();
        inputs.add("input", config.remove("input"));
        if (stem.startsWith("conv")) {
            takeVariables(config, state, stem.equals("conv"));
        }
        JsonObject module = new JsonObject();
        module.add("id", function.get("id"));
        module.addProperty("module", MODULES.get(stem) + axes);
        module.addProperty("mode", "train");
        module.add("config", config);
        module.add("inputs", inputs);
        module.add("state", state);
        for (String name : List.of("outputs", "cotangents", "f32err")) {
            module.add(name, function.get(name));
        }
        if (function.has("grads")) {
            module.add("grads", grads(function.getAsJsonObject("grads"), inputs.keySet(), state.keySet()));
        }
        return Optional.of(module);
    }

    /** Moves weight and bias into the state; a constructor takes their extents instead. */
    private static void takeVariables(JsonObject config, JsonObject state, boolean filtersFirst) {
        JsonObject weight = config.remove("weight").getAsJsonObject();
        JsonArray shape = weight.getAsJsonArray("shape").deepCopy();
        int groups = config.has("groups") ? config.get("groups").getAsInt() : 1;
        int first = shape.remove(0).getAsInt();
        int second = shape.remove(0).getAsInt() * groups;
        config.addProperty("in_channels", filtersFirst ? second : first);
        config.addProperty("out_channels", filtersFirst ? first : second);
        config.add("kernel_size", shape);
        state.add("weight", weight);
        boolean biased = config.has("bias") && !config.get("bias").isJsonNull();
        if (biased) {
            state.add("bias", config.remove("bias"));
        }
        config.add("bias", new JsonPrimitive(biased));
    }

    private static JsonObject grads(JsonObject all, Set<String> inputs, Set<String> parameters) {
        JsonObject grads = new JsonObject();
        grads.add("inputs", only(all, inputs));
        grads.add("params", only(all, parameters));
        return grads;
    }

    private static JsonObject only(JsonObject all, Set<String> names) {
        JsonObject some = new JsonObject();
        names.stream().filter(all::has).forEach(name -> some.add(name, all.get(name)));
        return some;
    }
}
