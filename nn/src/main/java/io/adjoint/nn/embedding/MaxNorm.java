package io.adjoint.nn.embedding;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;

/**
 * The greatest norm that a row which is looked up may have; a longer one is scaled down to it. Inside a {@link Training} scope
 * the table itself is changed; outside only what is looked up.
 *
 * @param most the greatest norm, 0 or more
 * @param order of the norm, above 0; 2 for the Euclidean one
 */
public record MaxNorm(double most, double order) {
    /**
     * A bound.
     *
     * @throws ShapeException if the numbers are out of range
     */
    public MaxNorm {
        if (!(most >= 0 && order > 0)) {
            throw ShapeException.of("max_norm", "no norm to hold").operand("most", most).operand("order", order)
                    .expected("a norm of 0 or more and an order above 0");
        }
    }

    /** A Euclidean norm. */
    public static MaxNorm of(double most) {
        return new MaxNorm(most, 2);
    }

    /** The table of a layer, with the rows of this list held to the norm. */
    Tensor held(Variable table, Tensor places) {
        if (!Training.isActive()) {
            return held(table.value(), places);
        }
        synchronized (table) {
            table.set(held(table.value().detached(), places));
            return table.value();
        }
    }

    private Tensor held(Tensor table, Tensor places) {
        return table.indexCopy(0, places, table.indexSelect(0, places).renorm(order, 0, most));
    }
}
