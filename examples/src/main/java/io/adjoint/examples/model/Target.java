package io.adjoint.examples.model;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.examples.UserError;
import io.adjoint.serialization.Checkpoint;
import io.adjoint.serialization.weights.Npz;
import io.adjoint.serialization.weights.SafeTensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The formats that tensors are written in. */
enum Target {
    /** With metadata. */
    SAFETENSORS,
    /** Without metadata, for which there is no place. */
    NPZ,
    /** With metadata. */
    CHECKPOINT;

    /**
     * The format that a file's ending asks for.
     *
     * @throws UserError if it is none of the three
     */
    static Target of(Path file) {
        return switch (Format.ending(file)) {
            case "safetensors" -> SAFETENSORS;
            case "npz" -> NPZ;
            case "adjoint" -> CHECKPOINT;
            default -> throw new UserError(
                    file + ": found another ending; expected one of .safetensors, .npz, .adjoint to write to");
        };
    }

    /**
     * Writes a file as a whole or not at all.
     *
     * @throws io.adjoint.serialization.ModelFileException if it cannot be written, or something does not fit the format
     */
    void write(Path file, Contents contents) {
        switch (this) {
            case SAFETENSORS -> SafeTensors.write(file, contents.tensors(), contents.metadata());
            case NPZ -> Npz.write(file, contents.tensors());
            case CHECKPOINT -> Checkpoint.save(file, variables(contents.tensors()), contents.metadata());
        }
    }

    private static SequencedMap<String, Variable> variables(SequencedMap<String, Tensor> tensors) {
        SequencedMap<String, Variable> variables = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> variables.put(name, Variable.buffer(tensor)));
        return variables;
    }
}
