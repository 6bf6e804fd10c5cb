package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;

/** Numbers of rows that were asked for. */
final class Rows {
    private Rows() {}

    /** Refuses a row that there is not. */
    static int[] require(String what, int size, int... rows) {
        for (int row : rows) {
            if (row < 0 || row >= size) {
                throw ShapeException.of(what, "row out of range").operand("row", row).expected("0 to " + (size - 1));
            }
        }
        return rows;
    }

    /** Refuses a part without rows as well. */
    static int[] requirePart(String what, DataException.Report place, int size, int... rows) {
        if (rows.length == 0) {
            throw place.found("no rows", "one row or more");
        }
        return require(what, size, rows);
    }
}
