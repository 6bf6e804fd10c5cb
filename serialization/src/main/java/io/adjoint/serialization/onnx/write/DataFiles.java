package io.adjoint.serialization.onnx.write;

import com.google.protobuf.Message;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile.Call;
import io.adjoint.serialization.file.AtomicFile.Watch;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.read.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The files beside a model with its tensors: {@code model.onnx.data}, or with a number behind it while a file of that name is
 * there, of the model that is replaced, which keeps its data until a new one is in its place, or of whatever other. So
 * whenever a save ends, model and data belong together.
 *
 * @param model where the model goes
 * @param before where the one that is there keeps tensors; empty if that cannot be told
 */
record DataFiles(Path model, Optional<Set<String>> before) {
    private static final String ENDING = ".data";

    static DataFiles beside(Path model) {
        return new DataFiles(model, usedBy(model));
    }

    /**
     * A file for the data of a model, which is not there yet: another model in the folder may need one that is.
     *
     * @param next what will stand there, whose other files are kept
     */
    Path free(ModelProto next) {
        Set<String> taken = new HashSet<>(before.orElse(Set.of()));
        collect(next, taken);
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> model.resolveSibling(model.getFileName() + ENDING + (i == 1 ? "" : i)))
                .filter(data -> !taken.contains(name(data)) && !Files.exists(data, LinkOption.NOFOLLOW_LINKS))
                .findFirst().orElseThrow();
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    /**
     * Deletes the data of the model that was replaced, unless the new one needs them too; where they cannot be deleted they
     * stay.
     *
     * @param now what stands there
     */
    void deleteUnused(ModelProto now, Watch watch) {
        Set<String> used = new HashSet<>();
        collect(now, used);
        for (String location : before.orElse(Set.of())) {
            if (isOurs(location) && !used.contains(location)) {
                delete(model.resolveSibling(location), watch);
            }
        }
    }

    /** After a failure: deletes new data that no model needs. */
    void deleteUnlessUsed(Path data) {
        Optional<Set<String>> used = usedBy(model);
        if (used.isPresent() && !used.get().contains(name(data))) {
            delete(data, Watch.NONE);
        }
    }

    private static void delete(Path data, Watch watch) {
        try {
            watch.before(Call.DELETE_PREVIOUS);
            Files.deleteIfExists(data);
        } catch (IOException e) {
            return;
        }
    }

    /** Others have files of other names, which may serve several models. */
    private boolean isOurs(String location) {
        String start = name(model) + ENDING;
        return location.startsWith(start)
                && location.substring(start.length()).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<Set<String>> usedBy(Path model) {
        try {
            return Files.exists(model) ? Locations.in(model) : Optional.of(Set.of());
        } catch (ModelFileException e) {
            return Optional.empty();
        }
    }

    /** Whether tensors in a message, at any depth, lie in other files. */
    static boolean refers(Message message) {
        Set<String> locations = new HashSet<>();
        collect(message, locations);
        return !locations.isEmpty();
    }

    /** The files of all tensors in a message, at any depth. */
    private static void collect(Message message, Set<String> locations) {
        if (message instanceof TensorProto tensor) {
            tensor.getExternalDataList().stream().filter(entry -> entry.getKey().equals("location"))
                    .map(StringStringEntryProto::getValue).forEach(locations::add);
            return;
        }
        for (Object value : message.getAllFields().values()) {
            if (value instanceof Message inside) {
                collect(inside, locations);
            } else if (value instanceof List<?> list && list.getFirst() instanceof Message) {
                list.forEach(each -> collect((Message) each, locations));
            }
        }
    }
}
