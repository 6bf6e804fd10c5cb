package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;

/**
 * What a tensor consists of, if that is rows of a table, each named by a number.
 *
 * @param table {@code [rows, width]}
 * @param index I64, of the tensor's shape but for a last extent of 1, with values in {@code [0, rows)}
 */
public record LookedUp(Tensor table, Tensor index) {
    /** Rows looked up for each row of the table from which on multiplying the table takes less than multiplying them. */
    private static final int LEAST_USES = 2;

    /** Terms of each element of a product that take longer than looking it up. */
    private static final int LEAST_DEPTH = 16;

    /** Lets a walk know of a tensor that it consists of rows of a table, if it may be of use there. */
    public static Tensor note(Tensor rows, Tensor table, Tensor index) {
        Node node = Internals.node(rows);
        if (node == null || !isWorthAProduct(table.shape(), index.shape().size())) {
            return rows;
        }
        return node.replacedIn(rows, node.looking(new LookedUp(table, index)));
    }

    /** Whether a product of the table takes less time than one of the rows of it at so many places. */
    public static boolean isWorthAProduct(Shape table, int places) {
        int rows = table.dim(0);
        return rows > 0 && places / rows >= LEAST_USES && table.dim(1) >= LEAST_DEPTH;
    }
}
