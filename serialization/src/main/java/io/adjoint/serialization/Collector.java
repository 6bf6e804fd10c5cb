package io.adjoint.serialization;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.proto.Metadata;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiPredicate;

/** What a file holds: of all tensors the specs, of those wanted the values. */
final class Collector implements CheckpointReader.Sink {
    private final BiPredicate<String, TensorSpec> wanted;
    private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
    private final SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private String libraryVersion = "";

    private Collector(BiPredicate<String, TensorSpec> wanted) {
        this.wanted = wanted;
    }

    static Collector read(Path file, BiPredicate<String, TensorSpec> wanted) {
        Collector collector = new Collector(wanted);
        CheckpointReader.read(file, collector);
        return collector;
    }

    /** Without the tensors, at which nobody looks. */
    static Collector readHeader(Path file) {
        Collector collector = new Collector((_, _) -> false);
        CheckpointReader.readHeader(file, collector);
        return collector;
    }

    @Override
    public void metadata(String version, List<Metadata> entries) {
        libraryVersion = version;
        entries.forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    }

    @Override
    public boolean wants(String path, TensorSpec spec) {
        specs.put(path, spec);
        return wanted.test(path, spec);
    }

    @Override
    public void tensor(String path, Tensor tensor) {
        tensors.put(path, tensor);
    }

    SequencedMap<String, TensorSpec> specs() {
        return specs;
    }

    CheckpointContents contents() {
        return new CheckpointContents(libraryVersion, metadata, tensors);
    }
}
