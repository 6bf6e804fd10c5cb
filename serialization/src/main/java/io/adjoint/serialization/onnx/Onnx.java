package io.adjoint.serialization.onnx;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.read.Inspection;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.nio.file.Path;

/** Models as ONNX files: the format that opens in Netron and runs in ONNX Runtime. */
public final class Onnx {
    private Onnx() {}

    /**
     * Reads a model, to run it, train it and save it again. Operator sets 6 to the newest are understood.
     *
     * @param file the model; data that it keeps in other files must lie in its folder
     * @throws ModelFileException if the file cannot be read, is damaged, or needs operators that are not supported: all of
     *     them are named at once
     */
    public static OnnxModel load(Path file) {
        return OnnxModel.of(file, ModelReader.messages(file));
    }

    /**
     * The same with another limit. What a file's nodes, names and other parts may take in memory, beside its bytes and
     * tensors, is limited to 64 MiB, since a few bytes can claim much. That is enough for some 30,000 nodes.
     *
     * @param mostBytes what they may take at most
     * @throws ModelFileException as {@link #load(Path)}
     */
    public static OnnxModel load(Path file, long mostBytes) {
        return OnnxModel.of(file, ModelReader.messages(file, mostBytes));
    }

    /**
     * Looks into a file, which need not be one that can be run.
     *
     * @throws ModelFileException if the file cannot be read or is no ONNX model
     */
    public static OnnxSummary inspect(Path file) {
        return Inspection.of(ModelReader.messages(file));
    }

    /**
     * The same with another limit, as for {@link #load(Path, long)}.
     *
     * @param mostBytes what the file's parts may take in memory at most
     * @throws ModelFileException as {@link #inspect(Path)}
     */
    public static OnnxSummary inspect(Path file, long mostBytes) {
        return Inspection.of(ModelReader.messages(file, mostBytes));
    }
}
