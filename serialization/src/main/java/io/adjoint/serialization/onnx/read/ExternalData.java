package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The files with tensors beside a model. They must lie in the model's folder, wherever symbolic links lead. Tensors may share
 * bytes, which are handed out once: those of all places in a file are not more than the file has.
 */
final class ExternalData {
    private static final String COPY = "copy the model together with all its files";

    private final Path model;
    private final Map<String, Path> found = new HashMap<>();
    private final Map<Path, MemorySegment> files = new HashMap<>();
    private final Map<Path, Long> claimed = new HashMap<>();
    private final Set<Place> places = new HashSet<>();

    ExternalData(Path model) {
        this.model = model;
    }

    /** Where the bytes of a tensor are. */
    record Place(Path file, long offset, long length) {}

    /** Where a tensor says that its bytes are, if they may be read. */
    Place place(TensorProto tensor) {
        Map<String, String> keys = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            keys.put(entry.getKey(), entry.getValue());
        }
        String location = keys.getOrDefault("location", "");
        Path path = found.get(location);
        if (path == null) {
            path = inside(tensor, location);
            found.put(location, path);
        }
        long size = map(tensor, location, path).byteSize();
        long offset = number(tensor, keys, "offset", 0);
        long length = number(tensor, keys, "length", Math.max(0, size - offset));
        if (offset > size || length > size - offset) {
            throw bad(tensor, "its " + length + " bytes at " + offset + " are not in " + Names.quote(location)
                    + " of " + size + " bytes", COPY);
        }
        Place place = new Place(path, offset, length);
        if (places.add(place) && claimed.merge(path, length, Long::sum) > size) {
            throw bad(tensor, "with its " + length + " bytes the tensors in " + Names.quote(location)
                    + " are more than the file has, since they overlap", "store each on its own");
        }
        return place;
    }

    /** The bytes of a place, read as they are looked at. */
    MemorySegment bytes(Place place) {
        return files.get(place.file()).asSlice(place.offset(), place.length());
    }

    private MemorySegment map(TensorProto tensor, String location, Path path) {
        MemorySegment file = files.get(path);
        if (file == null) {
            try {
                file = RegularFile.map(path);
            } catch (ModelFileException e) {
                throw bad(tensor, "its data file " + Names.quote(location) + " cannot be read, or is no file", COPY);
            }
            files.put(path, file);
        }
        return file;
    }

    private Path inside(TensorProto tensor, String location) {
        Path path;
        try {
            path = Path.of(location);
        } catch (InvalidPathException e) {
            throw bad(tensor, "no file can have the name " + Names.quote(location), "restore the file from a copy");
        }
        boolean leaves = location.isEmpty() || path.getRoot() != null || location.contains("\\")
                || path.getNameCount() == 0;
        for (Path name : path) {
            leaves |= name.toString().equals("..");
        }
        if (leaves) {
            throw outside(tensor, location);
        }
        try {
            Path beside = folder(path);
            Path real = beside.resolve(path).toRealPath();
            if (!real.startsWith(beside.toRealPath())) {
                throw outside(tensor, location);
            }
            return real;
        } catch (IOException _) {
            throw bad(tensor, "its data file " + Names.quote(location) + " is not there, or cannot be read",
                    COPY);
        }
    }

    /** That of the model itself, where saves put data; or that of a link to it, where others may have put a link to them. */
    private Path folder(Path location) throws IOException {
        Path own = model.toRealPath().getParent();
        return Files.exists(own.resolve(location)) ? own : model.toAbsolutePath().getParent();
    }

    private ModelFileException outside(TensorProto tensor, String location) {
        return bad(tensor, "its data are said to be in " + Names.quote(location) + ", outside of the model's folder",
                "put the data beside the model");
    }

    private long number(TensorProto tensor, Map<String, String> keys, String key, long otherwise) {
        String text = keys.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException _) {
            // refused below, as a negative one is
        }
        throw bad(tensor, "its " + key + " is " + Names.quote(text), "a number of bytes is expected");
    }

    private ModelFileException bad(TensorProto tensor, String problem, String remedy) {
        return new ModelFileException(model, tensor.getName(), problem, remedy);
    }
}
