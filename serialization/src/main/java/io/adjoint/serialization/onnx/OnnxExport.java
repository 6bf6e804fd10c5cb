package io.adjoint.serialization.onnx;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.LibraryVersion;
import io.adjoint.serialization.onnx.write.GraphExport;
import io.adjoint.serialization.onnx.write.GraphExport.Batch;
import io.adjoint.serialization.onnx.write.GraphExport.Input;
import io.adjoint.serialization.onnx.write.GraphExport.Updates;
import io.adjoint.serialization.onnx.write.ModelWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A function of tensors to be written as an ONNX model, which Netron shows and ONNX Runtime runs:
 *
 * {@snippet :
 * OnnxExport.of(classifier).input("image", 1, 3, 224, 224).output("logits").dynamicBatch("batch")
 *         .doc("Which bird it is").metadata("trained", "2026-11-26").write(Path.of("birds.onnx"));
 * }
 *
 * <p>The function is traced, as for {@link Graph}: what is written are the operations that it does at inference, gradients
 * included if it takes some. Variables become initializers under their paths in the module, one that is shared only once;
 * other tensors that the function uses become constants. Operations that ONNX lacks are written in terms of those that it has,
 * which may add up in another order, and what has no such form is refused. Random numbers stay a function of their key: uniform
 * ones have our bits in every program, and counts are drawn from these as ours are. Node names begin with the path of the part of
 * the module that computes them, and a node's doc string names the line of the source. The model says what dtype and shape each
 * value has, if there are no more than 4,096.
 *
 * <p>Linear algebra becomes loops in double precision that do what ours do. Matrices that ours refuses for their values give
 * what is not finite there: infinities or NaN for the solution with a singular matrix, and NaN in a Cholesky factor from the
 * first column on whose leading minor is not positive.
 *
 * <p>Models are of operator set 20 and IR version 9. An export is immutable: each method gives another one.
 */
public final class OnnxExport {
    static final long EXTERNAL_ABOVE = 1L << 30;

    private final GraphExport graph;
    private final ModelWriter.About about;

    private OnnxExport(GraphExport graph, ModelWriter.About about) {
        this.graph = graph;
        this.about = about;
    }

    /** Exports a layer. */
    public static OnnxExport of(Layer layer) {
        return of(layer, in -> List.of(layer.forward(in.getFirst())));
    }

    /**
     * Exports a function of any number of tensors.
     *
     * @param module whose variables the function uses; they go by their paths
     * @param function what is exported
     */
    public static OnnxExport of(Module module, Function<List<Tensor>, List<Tensor>> function) {
        Map<Variable, String> paths = new IdentityHashMap<>();
        module.variables().forEach((path, variable) -> paths.put(variable, path));
        return new OnnxExport(
                new GraphExport(function, List.of(), List.of(), paths, Updates.REFUSED, Optional.empty()),
                new ModelWriter.About("", new LinkedHashMap<>(), LibraryVersion.get(), EXTERNAL_ABOVE));
    }

    /**
     * Exports a traced graph. Its inputs are {@code input_0, input_1, ...}, its extents are fixed.
     *
     * @param module whose variables the graph reads; they go by their paths
     * @param graph what is exported
     */
    public static OnnxExport of(Module module, Graph graph) {
        OnnxExport export = of(module, GraphExport.replaying(graph));
        List<TensorSpec> specs = graph.inputs();
        for (int i = 0; i < specs.size(); i++) {
            export = export.input("input_" + i, specs.get(i));
        }
        return export;
    }

    /** With a further input. */
    public OnnxExport input(String name, TensorSpec spec) {
        List<Input> inputs = new ArrayList<>(graph.inputs());
        inputs.add(new Input(name, spec));
        return with(new GraphExport(graph.function(), inputs, graph.outputs(), graph.paths(), graph.updates(),
                graph.batch()));
    }

    /** With a further input of F32 elements. */
    public OnnxExport input(String name, int... dims) {
        return input(name, new TensorSpec(DType.F32, Shape.of(dims)));
    }

