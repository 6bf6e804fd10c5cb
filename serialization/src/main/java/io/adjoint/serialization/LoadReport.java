package io.adjoint.serialization;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a load did. It prints as a line, and a table of the differences if there are some.
 *
 * @param file what was read
 * @param metadata what was saved along
 * @param loaded paths of the variables that got a value
 * @param kept paths of the variables that kept theirs
 * @param unused the tensors of the file that went nowhere, as the file names them
 * @param differences among what was to be loaded
 * @param fault what is wrong with the file that was asked for, if its previous contents were read instead
 */
public record LoadReport(Path file, SequencedMap<String, String> metadata, List<String> loaded, List<String> kept,
        List<String> unused, Differences differences, Optional<ModelFileException> fault) {
    /** Copies the collections. */
    public LoadReport {
        metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
        loaded = List.copyOf(loaded);
        kept = List.copyOf(kept);
        unused = List.copyOf(unused);
    }

    LoadReport withFault(ModelFileException problem) {
        return new LoadReport(file, metadata, loaded, kept, unused, differences, Optional.of(problem));
    }

    @Override
    public String toString() {
        return file + ": " + loaded.size() + " variables loaded, " + kept.size() + " kept as they were, "
                + unused.size()
                + " tensors of the file unused" + fault.map(e -> "; read instead of a file of which is said: "
                        + e.getMessage()).orElse("")
                + (differences.isEmpty() ? "" : "\n" + differences);
    }
}
