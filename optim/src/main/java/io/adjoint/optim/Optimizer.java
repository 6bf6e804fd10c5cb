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
    private final List<Variable> remembered;
    private final Workspace workspace = new Workspace();

    private Optimizer(SequencedMap<String, Variable> parameters, Transformation transformation) {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        parameters.forEach((path, variable) -> specs.put(path, variable.spec()));
        this.trained = List.copyOf(parameters.values());
        this.tracked = Set.copyOf(trained);
        this.state = transformation.bind(specs);
        this.remembered = List.copyOf(state.variables().values());
    }

    /**
     * An optimizer of a model's parameters; those of a {@link io.adjoint.nn.Selection} are some of a model's.
     *
     * @throws ShapeException if the model has none
     */
    public static Optimizer of(Module model, Transformation transformation) {
        return new Optimizer(Values.parameters(model), transformation);
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
     * @param loss computes the loss, a float scalar, from the values of the parameters; {@link Sam} calls it twice
     * @return the loss before the step, as a constant
     * @throws ShapeException if the loss is not a float scalar or depends on none of the parameters
     */
    public Tensor minimize(Supplier<Tensor> loss) {
        return Training.scope(tracked, () -> {
            Tensor value = loss.get();
            requireDependence(value, trained);
            // gradients and what transformations make of them end with the step
            workspace.run(() -> step(gradients(value, loss)));
            return value.detached();
        });
    }

    static void requireDependence(Tensor loss, List<Variable> trained) {
        if (!loss.dependsOn(trained)) {
            throw ShapeException.of("minimize", "the loss depends on no parameter").operand("loss", loss.spec())
                    .expected("a loss computed from the model inside the lambda");
        }
    }

    private List<Tensor> gradients(Tensor value, Supplier<Tensor> loss) {
        List<Tensor> here = value.gradients(trained).values();
        List<Tensor> values = Values.of(trained);
        return state.excursion(here, values)
                .map(way -> Values.during(trained, Values.sum(values, way),
                        () -> loss.get().gradients(trained).values()))
                .orElse(here);
    }

    /**
     * Moves the parameters by these gradients, however they were made. A refused step changes nothing: neither the
     * parameters nor what the transformations remember.
     *
     * @param gradients one for each of {@link #trained}, in order
     * @throws ShapeException if their number, a shape or a dtype differs from the parameters'
     */
    public void step(List<Tensor> gradients) {
        requireFitting("gradients", gradients);
        Training.suspended(() -> {
            List<Tensor> values = Values.of(trained);
            List<Tensor> updates = Values.orUnchanged(remembered, () -> {
                List<Tensor> made = state.apply(gradients, values, step.value().cast(DType.F64));
                requireFitting("updates", made);
                return made;
            });
            Values.set(trained, Values.sum(values, updates));
            step.set(step.value().add(1));
            return this;
        });
    }

    /**
     * Shows the transformations an estimate of the Hessian's diagonal, as {@link Sophia} wants before its first step and
     * then every few steps.
     *
     * @throws ShapeException if no transformation uses it, or the estimate does not fit the parameters
     */
    public void learn(Curvature curvature) {
        workspace.run(() -> {
            List<Tensor> diagonal = curvature.diagonal(trained);
            requireFitting("curvatures", diagonal);
            boolean used =
                    Training.suspended(() -> Values.orUnchanged(remembered, () -> state.learnCurvature(diagonal)));
            if (!used) {
                throw ShapeException.of("learn", "no transformation uses the curvature").operand("steps", steps())
                        .expected("an optimizer such as Sophia");
            }
        });
    }

    /** Whether a transformation wants to {@link #learn} curvature, as {@link Sophia} does. */
    public boolean learnsCurvature() {
        List<Tensor> zeros =
                trained.stream().map(v -> Tensor.zeros(v.spec().shape(), v.spec().dtype())).toList();
        // it is asked by showing it one, which it forgets
        return Training.suspended(() -> Values.during(remembered, Values.of(remembered),
                () -> state.learnCurvature(zeros)));
    }

    /**
     * The values to judge the model by, one for each of {@link #trained}: averages where a transformation makes some,
     * else the parameters as they are. See {@link #withAverages}.
     */
    public List<Tensor> averages() {
        return averages(Values.of(trained));
    }

    /**
     * Runs the body while the model holds the {@link #averages}, for a validation or to save them, and then gives it its
     * own parameters back.
     */
    public <T> T withAverages(Supplier<T> body) {
        return makesAverages() ? Values.during(trained, averages(), body) : body.get();
    }

    /**
     * It is asked with parameters that are not the model's: a program that updates those would have to copy them once their
     * values were read.
     */
    private boolean makesAverages() {
        List<Tensor> others = trained.stream()
                .map(v -> Tensor.scalar(0, v.spec().dtype()).expand(v.spec().shape())).toList();
        return !averages(others).equals(others);
    }

    private List<Tensor> averages(List<Tensor> values) {
        return Training.suspended(() -> state.averages(values, step.value().cast(DType.F64)));
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
