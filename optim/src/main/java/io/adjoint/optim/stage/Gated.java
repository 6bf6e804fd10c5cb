package io.adjoint.optim.stage;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.Transformation.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A stage that takes part only in some steps, chosen by a tensor: in the others its updates are zeros and its state stays.
 * Both are computed in every step, since a recorded step has no branches.
 *
 * @param stage what takes part
 * @param state its variables
 */
public record Gated(Stage stage, List<Variable> state) implements Stage {
    /** A gate in front of this stage. */
    public static Gated of(Stage stage) {
        return new Gated(stage, List.copyOf(stage.variables().values()));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return stage.parts();
    }

    /**
     * Takes part if the gate is open.
     *
     * @param open a BOOL scalar
     * @param step number of steps in which the gate was open before
     */
    public List<Tensor> apply(Tensor open, List<Tensor> updates, List<Tensor> parameters, Tensor step) {
        List<Tensor> before = state.stream().map(Variable::value).toList();
        List<Tensor> made = stage.apply(updates, parameters, step);
        for (int i = 0; i < before.size(); i++) {
            state.get(i).set(open.where(state.get(i).value(), before.get(i)));
        }
        List<Tensor> results = new ArrayList<>(made.size());
        for (Tensor update : made) {
            results.add(open.where(update, 0));
        }
        return results;
    }

    @Override
    public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
        return stage.apply(updates, parameters, step);
    }

    @Override
    public Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
        return stage.excursion(gradients, parameters);
    }

    /** The step counts those in which the gate was open. */
    @Override
    public List<Tensor> averages(List<Tensor> parameters, Tensor step) {
        return stage.averages(parameters, step);
    }

    @Override
    public boolean learnCurvature(List<Tensor> diagonal) {
        return stage.learnCurvature(diagonal);
    }
}
