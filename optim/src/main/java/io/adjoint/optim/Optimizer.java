package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.Workspace;
import io.adjoint.nn.Module;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A {@link Transformation} at work on the parameters of a model.
 *
 * <p>It is a module: its variables are the number of completed steps, {@code step}, and what the transformations remember,
 * such as {@code state.0.hidden.weight.velocity}. Saved and loaded together with the model they resume a training exactly.
 * The parameters themselves are the model's.
 *
 * <p>One thread at a time.
 */
public final class Optimizer implements Module {
    private final List<Variable> trained;
    private final Set<Variable> tracked;
    private final Variable step = Variable.buffer(Tensor.zeros(Shape.scalar(), DType.I64));
    private final Transformation.Stage state;
    private final Workspace workspace = new Workspace();

    private Optimizer(SequencedMap<String, Variable> parameters, Transformation transformation) {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        parameters.forEach((path, variable) -> specs.put(path, variable.spec()));
        this.trained = List.copyOf(parameters.values());
        this.tracked = Set.copyOf(trained);
        this.state = transformation.bind(specs);
    }

    /**
     * An optimizer of a model's parameters; those of a {@link io.adjoint.nn.Selection} are some of a model's.
     *
     * @throws ShapeException if the model has none
     */
    public static Optimizer of(Module model, Transformation transformation) {
        SequencedMap<String, Variable> parameters = new LinkedHashMap<>(model.variables());
        parameters.values().removeIf(variable -> variable.kind() != Variable.Kind.PARAMETER);
        if (parameters.isEmpty()) {
            throw ShapeException.of("optimizer", "the model has no parameters")
                    .operand("model", model.getClass().getName())
                    .expected("a module whose parts hold parameters");
        }
        return new Optimizer(parameters, transformation);
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("step", step);
        parts.put("state", state);
        return Collections.unmodifiableSequencedMap(parts);
    }

    /** The parameters of the model that this improves, in its order. */
    public List<Variable> trained() {
        return trained;
    }

    /** Number of completed steps. */
    public long steps() {
        return (long) step.value().item();
    }

    /**
     * One training step: computes the loss in a {@link Training} scope of {@link #trained}, its gradients, and moves the
     * parameters. What else the loss reads, such as frozen parts of a model, is constant.
     *
     * @param loss computes the loss, a float scalar, from the values of the parameters
     * @return the loss before the step, as a constant
     * @throws ShapeException if the loss is not a float scalar or does not depend on any tracked value
     */
    public Tensor minimize(Supplier<Tensor> loss) {
        return Training.scope(tracked, () -> {
            Tensor value = loss.get();
            if (!value.isTracked()) {
                throw ShapeException.of("minimize", "the loss depends on no parameter").operand("loss", value.spec())
                        .expected("a loss computed from the model inside the lambda");
            }
            // gradients and what transformations make of them end with the step
            workspace.run(() -> step(value.gradients(trained).values()));
            return value.detached();
        });
    }

    /**
     * Moves the parameters by these gradients, however they were made.
     *
     * @param gradients one for each of {@link #trained}, in order
     * @throws ShapeException if their number, a shape or a dtype differs from the parameters'; nothing has moved then
     */
    public void step(List<Tensor> gradients) {
        requireFitting("gradients", gradients);
        Training.suspended(() -> {
            List<Tensor> values = trained.stream().map(Variable::value).toList();
            List<Tensor> updates = state.apply(gradients, values, step.value().cast(DType.F64));
            requireFitting("updates", updates);
            for (int i = 0; i < trained.size(); i++) {
                trained.get(i).set(values.get(i).add(updates.get(i)));
            }
            step.set(step.value().add(1));
            return this;
        });
    }

    /** Refuses before the first parameter moves. */
    private void requireFitting(String what, List<Tensor> tensors) {
        List<TensorSpec> expected = trained.stream().map(Variable::spec).toList();
        List<TensorSpec> found = tensors.stream().map(Tensor::spec).toList();
        if (!found.equals(expected)) {
            throw ShapeException.of("step", what + " do not fit the parameters").operand(what, found)
                    .expected(expected.toString());
        }
    }
}