    /** With a name for the next output. Without any they are {@code output}, or {@code output_0, output_1, ...} */
    public OnnxExport output(String name) {
        List<String> outputs = new ArrayList<>(graph.outputs());
        outputs.add(name);
        return with(new GraphExport(graph.function(), graph.inputs(), outputs, graph.paths(), graph.updates(),
                graph.batch()));
    }

    /**
     * The first axis of inputs may have any extent, whatever it is in their specs. The function is traced for several, and
     * must do the same steps for each; extents and counts may depend on the batch linearly. An extent that is computed in
     * another way, such as that of every second example, is not said in the model. A function that takes only whole groups of
     * examples is traced for groups into which the extent that its input was given can be divided. What it does beyond the traces, of
     * up to 53 examples or of 127 to 173 where it needs so many, is not looked at. The axis may not be one along which a whole matrix
     * is worked on, as in a decomposition.
     *
     * @param name of the axis, as the model shows it
     * @param inputs which inputs have it; none stands for all
     */
    public OnnxExport dynamicBatch(String name, String... inputs) {
        return dynamicAxis(name, 0, inputs);
    }

    /**
     * As {@link #dynamicBatch}, for an axis further inside, such as that of the examples of a recurrent network.
     *
     * @param name of the axis, as the model shows it
     * @param axis counted from 0, the outermost
     * @param inputs which inputs have it; none stands for all
     */
    public OnnxExport dynamicAxis(String name, int axis, String... inputs) {
        return with(new GraphExport(graph.function(), graph.inputs(), graph.outputs(), graph.paths(), graph.updates(),
                Optional.of(new Batch(name, axis, List.of(inputs)))));
    }

    /**
     * With the values that variables have afterwards as further outputs, {@code path/updated}. Otherwise a function that sets
     * variables is refused, such as a batch normalisation in training.
     */
    public OnnxExport updatesAsOutputs() {
        return with(new GraphExport(graph.function(), graph.inputs(), graph.outputs(), graph.paths(), Updates.OUTPUTS,
                graph.batch()));
    }

    /** With a description for people. */
    public OnnxExport doc(String text) {
        return with(new ModelWriter.About(text, about.metadata(), about.producerVersion(), about.externalAbove()));
    }

    /** With a property for programs. */
    public OnnxExport metadata(String key, String value) {
        SequencedMap<String, String> metadata = new LinkedHashMap<>(about.metadata());
        metadata.put(key, value);
        return with(new ModelWriter.About(about.doc(), metadata, about.producerVersion(), about.externalAbove()));
    }

    /**
     * With weights and constants in a file of their own if they take more bytes than this; 1 GiB unless said otherwise. Those
     * of less than 1 KiB stay inside. A protobuf message cannot be larger than 2 GiB, so more than 1.5 GiB are outside in any
     * case. The file is {@code
     * model.onnx.data} beside {@code model.onnx}, or with the ending {@code .data2} or a higher number while a file of
     * the first name is there, which may belong to another model: whatever ends a save in the middle, the old model is there
     * with its data, or the new one. In the end the data of the model that was replaced are deleted; where the process was
     * killed, data that no model needs may be left. Where the path is a symbolic link, the file goes beside the model that
     * it leads to, and by that one's name.
     */
    public OnnxExport externalAbove(long bytes) {
        return with(new ModelWriter.About(about.doc(), about.metadata(), about.producerVersion(), bytes));
    }

    private OnnxExport with(GraphExport changed) {
        return new OnnxExport(changed, about);
    }

    private OnnxExport with(ModelWriter.About changed) {
        return new OnnxExport(graph, changed);
    }

    /**
     * Traces the function and writes the model; a file of this name is replaced, at once. A symbolic link stays, and what it
     * leads to is replaced.
     *
     * @throws ModelFileException if an operation has no form in ONNX (all such are named, with their lines), if the dynamic
     *     axis cannot be followed, or if the file cannot be written
     */
    public void write(Path file) {
        graph.write(file, about);
    }
}
