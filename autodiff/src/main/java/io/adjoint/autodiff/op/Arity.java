package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;

/**
 * How many inputs an operation takes.
 *
 * @param least number of inputs
 * @param most number of inputs
 */
public record Arity(int least, int most) {
    /** Any number of inputs: the shape rule says what it makes of them. */
    public static final Arity ANY = new Arity(0, Integer.MAX_VALUE);

    /** Just so many inputs. */
    public static Arity of(int inputs) {
        return new Arity(inputs, inputs);
    }

    /** Refuses another number of inputs, before a rule reads one that is not there. */
    void require(String operation, int inputs) {
        if (inputs < least || inputs > most) {
            throw ShapeException.of(operation, "another number of inputs").operand("inputs", inputs)
                    .expected(least == most ? Integer.toString(least) : least + " to " + most);
        }
    }
}
