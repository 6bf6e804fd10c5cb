package io.adjoint.serialization.onnx.write;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file beside a model with its tensors. Two names take turns, so that a model that is saved over keeps its data until the
 * new one is in its place.
 *
 * @param path where the new data go
 * @param other those of the model that is replaced
 */
record DataFile(Path path, Optional<Path> other) {
    static DataFile beside(Path model) {
        Path first = model.resolveSibling(model.getFileName() + ".data");
        Path second = model.resolveSibling(model.getFileName() + ".data2");
        if (isUsed(model, first)) {
            return new DataFile(second, Optional.of(first));
        }
        return new DataFile(first, Optional.of(second).filter(data -> isUsed(model, data)));
    }

    String name() {
        return path.getFileName().toString();
    }

    /** Whether the model that is there now keeps tensors in this file. */
    private static boolean isUsed(Path model, Path data) {
        if (!Files.exists(model) || !Files.exists(data)) {
            return false;
        }
        try {
            for (TensorProto tensor : ModelReader.messages(model).getGraph().getInitializerList()) {
                for (StringStringEntryProto entry : tensor.getExternalDataList()) {
                    if (entry.getKey().equals("location") && entry.getValue().equals(data.getFileName().toString())) {
                        return true;
                    }
                }
            }
            return false;
        } catch (ModelFileException e) {
            return false; // no model that could miss its data
        }
    }

    /** Deletes the data of the model that was replaced; where they cannot be deleted they stay. */
    void deleteOther() {
        try {
            if (other.isPresent()) {
                Files.deleteIfExists(other.get());
            }
        } catch (IOException e) {
            return;
        }
    }
}
