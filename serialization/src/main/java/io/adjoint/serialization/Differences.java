package io.adjoint.serialization;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.file.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the tensors of a file and the variables of a model differ.
 *
 * @param missing in the model only
 * @param unexpected in the file only
 * @param unequal in both, with another dtype or shape
 */
public record Differences(List<String> missing, List<String> unexpected, List<String> unequal) {
    private static final int SHOWN = 5;

    /** What differs between the specs of a file and those of a model, by path. */
    public static Differences between(Map<String, TensorSpec> file, Map<String, TensorSpec> model) {
        List<String> missing = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        List<String> unequal = new ArrayList<>();
        model.forEach((path, spec) -> {
            TensorSpec found = file.get(path);
            if (found == null) {
                missing.add(Names.quote(path) + " " + spec);
            } else if (!found.equals(spec)) {
                unequal.add(Names.quote(path) + " is " + found + " in the file and " + spec + " in the model");
            }
        });
        file.forEach((path, spec) -> {
            if (!model.containsKey(path)) {
                unexpected.add(Names.quote(path) + " " + spec);
            }
        });
        return new Differences(missing, unexpected, unequal);
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return missing.isEmpty() && unexpected.isEmpty() && unequal.isEmpty();
    }

    /** The first few of each kind: {@code missing "a" F32[2]; unexpected "b" F32[3], "c" F32[] and 7 more}. */
    public String describe() {
        List<String> parts = new ArrayList<>();
        add(parts, "missing ", missing);
        add(parts, "unexpected ", unexpected);
        add(parts, "", unequal);
        return String.join("; ", parts);
    }

    private static void add(List<String> parts, String kind, List<String> entries) {
        if (!entries.isEmpty()) {
            String more = entries.size() > SHOWN ? " and " + (entries.size() - SHOWN) + " more" : "";
            parts.add(entries.stream().limit(SHOWN).collect(Collectors.joining(", ", kind, more)));
        }
    }
}
