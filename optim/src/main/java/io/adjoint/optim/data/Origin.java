package io.adjoint.optim.data;

import java.util.Arrays;

/**
 * Where the rows of a {@link Dataset} come from: a file and the line of each, or arrays. A refusal of a row begins with it, also
 * after splits.
 */
public final class Origin {
    private final String source;
    private final String what;
    /** Of each row; empty if they are their numbers. */
    private final long[] places;
    private final String column;

    private Origin(String source, String what, long[] places, String column) {
        this.source = source;
        this.what = what;
        this.places = places;
        this.column = column;
    }

    /**
     * Rows that have no other name than their numbers.
     *
     * @param source what the data are called
     */
    public static Origin rows(String source) {
        return counted(source, "row");
    }

    static Origin counted(Object source, String what) {
        return new Origin(source.toString(), what, new long[0], "");
    }

    static Origin lines(String source, long[] lines, String column) {
        return new Origin(source, "line", lines, column);
    }

    /** Begins a refusal of a row; of its target where the column of that is known. */
    DataException.Report at(int row) {
        return column.isEmpty() ? atFeatures(row) : atFeatures(row).at("column", column);
    }

    /** Begins a refusal of the features of a row. */
    DataException.Report atFeatures(int row) {
        return DataException.in(source).at(what, place(row));
    }

    private long place(int row) {
        return places.length == 0 ? row : places[row];
    }

    /** Of these rows. */
    Origin subset(int... rows) {
        return new Origin(source, what, Arrays.stream(rows).mapToLong(this::place).toArray(), column);
    }
}
