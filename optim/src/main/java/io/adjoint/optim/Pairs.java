package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The last moves s of {@link Lbfgs} and the changes y of the gradient along them, oldest first.
 *
 * @param count how many there are
 * @param moves each s
 * @param changes each y
 */
record Pairs(Variable count, List<Variable> moves, List<Variable> changes) implements Module {
    /** A pair with less curvature would make the matrix indefinite, or nearly so. */
    private static final double LEAST_CURVATURE = 1e-10;

    Pairs(Tensor zeros, int most) {
        this(Variable.buffer(Tensor.zeros(Shape.scalar(), DType.I64)), buffers(zeros, most), buffers(zeros, most));
    }

    private static List<Variable> buffers(Tensor zeros, int most) {
        return IntStream.range(0, most).mapToObj(_ -> Variable.buffer(zeros)).toList();
    }

    void add(Tensor move, Tensor change) {
        if (!(move.dot(change).item() > LEAST_CURVATURE)) {
            return;
        }
        int size = size();
        if (size == moves.size()) {
            for (int i = 1; i < size; i++) {
                moves.get(i - 1).set(moves.get(i).value());
                changes.get(i - 1).set(changes.get(i).value());
            }
            size--;
        }
        moves.get(size).set(move);
        changes.get(size).set(change);
        count.set(Tensor.scalar(size + 1, DType.I64));
    }

    private int size() {
        return (int) count.value().item();
    }

    /** {@code -H g} by the recursion of two loops. */
    Tensor descent(Tensor gradient) {
        int size = size();
        double[] inverse = new double[size];
        double[] shares = new double[size];
        Tensor way = gradient.neg();
        for (int i = size - 1; i >= 0; i--) {
            Tensor move = moves.get(i).value();
            Tensor change = changes.get(i).value();
            inverse[i] = 1 / move.dot(change).item();
            shares[i] = move.dot(way).item() * inverse[i];
            way = way.sub(change.mul(shares[i]));
        }
        if (size > 0) {
            Tensor last = changes.get(size - 1).value();
            way = way.mul(1 / (inverse[size - 1] * last.dot(last).item()));
        }
        for (int i = 0; i < size; i++) {
            double share = changes.get(i).value().dot(way).item() * inverse[i];
            way = way.add(moves.get(i).value().mul(shares[i] - share));
        }
        return way;
    }
}
