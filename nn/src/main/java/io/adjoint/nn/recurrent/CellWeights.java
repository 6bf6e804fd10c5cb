package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The variables of a cell, the rows of its gates one below another. PyTorch's names are {@code weight_ih}, {@code weight_hh},
 * {@code bias_ih} and {@code bias_hh}.
 *
 * @param input {@code [gates * hidden, input]}
 * @param hidden {@code [gates * hidden, output]}
 * @param inputBias added to the product with the input, {@code [gates * hidden]}
 * @param hiddenBias added to the product with the state, {@code [gates * hidden]}
 */
public record CellWeights(Variable input, Variable hidden, Optional<Variable> inputBias,
        Optional<Variable> hiddenBias) {
    /**
     * Given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public CellWeights {
        Shape first = input.spec().shape();
        Shape second = hidden.spec().shape();
        if (first.rank() != 2 || second.rank() != 2 || first.dim(0) != second.dim(0)) {
            throw ShapeException.of("cell", "the weights do not fit each other").operand("weight_ih", first)
                    .operand("weight_hh", second)
                    .expected("[gates * hidden, input] and [gates * hidden, output]");
        }
        inputBias.ifPresent(bias -> requireBias("bias_ih", bias, first.dim(0)));
        hiddenBias.ifPresent(bias -> requireBias("bias_hh", bias, first.dim(0)));
    }

    private static void requireBias(String name, Variable bias, int rows) {
        if (!bias.spec().shape().equals(Shape.of(rows))) {
            throw ShapeException.of("cell", "the bias does not fit the weights").operand(name, bias.spec().shape())
                    .expected(name + " " + Shape.of(rows));
        }
    }

    /** Draws the variables of so many gates, for a state of this width. */
    static CellWeights draw(CellConfig config, int gates, int output, Rng rng) {
        int rows = gates * config.hidden();
        return new CellWeights(
                Variable.parameter(config.weight().draw(Shape.of(rows, config.input()), config.dtype(), rng.stream(0))),
                Variable.parameter(config.weight().draw(Shape.of(rows, output), config.dtype(), rng.stream(1))),
                config.bias().map(b -> Variable.parameter(b.draw(Shape.of(rows), config.dtype(), rng.stream(2)))),
                config.bias().map(b -> Variable.parameter(b.draw(Shape.of(rows), config.dtype(), rng.stream(3)))));
    }

    /** Refuses weights that are not those of so many gates. */
    void requireGates(String cell, int gates) {
        if (input.spec().shape().dim(0) % gates != 0) {
            throw ShapeException.of(cell, "the rows are not those of " + gates + " gates")
                    .operand("weight_ih", input.spec().shape()).expected("[" + gates + " * hidden, input]");
        }
    }

    /** Refuses a state of another width. */
    void requireOutput(String cell, int width) {
        if (hidden.spec().shape().dim(1) != width) {
            throw ShapeException.of(cell, "the weights do not take the state")
                    .operand("weight_hh", hidden.spec().shape()).expected("[gates * hidden, " + width + "]");
        }
    }

    int inputs() {
        return input.spec().shape().dim(1);
    }

    int rows() {
        return input.spec().shape().dim(0);
    }

    SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("weight_ih", input);
        parts.put("weight_hh", hidden);
        parts.put("bias_ih", inputBias);
        parts.put("bias_hh", hiddenBias);
        return parts;
    }

    /** {@code x W_ih^T + b_ih}. */
    Tensor project(Tensor x) {
        return plus(x.matmul(input.value().transpose()), inputBias);
    }

    /** {@code x W_ih^T + b_ih + b_hh}, for gates that add the product with the state as it is. */
    Tensor projectAll(Tensor x) {
        Tensor product = x.matmul(input.value().transpose());
        return inputBias.isPresent() && hiddenBias.isPresent()
                ? product.add(inputBias.get().value().add(hiddenBias.get().value()))
                : plus(plus(product, inputBias), hiddenBias);
    }

    /** {@code h W_hh^T}. */
    Tensor recur(Tensor h) {
        return h.matmul(hidden.value().transpose());
    }

    /** {@code h W_hh^T + b_hh}. */
    Tensor recurAll(Tensor h) {
        return plus(recur(h), hiddenBias);
    }

    private static Tensor plus(Tensor product, Optional<Variable> bias) {
        return bias.map(b -> product.add(b.value())).orElse(product);
    }
}
