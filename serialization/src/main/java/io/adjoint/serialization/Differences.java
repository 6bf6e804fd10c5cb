package io.adjoint.serialization;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.Difference.Missing;
import io.adjoint.serialization.Difference.Unequal;
import io.adjoint.serialization.Difference.Unexpected;
import io.adjoint.serialization.file.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the tensors of a file and the variables of a model differ in path, dtype and shape. It prints as a table:
 *
 * <pre>{@code
 * path                in the file  in the model  nearest name
 * "encoder.0.weight"  -            F32[8, 4]     "encoder.0.weights"
 * "encoder.0.weights" F32[8, 4]    -             "encoder.0.weight"
 * "head.bias"         F32[10]      F32[3]
 * }</pre>
 *
 * @param entries what is missing, in the model's order, what is unexpected, in the file's, and what is unequal, in the model's
 */
public record Differences(List<Difference> entries) {
    private static final int SHOWN = 5;

    /** Copies the list. */
    public Differences {
        entries = List.copyOf(entries);
    }

    /**
     * What differs between two trees.
     *
     * @param file dtypes and shapes by path on one side
     * @param model those on the other
     */
    public static Differences between(Map<String, TensorSpec> file, Map<String, TensorSpec> model) {
        List<String> missing = model.keySet().stream().filter(path -> !file.containsKey(path)).toList();
        List<String> unexpected = file.keySet().stream().filter(path -> !model.containsKey(path)).toList();
        List<Difference> entries = new ArrayList<>();
        Nearest inFile = new Nearest(unexpected);
        missing.forEach(path -> entries.add(new Missing(path, model.get(path), inFile.to(path))));
        Nearest inModel = new Nearest(missing);
        unexpected.forEach(path -> entries.add(new Unexpected(path, file.get(path), inModel.to(path))));
        model.forEach((path, expected) -> {
            TensorSpec found = file.get(path);
            if (found != null && !found.equals(expected)) {
                entries.add(new Unequal(path, found, expected));
            }
        });
        return new Differences(entries);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Those of one kind. */
    public <D extends Difference> List<D> of(Class<D> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The table, with a line for each difference. */
    @Override
    public String toString() {
        return table("in the file", "in the model");
    }

    /** The same with other headings, where two files are compared, or two models. */
    public String table(String file, String model) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("path", file, model, "nearest name"));
        entries.forEach(entry -> rows.add(switch (entry) {
            case Missing(String path, TensorSpec expected, Optional<String> nearest) ->
                List.of(Names.quote(path), "-", expected.toString(), nearest.map(Names::quote).orElse(""));
            case Unexpected(String path, TensorSpec found, Optional<String> nearest) ->
                List.of(Names.quote(path), found.toString(), "-", nearest.map(Names::quote).orElse(""));
            case Unequal(String path, TensorSpec found, TensorSpec expected) ->
                List.of(Names.quote(path), found.toString(), expected.toString(), "");
        }));
        return Columns.align(rows);
    }

    /** The first few of each kind: {@code missing "a" F32[2]; unexpected "b" F32[3], "c" F32[] and 7 more}. */
    public String describe() {
        List<String> parts = new ArrayList<>();
        add(parts, "missing ", of(Missing.class), missing -> Names.quote(missing.path()) + " " + missing.expected()
                + missing.nearest().map(name -> " (the file has " + Names.quote(name) + ")").orElse(""));
        add(parts, "unexpected ", of(Unexpected.class), more -> Names.quote(more.path()) + " " + more.found());
        add(parts, "", of(Unequal.class), unequal -> Names.quote(unequal.path()) + " is " + unequal.found()
                + " in the file and " + unequal.expected() + " in the model");
        return String.join("; ", parts);
    }

    private static <D> void add(List<String> parts, String kind, List<D> entries, Function<D, String> text) {
        if (!entries.isEmpty()) {
            String more = entries.size() > SHOWN ? " and " + (entries.size() - SHOWN) + " more" : "";
            parts.add(entries.stream().limit(SHOWN).map(text).collect(Collectors.joining(", ", kind, more)));
        }
    }
}
