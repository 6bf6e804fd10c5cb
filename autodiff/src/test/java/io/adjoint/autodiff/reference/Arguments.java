package io.adjoint.autodiff.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The arguments of a call under PyTorch's names. Tensors are made once; those that ask for a gradient are tracked
 * leaves, known by the argument's name or, in a list, {@code name.index}. A null counts as absent.
 */
final class Arguments {
    private final JsonObject json;
    private final DType real;
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final SequencedMap<String, Tensor> leaves = new LinkedHashMap<>();

    Arguments(JsonObject json, DType real) {
        this.json = json;
        this.real = real;
        json.asMap().forEach((name, value) -> {
            add(name, value);
            if (value.isJsonArray()) {
                for (int i = 0; i < value.getAsJsonArray().size(); i++) {
                    add(name + "." + i, value.getAsJsonArray().get(i));
                }
            }
        });
    }

    private void add(String name, JsonElement value) {
        if (!Values.isTensor(value)) {
            return;
        }
        Tensor tensor = Values.of(value.getAsJsonObject()).tensor(real);
        if (value.getAsJsonObject().has("requires_grad")) {
            tensor = tensor.tracked();
            leaves.put(name, tensor);
        }
        tensors.put(name, tensor);
    }

    /** The names of the arguments given. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(json.keySet());
        names.removeIf(name -> json.get(name).isJsonNull());
        return names;
    }

    /** The tensors that ask for a gradient. */
    SequencedMap<String, Tensor> leaves() {
        return leaves;
    }

    /** The dtype in which floats come out: that of the run, or the default where no float went in. */
    DType resultFloat() {
        return tensors.isEmpty() || tensors.values().stream().anyMatch(x -> x.dtype().isFloat()) ? real : DType.F32;
    }

    boolean has(String name) {
        return json.has(name) && !json.get(name).isJsonNull();
    }

    boolean isTensor(String name) {
        return tensors.containsKey(name);
    }

    Tensor tensor(String name) {
        return Optional.ofNullable(tensors.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no tensor " + name));
    }

    Optional<Tensor> optional(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** The tensors of a list. */
    Tensor[] tensors(String name) {
        return tensors.entrySet().stream().filter(entry -> entry.getKey().startsWith(name + "."))
                .map(Map.Entry::getValue).toArray(Tensor[]::new);
    }

    double number(String name, double absent) {
        return has(name) ? json.get(name).getAsDouble() : absent;
    }

    /** Whether a number is written without a fraction, as Python writes an integer. */
    boolean isWrittenWhole(String name) {
        return json.get(name).getAsString().matches("-?[0-9]+");
    }

    int integer(String name) {
        return json.get(name).getAsInt();
    }

    int integer(String name, int absent) {
        return has(name) ? integer(name) : absent;
    }

    /** A list of integers; a single one counts as a list, an absent one as empty. */
    int[] integers(String name) {
        return integers(name, 0);
    }

    /**
     * A list of integers, in which another number stands for null; a single one counts as a list, an absent one as empty. A
     * tensor of integers counts as a list, too.
     */
    int[] integers(String name, int none) {
        if (!has(name)) {
            return new int[0];
        }
        if (isTensor(name)) {
            return LongStream.of(tensor(name).toLongs()).mapToInt(Math::toIntExact).toArray();
        }
        JsonElement value = json.get(name);
        List<JsonElement> elements = new ArrayList<>();
        if (value.isJsonArray()) {
            value.getAsJsonArray().forEach(elements::add);
        } else {
            elements.add(value);
        }
        return elements.stream().mapToInt(element -> element.isJsonNull() ? none : element.getAsInt()).toArray();
    }

    /** A list of numbers; a single one counts as a list. */
    double[] numbers(String name) {
        return isList(name)
                ? json.get(name).getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray()
                : new double[] {number(name, 0)};
    }

    /** A list of lists of integers. */
    int[][] lists(String name) {
        return json.get(name).getAsJsonArray().asList().stream()
                .map(list -> list.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray())
                .toArray(int[][]::new);
    }

    /** A list of indices: numbers, truth values, tensors, slices, {@code ...} and {@code None}; in it null is a whole axis. */
    Index[] indices(String name) {
        List<JsonElement> elements = json.get(name).getAsJsonArray().asList();
        return IntStream.range(0, elements.size())
                .mapToObj(i -> isTensor(name + "." + i) ? Index.of(tensor(name + "." + i)) : index(elements.get(i)))
                .toArray(Index[]::new);
    }

    private static Index index(JsonElement element) {
        return switch (element) {
            case JsonNull _ -> Index.all();
            case JsonObject slice -> slice(slice.getAsJsonArray("slice"));
            case JsonPrimitive value when value.isBoolean() -> Index.bool(value.getAsBoolean());
            case JsonPrimitive value when value.isNumber() -> Index.at(value.getAsInt());
            case JsonPrimitive value when value.getAsString().equals("...") -> Index.ellipsis();
            case JsonPrimitive value when value.getAsString().equals("None") -> Index.newAxis();
            default -> throw new IllegalArgumentException("no index: " + element);
        };
    }

    private static Index slice(JsonArray bounds) {
        Index.Slice from = bounds.get(0).isJsonNull() ? Index.all() : Index.from(bounds.get(0).getAsInt());
        Index.Slice to = bounds.get(1).isJsonNull() ? from : Index.slice(from.start(), bounds.get(1).getAsInt());
        return bounds.get(2).isJsonNull() ? to : to.every(bounds.get(2).getAsInt());
    }

    boolean isList(String name) {
        return has(name) && json.get(name).isJsonArray();
    }

    boolean flag(String name, boolean absent) {
        return has(name) ? json.get(name).getAsBoolean() : absent;
    }

    String text(String name, String absent) {
        return has(name) ? json.get(name).getAsString() : absent;
    }
}
