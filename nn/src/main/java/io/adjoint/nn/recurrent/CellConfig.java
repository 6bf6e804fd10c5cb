package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.nn.Initialiser;
import java.util.Objects;
import java.util.Optional;

/**
 * What a cell is made from.
 *
 * @param input features of the input
 * @param hidden features of the state
 * @param dtype of the variables
 * @param weight draws the weights
 * @param bias draws the biases; empty for a cell without
 */
public record CellConfig(int input, int hidden, DType dtype, Initialiser weight, Optional<Initialiser> bias) {
    public CellConfig {
        Objects.requireNonNull(dtype, "dtype");
        Objects.requireNonNull(weight, "weight");
        Objects.requireNonNull(bias, "bias");
        if (input < 0 || hidden < 1) {
            throw ShapeException.of("cell", "not a number of features").operand("input", input)
                    .operand("hidden", hidden).expected("input of 0 or more and hidden of 1 or more");
        }
    }

    /** The defaults, those of PyTorch: F32, all uniform in {@code +-1/sqrt(hidden)}. */
    public static CellConfig of(int input, int hidden) {
        Initialiser uniform = Initialiser.uniform(1 / Math.sqrt(Math.max(1, hidden)));
        return new CellConfig(input, hidden, DType.F32, uniform, Optional.of(uniform));
    }

    /** The same for another number of features of the input. */
    public CellConfig withInput(int input) {
        return new CellConfig(input, hidden, dtype, weight, bias);
    }

    /** The same with variables of another dtype. */
    public CellConfig withDType(DType dtype) {
        return new CellConfig(input, hidden, dtype, weight, bias);
    }

    /** The same with another initialiser of the weights. */
    public CellConfig withWeight(Initialiser weight) {
        return new CellConfig(input, hidden, dtype, weight, bias);
    }

    /** The same with another initialiser of the biases. */
    public CellConfig withBias(Initialiser bias) {
        return new CellConfig(input, hidden, dtype, weight, Optional.of(bias));
    }

    /** The same without biases. */
    public CellConfig withoutBias() {
        return new CellConfig(input, hidden, dtype, weight, Optional.empty());
    }
}
