package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The files with tensors beside a model. They must lie in the model's folder, wherever symbolic links lead. */
final class ExternalData {
    private final Path model;
    private final Map<String, MemorySegment> files = new HashMap<>();

    ExternalData(Path model) {
        this.model = model;
    }

    /** The bytes of a tensor, read as they are looked at. */
    ByteBuffer bytes(TensorProto tensor) {
        Map<String, String> keys = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            keys.put(entry.getKey(), entry.getValue());
        }
        String location = keys.getOrDefault("location", "");
        MemorySegment file = files.get(location);
        if (file == null) {
            file = RegularFile.map(inside(tensor, location));
            files.put(location, file);
        }
        long offset = number(tensor, keys, "offset", 0);
        long length = number(tensor, keys, "length", Math.max(0, file.byteSize() - offset));
        if (offset > file.byteSize() || length > file.byteSize() - offset || length > Integer.MAX_VALUE) {
            throw bad(tensor, "its " + length + " bytes at " + offset + " are not in " + Names.quote(location)
                    + " of " + file.byteSize() + " bytes", "copy the model together with all its files");
        }
        return file.asSlice(offset, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path inside(TensorProto tensor, String location) {
        Path path;
        try {
            path = Path.of(location);
        } catch (InvalidPathException e) {
            throw bad(tensor, "no file can have the name " + Names.quote(location), "restore the file from a copy");
        }
        boolean leaves = location.isEmpty() || path.isAbsolute() || location.contains("\\")
                || path.getNameCount() == 0;
        for (Path name : path) {
            leaves |= name.toString().equals("..");
        }
        if (leaves) {
            throw outside(tensor, location);
        }
        Path beside = model.toAbsolutePath().getParent();
        try {
            Path found = beside.resolve(path).toRealPath();
            if (!found.startsWith(beside.toRealPath())) {
                throw outside(tensor, location);
            }
            return found;
        } catch (IOException _) {
            throw bad(tensor, "its data file " + Names.quote(location) + " is not there, or cannot be read",
                    "copy the model together with all its files");
        }
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
