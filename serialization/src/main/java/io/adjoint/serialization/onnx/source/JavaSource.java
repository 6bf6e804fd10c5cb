package io.adjoint.serialization.onnx.source;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import io.adjoint.serialization.Checkpoint;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Narrow;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * A function of tensors as the source of a record.
 *
 * @param function what the record's method does
 * @param variables what it reads, by name
 * @param inputs the names of the method's parameters, any text
 * @param specs of the parameters
 * @param batched which of them have the batch as their first axis; none for a source of fixed shapes
 * @param origin where it comes from, for the record's comment; any text
 */
public record JavaSource(Function<List<Tensor>, List<Tensor>> function, SequencedMap<String, Variable> variables,
        List<String> inputs, List<TensorSpec> specs, Set<Integer> batched, String origin) {
    /** Not 1, which stretches; the second ones are for functions that need many examples. */
    private static final List<List<Integer>> BATCHES = List.of(List.of(3, 5, 8), List.of(127, 134, 149));

    /** A method may have 64 KiB of bytecode. */
    private static final int MOST_STATEMENTS = 2_000;

    private static final String BATCH = "batch";

    /** What the record is made of, whatever the function is. */
    private static final List<Class<?>> USED = List.of(Tensor.class, Variable.class, Layer.class, Module.class,
            Checkpoint.class, Path.class, LinkedHashMap.class, SequencedMap.class, Set.class, List.class, String.class,
            Object.class, Override.class, Float.class, Double.class);

    private record Traces(List<Integer> batches, List<Graph> graphs) {}

    /** Source, and the tensors that it needs beside the variables. */
    public record Written(String source, SequencedMap<String, Tensor> constants) {}

    /**
     * Writes the source.
     *
     * @param file what refusals name
     * @param packageName of the record, empty for none
     * @param className of the record
     * @throws ModelFileException if what the function does depends on the batch in another way than a number growing with it,
     *     or there is too much of it
     */
    public Written write(Path file, String packageName, String className) {
        List<String> parameters = parameters();
        Literals literals = new Literals();
        Map<Variable, String> paths = new IdentityHashMap<>();
        variables.forEach((path, variable) -> paths.put(variable, path));
        Traces traces = batched.isEmpty() ? traces(List.of(0)) : traces(file);
        List<Integer> batches = traces.batches();
        List<Graph> graphs = traces.graphs();
        requireOpen(file, graphs.getFirst());
        List<SourceDraft> drafts =
                graphs.stream().map(graph -> new SourceDraft(graph, parameters, paths, literals)).toList();
        SourceDraft first = drafts.getFirst();
        if (first.statements().size() > MOST_STATEMENTS) {
            throw new ModelFileException(file, "its source would have " + first.statements().size() + " statements",
                    "up to " + MOST_STATEMENTS + " fit into a method");
        }
        requireSameConstants(file, drafts);
        List<String> body = new ArrayList<>();
        for (int i = 0; i < first.statements().size(); i++) {
            int at = i;
            body.add(joined(file, batches, drafts, draft -> at < draft.statements().size() ? draft.statements().get(at)
                    : Text.of()));
        }
        List<String> results = IntStream.range(0, first.results().size())
                .mapToObj(i -> joined(file, batches, drafts, draft -> draft.results().get(i))).toList();
        requireOwnName(file, className, literals.imports());
        return new Written(source(packageName, className, parameters, literals, body, results, buffers(first)),
                first.constants());
    }

    private Traces traces(List<Integer> batches) {
        return new Traces(batches, batches.stream().map(batch -> Graph.traceAll(function, specs(batch))).toList());
    }

    private Traces traces(Path file) {
        List<ShapeException> refusals = new ArrayList<>();
        for (List<Integer> batches : BATCHES) {
            try {
                return traces(batches);
            } catch (ShapeException refusal) {
                refusals.add(refusal);
            }
        }
        throw new ModelFileException(file, "it does not take any batch: " + refusals.getFirst().getMessage(),
                "write the source for a fixed batch");
    }

    /** The source calls classes by their simple names. */
    private static void requireOwnName(Path file, String className, Set<String> imports) {
        boolean isTaken = Stream.concat(imports.stream(), USED.stream().map(Class::getName))
                .anyMatch(name -> name.substring(name.lastIndexOf('.') + 1).equals(className));
        if (isTaken) {
            throw new ModelFileException(file, "its source uses another class that is called " + className,
                    "name the record otherwise");
        }
    }

    /** Literals of the names of what is not trained. */
    private List<String> buffers(SourceDraft draft) {
        Stream<String> state = variables.entrySet().stream()
                .filter(entry -> entry.getValue().kind() == Variable.Kind.BUFFER).map(Map.Entry::getKey);
        return Stream.concat(state, draft.constants().keySet().stream()).map(Escapes::literal).toList();
    }

    /** Operations that a module keeps to itself cannot be named in source. */
    private static void requireOpen(Path file, Graph graph) {
        Set<String> hidden = new TreeSet<>();
        for (Graph.Step step : graph.steps()) {
            if (step instanceof Graph.Apply apply && !(apply.op() instanceof Narrow)) {
                Class<?> type = apply.op().getClass();
                if (!Modifier.isPublic(type.getModifiers())
                        || !type.getModule().isExported(type.getPackageName())) {
                    hidden.add(apply.op().id());
                }
            }
        }
        if (!hidden.isEmpty()) {
            throw new ModelFileException(file, "it needs operations that have no source: " + String.join(", ", hidden),
                    "run the model itself");
        }
    }

    private TensorSpec[] specs(int batch) {
        return IntStream.range(0, specs.size())
                .mapToObj(i -> !batched.contains(i) ? specs.get(i)
                        : new TensorSpec(specs.get(i).dtype(), specs.get(i).shape().with(0, batch)))
                .toArray(TensorSpec[]::new);
    }

    private static String joined(Path file, List<Integer> batches, List<SourceDraft> drafts,
            Function<SourceDraft, Text> part) {
        List<Text> texts = drafts.stream().map(part).toList();
        return Text.join(texts, batches, BATCH).orElseThrow(() -> batchRefusal(file, texts.getFirst().toString()));
    }

    private static void requireSameConstants(Path file, List<SourceDraft> drafts) {
        SequencedMap<String, Tensor> first = drafts.getFirst().constants();
        for (SourceDraft draft : drafts) {
            boolean isSame = draft.constants().keySet().equals(first.keySet())
                    && draft.statements().size() == drafts.getFirst().statements().size()
                    && first.entrySet().stream().allMatch(
                            entry -> entry.getValue().sameBits(draft.constants().get(entry.getKey())));
            if (!isSame) {
                throw batchRefusal(file, "a constant, or what is done,");
            }
        }
    }

    private static ModelFileException batchRefusal(Path file, String what) {
        return new ModelFileException(file, what + " depends on the batch in another way than by growing with it",
                "write the source for a fixed batch");
    }

    /** Names that Java takes, each once. */
    private List<String> parameters() {
        List<String> names = new ArrayList<>();
        for (String input : inputs) {
            String name = Arrays.stream(input.split("[^A-Za-z0-9]+")).filter(word -> !word.isEmpty())
                    .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                    .collect(Collectors.joining());
            name = name.isEmpty() ? "x" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
            if (!SourceVersion.isIdentifier(name) || SourceVersion.isKeyword(name) || name.equals(BATCH)) {
                name = "input" + name;
            }
            String once = name;
            for (int i = names.size() + 1; names.contains(once); i++) {
                once = name + i;
            }
            names.add(once);
        }
        return names;
    }

    // ---- the record around the method

    private String source(String packageName, String className, List<String> parameters, Literals literals,
            List<String> body, List<String> results, List<String> buffers) {
        boolean isLayer = parameters.size() == 1 && results.size() == 1;
        Set<String> imports = new TreeSet<>(literals.imports());
        List.of(Tensor.class, Variable.class, isLayer ? Layer.class : Module.class, Checkpoint.class, Path.class,
                LinkedHashMap.class, SequencedMap.class, Set.class).forEach(type -> imports.add(type.getName()));
        if (results.size() > 1) {
            imports.add(List.class.getName());
        }
        StringBuilder source = new StringBuilder();
        if (!packageName.isEmpty()) {
            line(source, "package " + packageName + ";");
            line(source, "");
        }
        imports.stream().filter(name -> !name.startsWith("java.lang."))
                .forEach(name -> line(source, "import " + name + ";"));
        line(source, "");
        line(source, "/** " + Escapes.comment(origin) + ", as source. Its weights are in a checkpoint. */");
        line(source, "public record " + className + "(SequencedMap<String, Variable> weights) implements "
                + (isLayer ? "Layer" : "Module") + " {");
        line(source, "    private static final Set<String> BUFFERS = Set.of(" + buffers.stream()
                .map(name -> "\n            " + name).collect(Collectors.joining(",")) + ");");
        line(source, "");
        line(source, """
                    /** Reads the weights; all are trained but the buffers. */
                    public static %s load(Path checkpoint) {
                        SequencedMap<String, Variable> weights = new LinkedHashMap<>();
                        Checkpoint.read(checkpoint).tensors().forEach((name, value) -> weights.put(name,
                                BUFFERS.contains(name) ? Variable.buffer(value) : Variable.parameter(value)));
                        return new %s(weights);
                    }

                    @Override
                    public SequencedMap<String, Object> parts() {
                        return new LinkedHashMap<>(weights);
                    }

                    private Tensor weight(String name) {
                        return weights.get(name).value();
                    }
                """.formatted(className, className));
        method(source, isLayer, parameters, body, results);
        return source.append("}\n").toString();
    }

    private void method(StringBuilder source, boolean isLayer, List<String> parameters, List<String> body,
            List<String> results) {
        String described = IntStream.range(0, parameters.size())
                .mapToObj(i -> parameters.get(i) + " " + (batched.contains(i) ? specs.get(i).toString()
                        .replaceFirst("\\[\\d+", "[" + BATCH) : specs.get(i)))
                .collect(Collectors.joining(", "));
        line(source, "    /** For " + described + ". */");
        if (isLayer) {
            line(source, "    @Override");
        }
        line(source, "    public " + (results.size() == 1 ? "Tensor" : "List<Tensor>") + " forward("
                + parameters.stream().map(name -> "Tensor " + name).collect(Collectors.joining(", ")) + ") {");
        Optional<Integer> first = batched.stream().sorted().findFirst();
        boolean needsBatch = body.stream().anyMatch(JavaSource::mentionsBatch)
                || results.stream().anyMatch(JavaSource::mentionsBatch);
        if (needsBatch) {
            first.ifPresent(i -> line(source, "        int " + BATCH + " = " + parameters.get(i) + ".dim(0);"));
        }
        body.forEach(statement -> line(source, "        " + statement));
        line(source, "        return "
                + (results.size() == 1 ? results.getFirst() : "List.of(" + String.join(", ", results) + ")") + ";");
        line(source, "    }");
    }

    private static boolean mentionsBatch(String statement) {
        return statement.matches(".*\\b" + BATCH + "\\b.*");
    }

    private static void line(StringBuilder source, String text) {
        source.append(text).append('\n');
    }
}
