package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.recurrent.CellWeights;
import io.adjoint.nn.recurrent.LstmCell;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** The parameters of a network by name, and the layers that they make. */
record Weights(SequencedMap<String, Variable> variablesByName) implements Module {
    static Weights of(Network network) {
        SequencedMap<String, Variable> variables = new LinkedHashMap<>();
        network.parameters().forEach(
                (name, values) -> variables.put(name, Variable.parameter(AdjointKernels.tensor(values))));
        return new Weights(Collections.unmodifiableSequencedMap(variables));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return Collections.unmodifiableSequencedMap(variablesByName);
    }

    Tensor value(String name) {
        return variablesByName.get(name).value();
    }

    Tensor weight(String layer) {
        return value(layer + ".weight");
    }

    Tensor bias(String layer) {
        return value(layer + ".bias");
    }

    Linear linear(String layer) {
        return new Linear(variablesByName.get(layer + ".weight"),
                Optional.ofNullable(variablesByName.get(layer + ".bias")));
    }

    /** A cell of two layers, that of the input and that of the state. */
    LstmCell lstm(String input, String hidden) {
        return new LstmCell(new CellWeights(variablesByName.get(input + ".weight"), variablesByName.get(hidden + ".weight"),
                Optional.of(variablesByName.get(input + ".bias")), Optional.of(variablesByName.get(hidden + ".bias"))),
                Optional.empty());
    }

    /** Scale and shift of a normalisation. */
    Affine affine(String layer) {
        return Affine.of(value(layer + ".scale"), value(layer + ".shift"));
    }
}
