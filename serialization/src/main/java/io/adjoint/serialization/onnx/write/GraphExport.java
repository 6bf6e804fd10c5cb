package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Captures;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
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
    /** For functions that need many examples. */
    private static final List<Integer> LARGE = List.of(127, 134, 149, 173);
    /** For functions that take few. */
    private static final List<Integer> SMALL = List.of(3, 5, 7, 8);

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
        Input first = inputs.stream().filter(this::isBatched).findFirst().orElseThrow(() -> new ModelFileException(file,
                "no input has the dynamic axis", "name an input that has it"));
        requireAxes(file);
        Drafts drafts = drafts(file, Math.max(1, first.spec().shape().dim(batch.get().axis())));
        BatchAxis.Joined joined =
                BatchAxis.join(file, drafts.each(), drafts.batches(), drafts.unit(), batch.get().name(),
                        batch.get().axis(), new Term(first.name(), first.spec()));
        ModelWriter.write(file, joined.draft(), joined.extents(), about);
    }

    /** A draft for each batch. */
    private record Drafts(List<Integer> batches, int unit, List<Draft> each) {}

    /**
     * For the first batches that the function takes. Some need more examples than others have, or have no more than so many,
     * or want whole groups of them, into which the extent that they were given can be divided.
     */
    private Drafts drafts(Path file, int given) {
        List<ShapeException> refusals = new ArrayList<>();
        for (List<Integer> batches : List.of(BATCHES, LARGE, SMALL)) {
            Optional<Drafts> drafts = drafts(file, batches, 1, refusals);
            if (drafts.isPresent()) {
                return drafts.get();
            }
        }
        for (int unit = 2; unit <= given; unit++) {
            Optional<Drafts> drafts = given % unit == 0 ? drafts(file, BATCHES, unit, refusals) : Optional.empty();
            if (drafts.isPresent()) {
                return drafts.get();
            }
        }
        throw new ModelFileException(file, "the function takes no set of batches that tells how it depends on the "
                + Names.shown(batch.orElseThrow().name()) + ": " + refusals.getFirst().getMessage(),
                "give its input an extent that it takes multiples of, or export it without a dynamic axis");
    }

    private Optional<Drafts> drafts(Path file, List<Integer> units, int unit, List<ShapeException> refusals) {
        List<Integer> batches = units.stream().map(size -> size * unit).toList();
        try {
            return Optional.of(
                    new Drafts(batches, unit, batches.stream().map(size -> draft(file, specs(size))).toList()));
        } catch (ShapeException refusal) {
            refusals.add(refusal);
            return Optional.empty();
        }
    }

    private boolean isBatched(Input input) {
        return batch.isPresent() && (batch.get().inputs().isEmpty() || batch.get().inputs().contains(input.name()));
    }

    private void requireAxes(Path file) {
        int axis = batch.orElseThrow().axis();
        inputs.stream().filter(this::isBatched).filter(input -> axis < 0 || axis >= input.spec().shape().rank())
                .findFirst().ifPresent(input -> {
                    throw new ModelFileException(file, input.name() + " has no axis " + axis + " to be dynamic",
                            "name the inputs that have it");
                });
    }

    private List<TensorSpec> specs(int size) {
        return inputs.stream().map(input -> isBatched(input) ? new TensorSpec(input.spec().dtype(),
                input.spec().shape().with(batch.orElseThrow().axis(), size)) : input.spec()).toList();
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
        if (batch.filter(dynamic -> dynamic.name().isEmpty()).isPresent()) {
            throw new ModelFileException(file, "the dynamic axis has an empty name, which stands for none",
                    "give it a name");
        }
        if (names.contains("") || inputs.stream().anyMatch(input -> input.name().isEmpty())) {
            throw new ModelFileException(file, "an input or output has an empty name, which stands for none",
                    "give each a name");
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
