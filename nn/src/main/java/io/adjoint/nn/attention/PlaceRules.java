package io.adjoint.nn.attention;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.SequenceLayout;

/** What layers that add something to each place have in common. */
final class PlaceRules {
    private PlaceRules() {}

    static void require(String name, SequenceLayout layout, Tensor x, Object width, int from) {
        boolean fits = (x.rank() == 2 || x.rank() == 3)
                && (!(width instanceof Integer features) || x.dim(-1) == features);
        if (!x.dtype().isFloat() || !fits) {
            throw ShapeException.of(name, "not sequences").operand("input", x.spec())
                    .expected("floats " + layout.describe("places", "batch", width) + " or [places, " + width + "]");
        }
        if (from < 0) {
            throw ShapeException.of(name, "a negative place").operand("from", from).expected("0 or more");
        }
    }

    static int places(SequenceLayout layout, Tensor x) {
        return x.rank() == 2 ? x.dim(0) : layout.timeFirst(x).dim(0);
    }

    /** To each place its row of {@code [places, width]}. */
    static Tensor add(SequenceLayout layout, Tensor x, Tensor rows) {
        return x.add(x.rank() == 3 && layout == SequenceLayout.TIME_FIRST ? rows.unsqueeze(1) : rows);
    }
}
