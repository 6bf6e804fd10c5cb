package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Captures;
import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Traces a function and writes its graph.
 *
 * @param function what is exported
 * @param inputs name and spec of each input
 * @param outputs the names of the results; if there are none they get names
 * @param paths the names of variables
 * @param updates what becomes of variables that the function sets
 * @param batch the axis of which inputs may have any extent, if there is one
 */
public record GraphExport(Function<List<Tensor>, List<Tensor>> function, List<Input> inputs, List<String> outputs,
        Map<Variable, String> paths, Updates updates, Optional<Batch> batch) {
    /**
     * Batches that a function with a dynamic axis is traced for. They are not 1, which stretches, and most are unlike what extents
     * mostly are: where two are equal only for one batch, a reshape that changes nothing would be left out.
     */
    private static final List<Integer> BATCHES = List.of(3, 29, 38, 53);

    /** An input. */
    public record Input(String name, TensorSpec spec) {}

    /** A dynamic axis. */
    public record Batch(String name, int axis, List<String> inputs) {}

    /** What becomes of the values that variables have afterwards. */
    public enum Updates {
        /** A function that sets variables is refused. */
        REFUSED,
        /** They are further outputs. */
        OUTPUTS
    }

    /**
     * Writes the model.
     *
     * @throws ModelFileException if it has no form in ONNX, or the file cannot be written
     */
    public void write(Path file, ModelWriter.About about) {
        if (batch.isEmpty()) {
            Draft draft = draft(file, inputs.stream().map(Input::spec).toList());
            ModelWriter.write(file, draft, Extents.TRACED, about);
            return;
        }
        List<Draft> drafts = BATCHES.stream().map(size -> draft(file, specs(file, size))).toList();
        Input first = inputs.stream().filter(this::isBatched).findFirst().orElseThrow(() -> new ModelFileException(file,
                "no input has the dynamic axis", "name an input that has it"));
        BatchAxis.Joined joined = BatchAxis.join(file, drafts, BATCHES, batch.get().name(),
                batch.get().axis(), new Term(first.name(), first.spec()));
        ModelWriter.write(file, joined.draft(), joined.extents(), about);
    }

    private boolean isBatched(Input input) {
        return batch.isPresent() && (batch.get().inputs().isEmpty() || batch.get().inputs().contains(input.name()));
    }

    private List<TensorSpec> specs(Path file, int size) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Input input : inputs) {
            if (!isBatched(input)) {
                specs.add(input.spec());
                continue;
            }
            int axis = batch.get().axis();
            if (axis < 0 || axis >= input.spec().shape().rank()) {
                throw new ModelFileException(file, input.name() + " has no axis " + axis + " to be dynamic",
                        "name the inputs that have it");
            }
            specs.add(new TensorSpec(input.spec().dtype(), input.spec().shape().with(axis, size)));
        }
        return specs;
    }

    private Draft draft(Path file, List<TensorSpec> specs) {
        Captures parts = Captures.of();
        List<String> scopes = new ArrayList<>();
        Graph graph = Graph.traceAll(in -> parts.run(() -> function.apply(in)).result(),
                _ -> scopes.add(parts.path()), specs.toArray(TensorSpec[]::new));
        return draft(file, graph, scopes);
    }

    private Draft draft(Path file, Graph graph, List<String> scopes) {
        List<Integer> results = graph.outputs();
        List<String> names = new ArrayList<>(outputs);
        if (names.isEmpty()) {
            IntStream.range(0, results.size()).forEach(i -> names.add(results.size() == 1 ? "output" : "output_" + i));
        }
        if (names.size() != results.size()) {
            throw new ModelFileException(file, names.size() + " outputs have names, and there are " + results.size(),
                    "name all or none");
        }
        List<Integer> all = new ArrayList<>(results);
        for (Graph.Update update : graph.updates()) {
            String path = Optional.ofNullable(paths.get(update.variable())).orElse("a variable");
            if (updates == Updates.REFUSED) {
                throw new ModelFileException(file, "it sets " + path + ", and an ONNX model sets nothing",
                        "export it as it is at inference, or let updates be outputs");
            }
            names.add(path + "/updated");
            all.add(update.step());
        }
        Set<String> distinct = new HashSet<>(names);
        List<String> given = inputs.stream().map(Input::name).toList();
        distinct.addAll(given);
        if (distinct.size() < names.size() + given.size()) {
            throw new ModelFileException(file, "two of the inputs and outputs have one name", "give each its own");
        }
        return GraphLowering.lower(new Traced(graph, given, names, all, paths, scopes), file);
    }

    /** An export of a graph that is traced already: its extents are what they are. */
    public static Function<List<Tensor>, List<Tensor>> replaying(Graph graph) {
        return in -> {
            Map<Integer, Tensor> values = new HashMap<>();
            for (int i = 0; i < graph.steps().size(); i++) {
                values.put(i, switch (graph.steps().get(i)) {
                    case Graph.Input input -> in.get(input.number());
                    case Graph.Constant constant -> constant.value();
                    case Graph.Read read -> read.variable().value();
                    case Graph.Apply apply ->
                        apply.op().apply(apply.inputs().stream().map(values::get).toArray(Tensor[]::new));
                });
            }
            graph.updates().forEach(update -> update.variable().set(values.get(update.step())));
            return graph.outputs().stream().map(values::get).toList();
        };
    }
}
