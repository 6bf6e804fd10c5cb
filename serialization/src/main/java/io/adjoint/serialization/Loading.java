package io.adjoint.serialization;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.file.AtomicFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** How values come from a checkpoint into variables. */
final class Loading {
    private Loading() {}

    /** Reads a file; a refusal names its previous contents, if they were kept. */
    static Collector read(Path file, BiPredicate<String, TensorSpec> wanted) {
        return read(file, () -> Collector.read(file, wanted));
    }

    /** Reads the beginning of a file; a refusal is as for {@link #read}. */
    static SequencedMap<String, String> metadata(Path file) {
        return read(file, () -> Collector.readHeader(file)).contents().metadata();
    }

    private static Collector read(Path file, Supplier<Collector> reading) {
        try {
            return reading.get();
        } catch (ModelFileException e) {
            Optional<Path> previous = AtomicFile.previous(file);
            throw previous.isEmpty() ? e
                    : e.withRemedy("or load " + previous.get() + ", which holds its contents before the last save");
        }
    }

    static LoadReport load(Path file, SequencedMap<String, Variable> variables, Match match) {
        return assign(file, read(file, wanted(variables, match)), variables, match);
    }

    /** Only damage leads to the previous contents: a file that is whole and of another model is what was asked for. */
    static LoadReport loadOrPrevious(Path file, SequencedMap<String, Variable> variables) {
        BiPredicate<String, TensorSpec> wanted = wanted(variables, Match.ALL);
        Collector found;
        try {
            found = Collector.read(file, wanted);
        } catch (ModelFileException e) {
            Path previous = AtomicFile.previous(file).orElseThrow(() -> e);
            return assign(previous, Collector.read(previous, wanted), variables, Match.ALL).withFault(e);
        }
        return assign(file, found, variables, Match.ALL);
    }

    private static LoadReport assign(Path file, Collector found, SequencedMap<String, Variable> variables,
            Match match) {
        Matching matching = Matching.of(file, match, found.specs(), variables);
        CheckpointContents contents = found.contents();
        matching.assign(contents.tensors(), variables);
        return matching.report(file, contents.metadata());
    }

    static SequencedMap<String, TensorSpec> specs(SequencedMap<String, Variable> variables) {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        variables.forEach((path, variable) -> specs.put(path, variable.spec()));
        return specs;
    }

    /** Only what goes into the model is put together: a file of another architecture costs no memory. */
    private static BiPredicate<String, TensorSpec> wanted(SequencedMap<String, Variable> variables, Match match) {
        SequencedMap<String, TensorSpec> expected = specs(variables);
        return (source, spec) -> {
            String path = match.renamed(source);
            return spec.equals(expected.get(path)) && match.names(path);
        };
    }
}
