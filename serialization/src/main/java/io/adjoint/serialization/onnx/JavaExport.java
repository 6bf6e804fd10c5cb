package io.adjoint.serialization.onnx;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.Checkpoint;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.source.JavaSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.lang.model.SourceVersion;

/**
 * An imported model as Java source: a record whose {@code forward} does the same operations, so that it returns the same bits,
 * and which can be read, changed and trained.
 *
 * {@snippet :
 * JavaExport.of(Onnx.load(Path.of("birds.onnx"))).named("com.acme.Birds").shape("image", 1, 3, 224, 224)
 *         .dynamicBatch("image").write(Path.of("src/main/java"));
 * }
 *
 * The source is of operations on tensors, not of ONNX operators: what the model computes of shapes is done while it is written,
 * so it is for inputs of the shapes given, up to the batch. Weights, and constants that are too large to be read, go into a
 * checkpoint beside it. An export is immutable: each method gives another one.
 */
public final class JavaExport {
    private final OnnxModel model;
    private final String name;
    private final Map<String, Shape> shapes;
    private final Set<String> batched;
    private final Map<String, Tensor> fixed;

    private JavaExport(OnnxModel model, String name, Map<String, Shape> shapes, Set<String> batched,
            Map<String, Tensor> fixed) {
        this.model = model;
        this.name = name;
        this.shapes = shapes;
        this.batched = batched;
        this.fixed = fixed;
    }

    /** Exports a model, as {@code Model} in no package unless {@link #named} says otherwise. */
    public static JavaExport of(OnnxModel model) {
        return new JavaExport(model, "Model", Map.of(), Set.of(), Map.of());
    }

    /**
     * With a name for the record, with its package.
     *
     * @throws IllegalArgumentException if Java does not take the name
     */
    public JavaExport named(String qualified) {
        if (!SourceVersion.isName(qualified)) {
            throw new IllegalArgumentException(
                    "named: \"" + qualified + "\" is no name of a class; expected one such as "
                            + "com.acme.Birds");
        }
        return new JavaExport(model, qualified, shapes, batched, fixed);
    }

    /** With the shape of an input, where the model does not fix it. */
    public JavaExport shape(String input, int... extents) {
        Map<String, Shape> more = new LinkedHashMap<>(shapes);
        more.put(input, Shape.of(extents));
        return new JavaExport(model, name, more, batched, fixed);
    }

    /**
     * With the value of an input, which is no parameter of the record then: the size of a picture, a number of steps, the axes of
     * a sum. A graph that depends on what an input holds, and not only on its shape, has a source in no other way.
     *
     * @param value of the input's dtype
     */
    public JavaExport fixed(String input, Tensor value) {
        Map<String, Tensor> more = new LinkedHashMap<>(fixed);
        more.put(input, value);
        return new JavaExport(model, name, shapes, batched, more);
    }

    /** The first axis of these inputs, or of all if none is named, may have any extent; in the shapes it counts as any. */
    public JavaExport dynamicBatch(String... inputs) {
        Set<String> names = new TreeSet<>(inputs.length == 0 ? model.inputs().stream().map(ValueSpec::name).toList()
                : List.of(inputs));
        return new JavaExport(model, name, shapes, names, fixed);
    }

    /**
     * Writes {@code Name.java} and {@code Name.adjoint} into the folder.
     *
     * @throws ModelFileException if an input's shape is not known, the record has the name of a class that it uses, the source
     *     depends on the batch in a way that has no form,
     *     or a file cannot be written
     * @throws io.adjoint.autodiff.TraceException if the graph depends on values of inputs that are not {@link #fixed}
     */
    public void write(Path folder) {
        int dot = name.lastIndexOf('.');
        String simple = name.substring(dot + 1);
        Path file = folder.resolve(simple + ".java");
        JavaSource.Written written = source(file).write(file, dot < 0 ? "" : name.substring(0, dot), simple);
        SequencedMap<String, Variable> weights = new LinkedHashMap<>(model.variables());
        written.constants().forEach((path, value) -> weights.put(path, Variable.buffer(value)));
        Checkpoint.save(folder.resolve(simple + ".adjoint"), weights, Map.of());
        byte[] source = written.source().getBytes(StandardCharsets.UTF_8);
        try {
            AtomicFile.write(file, out -> out.write(source), AtomicFile.Watch.NONE);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }

    private JavaSource source(Path file) {
        List<ValueSpec> all = model.inputs();
        fixed.forEach((name, value) -> requireFits(file, name, value));
        List<ValueSpec> inputs = all.stream().filter(input -> !fixed.containsKey(input.name())).toList();
        List<TensorSpec> specs =
                inputs.stream().map(input -> new TensorSpec(input.type().carrier(), shape(file, input)))
                        .toList();
        Set<Integer> first = new TreeSet<>();
        IntStream.range(0, inputs.size()).filter(i -> batched.contains(inputs.get(i).name())).forEach(first::add);
        Function<List<Tensor>, List<Tensor>> function = in -> {
            Iterator<Tensor> given = in.iterator();
            return model.forwardAll(all.stream()
                    .map(input -> Optional.ofNullable(fixed.get(input.name())).orElseGet(given::next)).toList());
        };
        return new JavaSource(function, model.variables(), inputs.stream().map(ValueSpec::name).toList(), specs, first,
                "The model " + model);
    }

    private void requireFits(Path file, String name, Tensor value) {
        ValueSpec input = model.inputs().stream().filter(each -> each.name().equals(name)).findFirst()
                .orElseThrow(() -> new ModelFileException(file, "no input is called " + Names.quote(name),
                        "fix one of " + model.inputs()));
        if (value.dtype() != input.type().carrier()) {
            throw new ModelFileException(file, input + " was fixed to " + value.spec(),
                    "give a value of " + input.type().carrier());
        }
    }

    private Shape shape(Path file, ValueSpec input) {
        Shape given = shapes.get(input.name());
        if (given != null) {
            if (given.rank() == 0 && batched.contains(input.name())) {
                throw new ModelFileException(file, input + " is given without axes, so it has none for the batch",
                        "name the inputs that have it in dynamicBatch(...)");
            }
            return given;
        }
        List<Dimension> dims = input.shape().orElseThrow(() -> open(file, input));
        int[] extents = new int[dims.size()];
        for (int axis = 0; axis < extents.length; axis++) {
            boolean isBatch = axis == 0 && batched.contains(input.name());
            extents[axis] = switch (dims.get(axis)) {
                case Dimension.Fixed(long extent) when extent == (int) extent -> (int) extent;
                case Dimension.Fixed _ -> throw new ModelFileException(file, "no tensor has the shape of " + input,
                        "give another one by shape(\"" + input.name() + "\", ...)");
                case Dimension.Named _, Dimension.Unknown _ -> {
                    if (!isBatch) {
                        throw open(file, input);
                    }
                    yield 1;
                }
            };
        }
        return Shape.of(extents);
    }

    private static ModelFileException open(Path file, ValueSpec input) {
        return new ModelFileException(file, "the shape of " + input + " is not fixed",
                "give one by shape(\"" + input.name() + "\", ...)");
    }
}
