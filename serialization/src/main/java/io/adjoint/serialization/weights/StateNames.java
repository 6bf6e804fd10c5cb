package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The tensors and the other values of nested dicts and lists by names: keys and indices joined by dots. A pickle can nest
 * objects in themselves, or the same again and again, so depth, number and length of the names are limited.
 */
final class StateNames {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAMES = 1 << 17;
    private static final int MAX_TENSORS = 1 << 16;
    private static final int MAX_CHARACTERS = 8 << 20;

    private final Path file;
    private final SequencedMap<String, TorchTensor> tensors = new LinkedHashMap<>();
    private final SequencedMap<String, String> others = new LinkedHashMap<>();
    private int names;
    private int characters;

    private StateNames(Path file) {
        this.file = file;
    }

    /** @throws ModelFileException if this is not a dict or a list, or names are too many or one is there twice */
    static StateNames of(Path file, Object root) {
        if (!(root instanceof Map || root instanceof List)) {
            throw new ModelFileException(file, "it holds a single value and no dict of tensors",
                    "save it under a name: torch.save({\"name\": value}, path)");
        }
        StateNames state = new StateNames(file);
        state.add("", root, 0);
        return state;
    }

    SequencedMap<String, TorchTensor> tensors() {
        return tensors;
    }

    SequencedMap<String, String> others() {
        return others;
    }

    private void add(String name, Object value, int depth) {
        count(name, depth);
        switch (value) {
            case Map<?, ?> dict -> dict.forEach((key, part) -> add(join(name, key.toString()), part, depth + 1));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    add(join(name, Integer.toString(i)), list.get(i), depth + 1);
                }
            }
            case TorchTensor tensor -> put(tensors, name, tensor);
            case TorchGlobal.Dtype dtype -> put(others, name, dtype.name());
            case String text -> put(others, name, text);
            case Number number -> put(others, name, number.toString());
            case Boolean truth -> put(others, name, truth.toString());
            case Pickle.None none -> put(others, name, none.toString());
            default -> throw new ModelFileException(file, "under " + Names.quote(name)
                    + " is neither a tensor nor a number nor a text", "save a dict of those");
        }
    }

    private static String join(String name, String part) {
        return name.isEmpty() ? part : name + "." + part;
    }

    private void count(String name, int depth) {
        names++;
        characters += name.length();
        if (depth > MAX_DEPTH || names > MAX_NAMES || characters > MAX_CHARACTERS) {
            throw new ModelFileException(file,
                    "its dicts are nested more than " + MAX_DEPTH + " deep, or hold more than "
                            + MAX_NAMES + " names, of " + MAX_CHARACTERS + " characters in all",
                    "save the state dict alone");
        }
    }

    private <V> void put(Map<String, V> map, String name, V value) {
        if (tensors.containsKey(name) || others.containsKey(name)) {
            throw new ModelFileException(file, name, "two values have this name", "rename one of them");
        }
        if (value instanceof TorchTensor && tensors.size() == MAX_TENSORS) {
            throw new ModelFileException(file, "it holds more than " + MAX_TENSORS + " tensors",
                    "save them in several files");
        }
        map.put(name, value);
    }
}
