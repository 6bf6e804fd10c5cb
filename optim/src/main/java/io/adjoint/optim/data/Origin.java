package io.adjoint.optim.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.OptionalInt;

/**
 * Where the rows of a {@link Dataset} come from: a file and the line of each, or arrays, and what its columns are called. A
 * refusal begins with it, also after splits.
 */
public final class Origin {
    private final Source source;
    /** Of each row; empty if they are their numbers. */
    private final long[] places;
    /** What each feature is called; empty if they are their numbers. */
    private final List<String> features;
    private final List<String> targets;

    private Origin(Source source, long[] places, List<String> features, List<String> targets) {
        this.source = source;
        this.places = places;
        this.features = List.copyOf(features);
        this.targets = List.copyOf(targets);
    }

    /** What the data were before they lay in memory. */
    private sealed interface Source {
        DataException.Report whole(long[] places);

        /** Number of rows, if it is known. */
        OptionalInt size();

        DataException.Report features(long place);

        DataException.Report targets(long place);
    }

    /** Files, or arrays, of what is counted. */
    private record Counted(String features, String targets, String what, OptionalInt size) implements Source {
        @Override
        public DataException.Report whole(long[] places) {
            if (places.length == 0) {
                return DataException.in(features);
            }
            LongSummaryStatistics all = Arrays.stream(places).summaryStatistics();
            return all.getMin() == all.getMax() ? features(all.getMin())
                    : DataException.in(features).at(what + "s", all.getMin() + " to " + all.getMax());
        }

        @Override
        public DataException.Report features(long place) {
            return DataException.in(features).at(what, place);
        }

        @Override
        public DataException.Report targets(long place) {
            return DataException.in(targets).at(what, place);
        }
    }

    /** Other examples, which know best. */
    private record Loaded(Examples<?> examples) implements Source {
        @Override
        public DataException.Report whole(long[] places) {
            return examples.at();
        }

        @Override
        public OptionalInt size() {
            return OptionalInt.of(examples.size());
        }

        @Override
        public DataException.Report features(long place) {
            return examples.at((int) place);
        }

        @Override
        public DataException.Report targets(long place) {
            return examples.at((int) place);
        }
    }

    /**
     * Rows, any number of them, that have no other name than their numbers.
     *
     * @param source what the data are called
     */
    public static Origin rows(String source) {
        return new Origin(new Counted(source, source, "row", OptionalInt.empty()), new long[0], List.of(), List.of());
    }

    /** So many items of two files. */
    static Origin items(Path features, Path targets, int count) {
        return new Origin(new Counted(features.toString(), targets.toString(), "item", OptionalInt.of(count)),
                new long[0], List.of(), List.of());
    }

    static Origin lines(String source, long[] lines, List<String> features, List<String> targets) {
        return new Origin(new Counted(source, source, "line", OptionalInt.empty()), lines, features, targets);
    }

    /** Of examples that were loaded. */
    static Origin of(Examples<?> examples) {
        return examples instanceof Dataset dataset ? dataset.origin()
                : new Origin(new Loaded(examples), new long[0], List.of(), List.of());
    }

    /** Number of rows, if it is known. */
    OptionalInt size() {
        return places.length == 0 ? source.size() : OptionalInt.of(places.length);
    }

    /** Begins a refusal of all rows. */
    DataException.Report at() {
        return source.whole(places);
    }

    /** Begins a refusal of a row; of its target where the column of that is known. */
    DataException.Report at(int row) {
        DataException.Report report = source.targets(place(row));
        return targets.size() == 1 ? report.at("column", targets.getFirst()) : report;
    }

    /** Begins a refusal of a feature of a row, one of so many. */
    DataException.Report feature(int row, int index, int count) {
        return named(source.features(place(row)), "feature", features, index, count);
    }

    /** Begins a refusal of a target of a row, one of so many. */
    DataException.Report target(int row, int index, int count) {
        return named(source.targets(place(row)), "target", targets, index, count);
    }

    /** Numbers that were made of the columns have their names only if there are as many. */
    private static DataException.Report named(DataException.Report report, String what, List<String> names, int index,
            int count) {
        return names.size() == count ? report.at("column", names.get(index)) : report.at(what, index);
    }

    private long place(int row) {
        return places.length == 0 ? row : places[row];
    }

    /** Of these rows, one or more. */
    Origin subset(int... rows) {
        return new Origin(source, Arrays.stream(rows).mapToLong(this::place).toArray(), features, targets);
    }
}
