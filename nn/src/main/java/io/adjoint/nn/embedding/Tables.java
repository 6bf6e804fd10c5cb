package io.adjoint.nn.embedding;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.op.ResolveIndex.Counting;
import io.adjoint.nn.Initialiser;
import java.util.OptionalInt;

/** The tables of embeddings. */
final class Tables {
    private Tables() {}

    /** A drawn table, whose row of padding is zeros. */
    static Variable draw(Initialiser weight, int rows, int width, OptionalInt padding, DType dtype, Rng rng) {
        Tensor table = weight.draw(Shape.of(rows, width), dtype, rng);
        return Variable.parameter(padding.isEmpty() ? table
                : table.indexFill(0, Tensor.of(new long[] {Math.floorMod(padding.getAsInt(), rows)}), 0));
    }

    static void require(String layer, Shape table, OptionalInt padding) {
        if (table.rank() != 2) {
            throw ShapeException.of(layer, "no table of rows").operand("table", table).expected("[rows, width]");
        }
        int rows = table.dim(0);
        if (padding.isPresent() && (padding.getAsInt() < -rows || padding.getAsInt() >= rows)) {
            throw ShapeException.of(layer, "the padding is no row").operand("padding", padding.getAsInt())
                    .operand("table", table).expected("a row of the table");
        }
    }

    /** An index as a list of I64, with all values in range; a refusal names the layer. */
    static Tensor places(String layer, Variable weight, Tensor index) {
        if (!index.dtype().isInteger()) {
            throw ShapeException.of(layer, "the index is not of integers").operand("index", index.spec())
                    .expected("I64 or I32");
        }
        Tensor list = index.reshape(Shape.of(index.size())).cast(DType.I64);
        return new ResolveIndex(weight.spec().shape().dim(0), Counting.FROM_FRONT, layer).apply(list);
    }
}
