package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import io.adjoint.serialization.LoadReport;
import io.adjoint.serialization.Match;
import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Tensors that PyTorch saved: {@code torch.save(model.state_dict(), path)}, or a dict around it with an epoch and the like.
 *
 * {@snippet :
 * PyTorchState state = PyTorchState.read(Path.of("encoder.pt"));
 * Tensor weight = state.tensors().get("layers.0.weight");
 * LoadReport report = PyTorchState.load(Path.of("encoder.pt"), model, Match.ALL.renaming("model", ""));
 * }
 *
 * <p>Such a file is a program for the pickle machine, which in Python can do anything. Here it can put tensors, numbers and texts
 * into dicts and lists, and nothing else: whatever names another function or class is refused by that name, a model that was
 * saved as a whole among it. The files are those of PyTorch 1.6 and later.
 *
 * <p>Float and double tensors keep their bits; half and bfloat16 become F32, uint8, int8 and int16 become I32, int32, int64 and
 * bool stay what they are. Views are read as what they show, whatever the rest of their storage is; tensors that are the same view
 * of the same storage are one {@link Tensor}.
 *
 * @param tensors by name: the keys of nested dicts, and the indices of lists, joined by dots
 * @param metadata numbers, truth values, texts and None that stood beside them, likewise, as text
 */
public record PyTorchState(SequencedMap<String, Tensor> tensors, SequencedMap<String, String> metadata) {
    /** Copies the maps. */
    public PyTorchState {
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads all of a file.
     *
     * @throws ModelFileException if the file cannot be read, is damaged, or holds something else than tensors, numbers and texts
     */
    public static PyTorchState read(Path file) {
        return TorchFile.read(file);
    }

    /**
     * Gives the variables of a model the values in a file; tensors that go nowhere are not made.
     *
     * @param match which, and under which names
     * @throws ModelFileException as {@link #read}, or if they do not match. The model is unchanged then
     */
    public static LoadReport load(Path file, Module model, Match match) {
        return TorchFile.load(file, model, match);
    }
}
