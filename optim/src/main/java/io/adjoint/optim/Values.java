package io.adjoint.optim;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/** The values of several variables at once. */
final class Values {
    private Values() {}

    /** The parameters of a model by path; refuses a model without any. */
    static SequencedMap<String, Variable> parameters(Module model) {
        SequencedMap<String, Variable> parameters = new LinkedHashMap<>(model.variables());
        parameters.values().removeIf(variable -> variable.kind() != Variable.Kind.PARAMETER);
        if (parameters.isEmpty()) {
            throw ShapeException.of("optimizer", "the model has no parameters")
                    .operand("model", model.getClass().getName())
                    .expected("a module whose parts hold parameters");
        }
        return parameters;
    }

    /** What variables hold, as constants. */
    static List<Tensor> of(List<Variable> variables) {
        return Training.suspended(() -> variables.stream().map(Variable::value).toList());
    }

    static void set(List<Variable> variables, List<Tensor> values) {
        for (int i = 0; i < values.size(); i++) {
            variables.get(i).set(values.get(i));
        }
    }

    static List<Tensor> sum(List<Tensor> left, List<Tensor> right) {
        return each(left, right, Tensor::add);
    }

    /** What a function makes of each pair. */
    static List<Tensor> each(List<Tensor> left, List<Tensor> right, BinaryOperator<Tensor> function) {
        List<Tensor> results = new ArrayList<>(left.size());
        for (int i = 0; i < left.size(); i++) {
            results.add(function.apply(left.get(i), right.get(i)));
        }
        return results;
    }

    /** Runs the body while the variables hold other values. */
    static <T> T during(List<Variable> variables, List<Tensor> values, Supplier<T> body) {
        List<Tensor> before = of(variables);
        set(variables, values);
        try {
            return body.get();
        } finally {
            set(variables, before);
        }
    }

    /** Runs a change of variables; if it is refused half way, they are as before. */
    static <T> T orUnchanged(List<Variable> variables, Supplier<T> change) {
        List<Tensor> before = of(variables);
        boolean done = false;
        try {
            T result = change.get();
            done = true;
            return result;
        } finally {
            if (!done) {
                set(variables, before);
            }
        }
    }
}
