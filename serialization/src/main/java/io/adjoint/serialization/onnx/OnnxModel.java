package io.adjoint.serialization.onnx;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.nn.Layer;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.read.Constants;
import io.adjoint.serialization.onnx.read.ModelReader;
import io.adjoint.serialization.onnx.write.ModelSaver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A model from an ONNX file, as a module: its float initializers are parameters under their names in the file, so that it is
 * run, compiled, trained and saved like any other.
 *
 * {@snippet :
 * OnnxModel model = Onnx.load(Path.of("classifier.onnx"));
 * Tensor logits = model.forward(x);
 * }
 *
 * What batch normalisation keeps of its training data is a buffer. An initializer that decides shapes, and a constant of the
 * graph, is fixed. Operators compute as at inference, dropout passes on what it gets.
 *
 * <p>Elements of types that the library has no dtype for, such as uint8 or float16, go in and come out in the dtype that
 * {@link ElementType#carrier()} names.
 *
 * <p>A model whose graph depends on values, not only on shapes (a branch on an input, a count of nonzero elements), runs
 * eagerly but cannot be traced where such a value is an input of the traced function.
 */
public final class OnnxModel implements Layer {
    private final ModelReader.Parsed parsed;
    private final ModelProto messages;

    private OnnxModel(ModelReader.Parsed parsed, ModelProto messages) {
        this.parsed = parsed;
        this.messages = messages;
    }

    static OnnxModel of(Path file, ModelProto messages) {
        return new OnnxModel(ModelReader.parse(file, messages), messages);
    }

    /** What has to be given, in order. */
    public List<ValueSpec> inputs() {
        return parsed.inputs();
    }

    /** What is computed, in order. */
    public List<ValueSpec> outputs() {
        return parsed.outputs();
    }

    /** The parameters and buffers under their names in the file. */
    @Override
    public SequencedMap<String, Object> parts() {
        return new LinkedHashMap<>(parsed.variables());
    }

    /**
     * The tensors of the file that are no parameters or buffers and never change: initializers of integers, such as quantised
     * weights, those that decide shapes, and what the nodes {@code Constant} hold, in the dtypes of their
     * {@linkplain ElementType#carrier() carriers}. Those in branches, loops and functions are among them. They go by their names
     * in the file; one that another tensor has already, parameters and buffers included, is followed by a number, as in
     * {@code scale_2}. {@link #save} writes them as they were read.
     *
     * @return an unmodifiable map
     */
    public SequencedMap<String, Tensor> constants() {
        return Constants.of(parsed.graph(), parsed.functions(), parsed.variables().keySet());
    }

    /**
     * Writes the model with what its parameters and buffers hold now. Graph, names, dynamic axes and metadata stay, and
     * floats of 16 bits are rounded to such. A file of this name is replaced, be it the one that the model came from; more
     * than 1 GiB of weights, and of tensors that lay in other files, go to a file of their own beside it, as for {@link
     * OnnxExport}; no other file is needed. A symbolic link stays: what it leads to is replaced, and a file of weights is
     * beside that. A function that no node calls, and what the file says of training, is left out where its tensors lie in
     * another file, which was not read.
     *
     * @throws ModelFileException if the file cannot be written
     */
    public void save(Path file) {
        save(file, OnnxExport.EXTERNAL_ABOVE);
    }

    /** As {@link OnnxExport#externalAbove} says. */
    void save(Path file, long externalAbove) {
        ModelSaver.save(file, messages, parsed.origins(), externalAbove);
    }

    /**
     * The output of a model with one input and one output.
     *
     * @throws ShapeException if the model has more, or the input does not fit
     */
    @Override
    public Tensor forward(Tensor x) {
        if (outputs().size() != 1) {
            throw ShapeException.of("forward", "the model has another number of outputs")
                    .operand("outputs", outputs()).expected("one; call forwardAll or run");
        }
        return forwardAll(List.of(x)).getFirst();
    }

    /**
     * The outputs for inputs in the order of {@link #inputs}.
     *
     * @throws ShapeException if the inputs do not fit the model
     */
    public List<Tensor> forwardAll(List<Tensor> given) {
        if (given.size() != inputs().size()) {
            throw ShapeException.of("forwardAll", "another number of inputs").operand("inputs", given.size())
                    .expected(inputs().toString());
        }
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            ElementType type = inputs().get(i).type();
            requireDtype(inputs().get(i), given.get(i).spec());
            values.add(Value.narrowed(type, given.get(i)));
        }
        return compute(values).stream().map(Value::tensor).toList();
    }

    /**
     * The outputs by name, for inputs by name.
     *
     * @throws ShapeException if an input is missing, unknown, or does not fit the model
     */
    public SequencedMap<String, Tensor> run(Map<String, Tensor> given) {
        List<String> names = inputs().stream().map(ValueSpec::name).toList();
        if (given.size() != names.size() || !given.keySet().containsAll(names)) {
            throw ShapeException.of("run", "other inputs").operand("inputs", given.keySet())
                    .expected(inputs().toString());
        }
        List<Tensor> results = forwardAll(names.stream().map(given::get).toList());
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            named.put(outputs().get(i).name(), results.get(i));
        }
        return named;
    }

    /** The outputs for inputs in order, with their element types. */
    List<Value> compute(List<Value> given) {
        Map<String, Integer> named = new HashMap<>();
        Map<String, Optional<Value>> byName = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            ValueSpec input = inputs().get(i);
            requireShape(input, given.get(i).tensor(), named);
            byName.put(input.name(), Optional.of(given.get(i)));
        }
        List<Optional<Value>> positional = parsed.graph().inputs().stream()
                .map(name -> byName.getOrDefault(name, Optional.empty())).toList();
        return parsed.graph().run(positional);
    }

    private static void requireDtype(ValueSpec input, TensorSpec found) {
        if (found.dtype() != input.type().carrier()) {
            throw ShapeException.of("forward", "the input has another dtype").operand(input.name(), found)
                    .expected(input.type().carrier() + " for " + input);
        }
    }

    /** A named extent is whatever it is at the first input that has it. */
    private static void requireShape(ValueSpec input, Tensor found, Map<String, Integer> named) {
        if (input.shape().isEmpty()) {
            return;
        }
        List<Dimension> dims = input.shape().get();
        boolean fits = dims.size() == found.rank();
        for (int axis = 0; fits && axis < dims.size(); axis++) {
            int extent = found.dim(axis);
            fits = switch (dims.get(axis)) {
                case Dimension.Fixed(long expected) -> extent == expected;
                case Dimension.Named(String name) -> named.merge(name, extent, (first, _) -> first) == extent;
                case Dimension.Unknown() -> true;
            };
        }
        if (!fits) {
            throw ShapeException.of("forward", "the input has another shape").operand(input.name(), found.spec())
                    .expected(input + (named.isEmpty() ? "" : " where " + named));
        }
    }

    /** The graph's inputs and outputs, as {@code (x float[batch, 4]) -> (y float[batch, 3])}. */
    @Override
    public String toString() {
        return join(inputs()) + " -> " + join(outputs());
    }

    private static String join(List<ValueSpec> specs) {
        return specs.stream().map(ValueSpec::toString).toList().toString().replaceAll("^\\[", "(")
                .replaceAll("\\]$", ")");
    }
}
