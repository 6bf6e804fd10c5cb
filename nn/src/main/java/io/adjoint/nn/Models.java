package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * What can be done with models as trees: copies, other parts, averages. All make a new tree and leave the given one alone.
 * Models are records here; a class that is not a record may be part of a tree, but nothing inside it can be replaced.
 */
public final class Models {
    private Models() {}

    /**
     * Every module of a tree by its path, the model itself under {@code ""}, each before its parts. A module that is shared
     * appears under each of its paths.
     */
    public static SequencedMap<String, Module> modules(Module model) {
        return VariableTree.modules(model);
    }

    /**
     * A model of the same values that shares no variable with this one. What is shared inside the model is shared inside the
     * copy.
     *
     * @throws ShapeException if a class that is not a record holds variables
     */
    public static <M extends Module> M copy(M model) {
        return of(model, Variable::value);
    }

    private static <M extends Module> M of(M model, Function<Variable, Tensor> value) {
        M copy = rebuilt(model, new Copying(value));
        copy.variables().forEach((path, variable) -> {
            if (model.variables().get(path) == variable) {
                throw ShapeException.of("copy", "a variable could not be replaced").operand("path", path)
                        .expected("records whose components hold the variables that parts() names");
            }
        });
        return copy;
    }

    /** A copy for each variable and each module, however often it is met. */
    private record Copying(Function<Variable, Tensor> value, Map<Variable, Variable> variables,
            Map<Module, Object> modules) implements Rebuilding.Change {
        Copying(Function<Variable, Tensor> value) {
            this(value, new IdentityHashMap<>(), new IdentityHashMap<>());
        }

        @Override
        public Object of(String path, Object part) {
            return switch (part) {
                case Variable variable -> ofUnnamed(variable);
                case Module module when !path.isEmpty() -> of(module);
                default -> part;
            };
        }

        @Override
        public Variable ofUnnamed(Variable variable) {
            return variables.computeIfAbsent(variable, v -> like(v, value.apply(v)));
        }

        private Object of(Module module) {
            Object known = modules.get(module);
            if (known == null) {
                known = Rebuilding.of(module, this);
                modules.put(module, known);
            }
            return known;
        }
    }

    private static Variable like(Variable variable, Tensor value) {
        return switch (variable.kind()) {
            case PARAMETER -> Variable.parameter(value);
            case BUFFER -> Variable.buffer(value);
        };
    }

    @SuppressWarnings("unchecked") // a record is rebuilt as a record of its class
    private static <M extends Module> M rebuilt(M model, Rebuilding.Change change) {
        return (M) Rebuilding.of(model, change);
    }

    /**
     * The model with another part, such as a new head; all other parts are those of the given model.
     *
     * @param path of a module, {@code head} or {@code blocks.2.output}
     * @param part that takes its place, and fits the component that holds it
     * @throws ShapeException if there is no module of this path, or the one around it refuses the new part
     */
    public static <M extends Module> M replace(M model, String path, Module part) {
        return replaced(model, path, part);
    }

    /**
     * The model with another variable; all other parts are those of the given model. The same variable at two places ties them.
     *
     * @param path of a variable, {@code output.weight}
     * @throws ShapeException if there is no variable of this path, or the module around it refuses the new one
     */
    public static <M extends Module> M replace(M model, String path, Variable variable) {
        return replaced(model, path, variable);
    }

    private static <M extends Module> M replaced(M model, String path, Object replacement) {
        boolean[] isFound = new boolean[1];
        M changed = rebuilt(model, (at, part) -> {
            if (!at.equals(path) || path.isEmpty()) {
                return part;
            }
            if (replacement instanceof Variable != part instanceof Variable) {
                throw ShapeException.of("replace", "a variable and a module").operand("path", path)
                        .operand("part", part.getClass().getSimpleName())
                        .operand("replacement", replacement.getClass().getSimpleName()).expected("two of a kind");
            }
            isFound[0] = true;
            return replacement;
        });
        if (!isFound[0]) {
            throw ShapeException.of("replace", "no part has this path").operand("path", path)
                    .expected("a path such as " + List.copyOf(modules(model).keySet()));
        }
        return changed;
    }

    /**
     * A model whose parameters and float buffers are the means of those of several models; other buffers are those of the
     * first. Means are taken in F64. For averages along a training, copy the model now and then (Izmailov, Podoprikhin,
     * Garipov, Vetrov, Wilson 2018); running statistics should then be taken anew.
     *
     * @throws ShapeException if there is no model, or their variables differ in path, dtype or shape
     */
    public static <M extends Module> M average(List<? extends M> models) {
        if (models.isEmpty()) {
            throw ShapeException.of("average", "no models").expected("one or more");
        }
        M first = models.getFirst();
        SequencedMap<String, TensorSpec> expected = specs(first);
        Map<Variable, Tensor> sums = new IdentityHashMap<>();
        for (Module model : models) {
            SequencedMap<String, TensorSpec> found = specs(model);
            if (!found.equals(expected)) {
                throw ShapeException.of("average", "variables differ").operand("variables", found)
                        .expected(expected.toString());
            }
            model.variables().forEach((path, variable) -> sums.merge(first.variables().get(path),
                    variable.value().detached().cast(DType.F64), Tensor::add));
        }
        return of(first, variable -> sums.containsKey(variable) && variable.spec().dtype().isFloat()
                ? sums.get(variable).div(models.size()).cast(variable.spec().dtype())
                : variable.value());
    }

    private static SequencedMap<String, TensorSpec> specs(Module model) {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        model.variables().forEach((path, variable) -> specs.put(path, variable.spec()));
        return specs;
    }
}
