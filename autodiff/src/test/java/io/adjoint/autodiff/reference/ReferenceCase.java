package io.adjoint.autodiff.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.adjoint.autodiff.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** One line of the file of operations: the call of a PyTorch function, and what PyTorch answered in float64. */
record ReferenceCase(JsonObject json) {
    /** The Hessian times {@code vectors}, both by the name of the argument. */
    record SecondOrder(Map<String, JsonArray> vectors, Map<String, JsonArray> products) {}

    static ReferenceCase parse(String line) {
        return new ReferenceCase(JsonParser.parseString(line).getAsJsonObject());
    }

    String id() {
        return json.get("id").getAsString();
    }

    /** The name of the PyTorch function. */
    String function() {
        return json.get("op").getAsString();
    }

    /** The number of the case and the whole of its call. */
    String call() {
        return id() + " " + json.get("args");
    }

    /** Whether float32 cannot hold the case. */
    boolean isFloat64Only() {
        return json.has("tags") && json.getAsJsonArray("tags").asList().stream()
                .anyMatch(tag -> tag.getAsString().equals("f64only"));
    }

    /** The arguments of the call, with fresh tensors. */
    Arguments arguments(DType real) {
        return new Arguments(json.getAsJsonObject("args"), real);
    }

    List<Values> outputs() {
        return json.getAsJsonArray("outputs").asList().stream().map(o -> Values.of(o.getAsJsonObject())).toList();
    }

    /** The cotangent of an output; none for integers and booleans. */
    Optional<JsonArray> cotangent(int output) {
        JsonElement cotangent = json.getAsJsonArray("cotangents").get(output);
        return cotangent.isJsonNull() ? Optional.empty() : Optional.of(cotangent.getAsJsonArray());
    }

    /** The gradients by the name of the argument; none if the case is of outputs only. An empty array means zeros. */
    Optional<Map<String, JsonArray>> gradients() {
        return json.has("grads") ? Optional.of(arrays(json.getAsJsonObject("grads"))) : Optional.empty();
    }

    /** What became of arguments that the call changed in place, by their name. */
    Map<String, JsonArray> changed() {
        return json.has("after") ? arrays(json.getAsJsonObject("after")) : Map.of();
    }

    Optional<SecondOrder> secondOrder() {
        if (!json.has("hvp")) {
            return Optional.empty();
        }
        JsonObject hvp = json.getAsJsonObject("hvp");
        return Optional.of(new SecondOrder(arrays(hvp.getAsJsonObject("v")), arrays(hvp.getAsJsonObject("hv"))));
    }

    /** The error that PyTorch's own float32 made, an estimate of the case's condition. */
    OptionalDouble condition(String part) {
        JsonElement error = json.has("f32err") ? json.getAsJsonObject("f32err").get(part) : null;
        return error == null || error.isJsonNull() ? OptionalDouble.empty() : OptionalDouble.of(error.getAsDouble());
    }

    private static Map<String, JsonArray> arrays(JsonObject object) {
        Map<String, JsonArray> arrays = new TreeMap<>();
        object.asMap()
                .forEach((name, data) -> arrays.put(name, data.isJsonNull() ? new JsonArray() : data.getAsJsonArray()));
        return arrays;
    }
}
