package io.adjoint.serialization;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.PathPattern;
import io.adjoint.serialization.Match.Unmatched;
import io.adjoint.serialization.file.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What a match comes to for one file and one model.
 *
 * @param loaded the file's path of each of the model's paths that gets a value
 * @param kept the model's other paths
 * @param unused the file's other paths
 * @param differences of what was named
 */
record Matching(SequencedMap<String, String> loaded, List<String> kept, List<String> unused, Differences differences) {
    private static final int LISTED = 5;

    /** @throws ModelFileException if the match refuses it */
    static Matching of(Path file, Match match, Map<String, TensorSpec> found,
            SequencedMap<String, Variable> variables) {
        SequencedMap<String, String> sources = sources(file, match, found);
        requireNamed(file, match, sources, variables);
        SequencedMap<String, TensorSpec> inFile = new LinkedHashMap<>();
        sources.forEach((path, source) -> inFile.put(path, found.get(source)));
        SequencedMap<String, TensorSpec> inModel = Loading.specs(variables);
        SequencedMap<String, String> loaded = new LinkedHashMap<>();
        inModel.forEach((path, spec) -> {
            if (match.names(path) && spec.equals(inFile.get(path))) {
                loaded.put(path, sources.get(path));
            }
        });
        inFile.keySet().removeIf(path -> !match.names(path));
        inModel.keySet().removeIf(path -> !match.names(path));
        Differences differences = Differences.between(inFile, inModel);
        requireMatched(file, match, differences, loaded);
        return new Matching(loaded, variables.keySet().stream().filter(path -> !loaded.containsKey(path)).toList(),
                sources.entrySet().stream().filter(e -> !loaded.containsKey(e.getKey())).map(Map.Entry::getValue)
                        .toList(),
                differences);
    }

    /** The file's paths by what they are in the model. */
    private static SequencedMap<String, String> sources(Path file, Match match, Map<String, TensorSpec> found) {
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        for (String source : found.keySet()) {
            String path = match.renamed(source);
            String other = sources.putIfAbsent(path, source);
            if (other != null) {
                throw new ModelFileException(file, source, "it and " + Names.quote(other) + " are both renamed to "
                        + Names.quote(path), "rename them to different paths");
            }
        }
        return sources;
    }

    private static void requireNamed(Path file, Match match, Map<String, String> sources,
            Map<String, Variable> variables) {
        List<String> paths = Stream.concat(variables.keySet().stream(), sources.keySet().stream()).toList();
        for (PathPattern pattern : Stream.concat(match.included().stream(), match.excluded().stream()).toList()) {
            if (paths.stream().noneMatch(pattern::covers)) {
                throw new ModelFileException(file, "the pattern " + Names.quote(pattern.toString())
                        + " names nothing in the file and nothing in the model",
                        "use a pattern of such paths as "
                                + String.join(", ", paths.stream().limit(LISTED).map(Names::quote).toList()));
            }
        }
    }

    private static void requireMatched(Path file, Match match, Differences differences, Map<String, String> loaded) {
        if (differences.isEmpty()) {
            return;
        }
        boolean isAll = match.included().isEmpty() && match.excluded().isEmpty() && match.renamings().isEmpty();
        if (match.unmatched() == Unmatched.REFUSE) {
            throw new ModelFileException(file,
                    (isAll ? "it was saved from another model: " : "what is to be loaded does not match the model: ")
                            + differences.describe(),
                    isAll ? "load it into a model built as the one that was saved"
                            : "name less, rename more, or leave what does not match");
        }
        if (loaded.isEmpty()) {
            throw new ModelFileException(file, "none of its tensors matches the model: " + differences.describe(),
                    "rename its paths to those of the model");
        }
    }

    /** Sets the variables that get a value, from the tensors by the file's paths. */
    void assign(Map<String, Tensor> tensors, Map<String, Variable> variables) {
        loaded.forEach((path, source) -> variables.get(path).set(tensors.get(source)));
    }

    LoadReport report(Path file, Map<String, String> metadata) {
        return new LoadReport(file, new LinkedHashMap<>(metadata), new ArrayList<>(loaded.keySet()), kept, unused,
                differences, Optional.empty());
    }
}
