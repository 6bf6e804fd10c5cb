package io.adjoint.nn.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * Arguments of a call in Python, by name: those of a module's constructor, or of its {@code forward}. It remembers which were
 * asked for, so that {@link #unasked} finds an argument that nothing here understands.
 */
public final class Arguments {
    private final JsonObject json;
    private final DType dtype;
    private final SequencedMap<String, Tensor> tracked = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    /** Arguments whose float tensors, and the variables of what is made from them, have this dtype. */
    public Arguments(JsonObject json, DType dtype) {
        this.json = json;
        this.dtype = dtype;
    }

    public DType dtype() {
        return dtype;
    }

    /** A key for first values, which are overwritten by those of the case. */
    public Rng rng() {
        return Rng.seed(0);
    }

    /** Whether the argument is given and not {@code None}. */
    public boolean has(String name) {
        asked.add(name);
        return json.has(name) && !json.get(name).isJsonNull();
    }

    /** Whether the argument is given as {@code None}, where that is not the default. */
    public boolean isNone(String name) {
        asked.add(name);
        return json.has(name) && json.get(name).isJsonNull();
    }

    public int integer(String name) {
        return get(name).getAsInt();
    }

    public int integer(String name, int standard) {
        return has(name) ? integer(name) : standard;
    }

    public double number(String name, double standard) {
        return has(name) ? get(name).getAsDouble() : standard;
    }

    public boolean flag(String name, boolean standard) {
        return has(name) ? get(name).getAsBoolean() : standard;
    }

    public String text(String name, String standard) {
        return has(name) ? get(name).getAsString() : standard;
    }

    /** Whether the argument is a word and not a number or a list. */
    public boolean isText(String name) {
        return has(name) && get(name).isJsonPrimitive() && get(name).getAsJsonPrimitive().isString();
    }

    /** A list of whole numbers; a single one stands for as many as there are axes. */
    public int[] integers(String name, int axes) {
        if (get(name) instanceof JsonArray list) {
            return list.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
        }
        int[] repeated = new int[axes];
        Arrays.fill(repeated, integer(name));
        return repeated;
    }

    /** A list of whole numbers, or one number that stands for as many as there are axes. */
    public int[] integers(String name, int axes, int standard) {
        if (has(name)) {
            return integers(name, axes);
        }
        int[] repeated = new int[axes];
        Arrays.fill(repeated, standard);
        return repeated;
    }

    /** The argument as it stands in the file. */
    public JsonElement get(String name) {
        if (!has(name)) {
            throw new NoSuchElementException(name + " of " + json.keySet());
        }
        return json.get(name);
    }

    /** The arguments that stand in this one. */
    public Arguments nested(String name) {
        return new Arguments(get(name).getAsJsonObject(), dtype);
    }

    public Tensor tensor(String name) {
        return tensor(name, get(name).getAsJsonObject());
    }

    public Optional<Tensor> optional(String name) {
        return has(name) ? Optional.of(tensor(name)) : Optional.empty();
    }

    /** A list of tensors, or a single tensor as a list; none if the argument is not given. */
    public List<Tensor> tensors(String name) {
        if (!has(name)) {
            return List.of();
        }
        if (!(get(name) instanceof JsonArray list)) {
            return List.of(tensor(name));
        }
        List<Tensor> tensors = new ArrayList<>();
        for (JsonElement element : list) {
            tensors.add(tensor(name + "." + tensors.size(), element.getAsJsonObject()));
        }
        return tensors;
    }

    private Tensor tensor(String address, JsonObject tensor) {
        Tensor value = ReferenceValues.tensor(tensor, dtype);
        boolean asksGradient = tensor.has("requires_grad") && tensor.get("requires_grad").getAsBoolean();
        return asksGradient ? tracked.computeIfAbsent(address, _ -> value.tracked()) : value;
    }

    /** The tensors handed out by whom gradients are asked, by their address: {@code input}, {@code hx.0}. */
    public SequencedMap<String, Tensor> tracked() {
        return Collections.unmodifiableSequencedMap(tracked);
    }

    /** The arguments that are given but that nobody asked for. */
    public Set<String> unasked() {
        Set<String> names = new TreeSet<>(json.keySet());
        names.removeAll(asked);
        return names;
    }
}
