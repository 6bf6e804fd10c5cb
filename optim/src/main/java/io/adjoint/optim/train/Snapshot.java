package io.adjoint.optim.train;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.Arrays;
import java.util.List;

/** What the variables of some trees held at a moment. */
record Snapshot(List<Variable> variables, List<Tensor> values) {
    static Snapshot of(Module... trees) {
        return of(Arrays.stream(trees).flatMap(tree -> tree.variables().values().stream()).toList());
    }

    static Snapshot of(List<Variable> variables) {
        return new Snapshot(variables, Training.suspended(() -> variables.stream().map(Variable::value).toList()));
    }

    void restore() {
        for (int i = 0; i < variables.size(); i++) {
            variables.get(i).set(values.get(i));
        }
    }
}
