package io.adjoint.serialization;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.nn.PathPattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Which tensors of a file go to which variables of a model: to those of the same path, after renaming, as far as patterns
 * name it. An encoder that was trained in one model goes into another so:
 *
 * {@snippet :
 * LoadReport report = Checkpoint.load(file, model, Match.only("encoder").renaming("bert.encoder", "encoder"));
 * }
 *
 * <p>A pattern names variables, or parts, which stand for all variables below: {@code encoder}, {@code layers.*.bias},
 * {@code **.bias}; see {@link PathPattern}. Patterns are of paths in the model.
 *
 * @param included patterns of what is loaded; all if there is none
 * @param excluded patterns of what is not, though it is included
 * @param renamings of the file's paths; of several that fit a path the first counts
 * @param unmatched what becomes of what is named but does not match
 */
public record Match(List<PathPattern> included, List<PathPattern> excluded, List<Renaming> renamings,
        Unmatched unmatched) {
    /** What becomes of variables and tensors that patterns name and that have no counterpart of the same dtype and shape. */
    public enum Unmatched {
        /** Nothing is loaded, and the refusal lists them: half an encoder is worse than none. */
        REFUSE,
        /** What matches is loaded, and the report lists the others. */
        LEAVE
    }

    /**
     * Paths that begin with {@code from} begin with {@code to} instead.
     *
     * @param from whole names, such as {@code bert.encoder}; empty for the beginning of all paths
     * @param to whole names, or empty
     */
    public record Renaming(String from, String to) {
        boolean fits(String path) {
            return from.isEmpty() || path.equals(from) || path.startsWith(from + ".");
        }

        String of(String path) {
            String rest = from.isEmpty() || path.equals(from) ? path.substring(from.length())
                    : path.substring(from.length() + 1);
            return to.isEmpty() || rest.isEmpty() ? to + rest : to + "." + rest;
        }
    }

    /** Everything, under the paths of the file, and it must match. */
    public static final Match ALL = new Match(List.of(), List.of(), List.of(), Unmatched.REFUSE);

    /** Copies the lists. */
    public Match {
        included = List.copyOf(included);
        excluded = List.copyOf(excluded);
        renamings = List.copyOf(renamings);
        Objects.requireNonNull(unmatched, "unmatched");
    }

    /**
     * What these patterns name.
     *
     * @throws io.adjoint.autodiff.ShapeException if a pattern has an empty name
     */
    public static Match only(String... patterns) {
        return new Match(PathPattern.of(patterns), List.of(), List.of(), Unmatched.REFUSE);
    }

    /**
     * The same but for what these patterns name.
     *
     * @throws io.adjoint.autodiff.ShapeException if a pattern has an empty name
     */
    public Match except(String... patterns) {
        List<PathPattern> more = new ArrayList<>(excluded);
        more.addAll(PathPattern.of(patterns));
        return new Match(included, more, renamings, unmatched);
    }

    /** The same with one more renaming, after the others. */
    public Match renaming(String from, String to) {
        List<Renaming> more = new ArrayList<>(renamings);
        more.add(new Renaming(from, to));
        return new Match(included, excluded, more, unmatched);
    }

    /** The same with another end for what does not match. */
    public Match withUnmatched(Unmatched other) {
        return new Match(included, excluded, renamings, other);
    }

    /**
     * Gives a model tensors that come from anywhere, such as a file of another format.
     *
     * @param source what messages name
     * @throws ModelFileException if they do not match, or a pattern names nothing on either side. The model is unchanged
     *     then
     */
    public LoadReport load(Path source, SequencedMap<String, Tensor> tensors, Module model) {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        tensors.forEach((path, tensor) -> specs.put(path, tensor.spec()));
        return load(source, specs, tensors::get, model);
    }

    /**
     * The same where only those tensors are made that go into the model.
     *
     * @param specs of all tensors there are, by path
     * @param tensors makes the tensor of a path
     * @throws ModelFileException as {@link #load(Path, SequencedMap, Module)}
     */
    public LoadReport load(Path source, SequencedMap<String, TensorSpec> specs, Function<String, Tensor> tensors,
            Module model) {
        SequencedMap<String, Variable> variables = model.variables();
        Matching matching = Matching.of(source, this, specs, variables);
        Map<String, Tensor> made = new HashMap<>();
        matching.loaded().values().forEach(path -> made.put(path, tensors.apply(path)));
        matching.assign(made, variables);
        return matching.report(source, Map.of());
    }

    /** Whether this path of the model is named. */
    boolean names(String path) {
        return (included.isEmpty() || included.stream().anyMatch(pattern -> pattern.covers(path)))
                && excluded.stream().noneMatch(pattern -> pattern.covers(path));
    }

    /** What a path of the file is in the model. */
    String renamed(String path) {
        return renamings.stream().filter(renaming -> renaming.fits(path)).findFirst()
                .map(renaming -> renaming.of(path)).orElse(path);
    }
}
