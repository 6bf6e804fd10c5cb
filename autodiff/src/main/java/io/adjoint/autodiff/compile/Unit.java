package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;

/** Steps of a graph that are run as one. */
sealed interface Unit {
    /** The steps that it runs, in order. */
    List<Integer> members();

    /** The steps whose values it reads, none of them its own. */
    List<Integer> reads();

    /** The steps whose values it leaves in memory. */
    List<Integer> writes();

    /** The units that it runs, one after the other or in turns. */
    default List<Unit> parts() {
        return List.of(this);
    }

    /**
     * Elementwise operations of one shape, computed for each element at once.
     *
     * @param members all steps, in order
     * @param reads the steps whose elements it loads
     * @param writes those of the members that others read
     */
    record Fused(List<Integer> members, List<Integer> reads, List<Integer> writes) implements Unit {
        static Fused of(SortedSet<Integer> members, Graph graph, Users users) {
            Set<Integer> reads = new LinkedHashSet<>();
            List<Integer> writes = new ArrayList<>();
            for (int member : members) {
                reads.addAll(((Graph.Apply) graph.steps().get(member)).inputs());
                if (users.isReadOutside(member, members)) {
                    writes.add(member);
                }
            }
            reads.removeAll(members);
            return new Fused(List.copyOf(members), List.copyOf(reads), List.copyOf(writes));
        }
    }

    /**
     * An operation by itself.
     *
     * @param step its number
     * @param reads its inputs
     */
    record Single(int step, List<Integer> reads) implements Unit {
        @Override
        public List<Integer> members() {
            return List.of(step);
        }

        @Override
        public List<Integer> writes() {
            return List.of(step);
        }
    }

    /**
     * A product and the loop that alone reads it, which runs over each part of the product as soon as that is finished.
     *
     * @param product whose value lies in memory only in between
     * @param loop of the product's shape, but for how the rows are counted
     * @param reads what both read, but for the product
     */
    record Finished(Single product, Fused loop, List<Integer> reads) implements Unit {
        static Finished of(Single product, Fused loop, Values values) {
            Set<Integer> reads = new LinkedHashSet<>(product.reads());
            reads.addAll(loop.reads());
            reads.removeIf(read -> values.root(read) == product.step());
            return new Finished(product, loop, List.copyOf(reads));
        }

        @Override
        public List<Unit> parts() {
            return List.of(product, loop);
        }

        @Override
        public List<Integer> members() {
            return Stream.concat(Stream.of(product.step()), loop.members().stream()).toList();
        }

        @Override
        public List<Integer> writes() {
            return loop.writes();
        }
    }

    /**
     * An operation and others, whose results the first one comes by: see {@link Yields}.
     *
     * @param first which alone says what all read
     * @param given the steps with what the first one would else compute for itself
     * @param others the operations whose results it could come by, each empty where there is none to join
     */
    record Yield(Single first, List<Optional<Integer>> given, List<Optional<Single>> others) implements Unit {
        @Override
        public List<Integer> members() {
            return Stream.concat(Stream.of(first), others.stream().flatMap(Optional::stream)).map(Single::step)
                    .toList();
        }

        @Override
        public List<Integer> reads() {
            return Stream.concat(first.reads().stream(), given.stream().flatMap(Optional::stream)).toList();
        }

        /** The first result too, though nobody else may read it. */
        @Override
        public List<Integer> writes() {
            return members();
        }
    }

    /**
     * Products of matrices, each added to the one before: the gradient of a weight that is used many times.
     *
     * @param steps a product or an addition to one, and the additions that follow it
     * @param reads what the first one adds to, if it does, and the factors of each
     */
    record Sum(List<Integer> steps, List<Integer> reads) implements Unit {
        @Override
        public List<Integer> members() {
            return steps;
        }

        @Override
        public List<Integer> writes() {
            return List.of(steps.getLast());
        }

        /** Whether the products are added to the first value that is read. */
        boolean addsToFirst() {
            return reads.size() == 2 * steps.size() + 1;
        }
    }

    /**
     * Loops that compute the same of many sets of arrays, in one launch; none waits for another one.
     *
     * @param loops one for each set
     */
    record Gathered(List<Fused> loops) implements Unit {
        @Override
        public List<Unit> parts() {
            return List.copyOf(loops);
        }

        @Override
        public List<Integer> members() {
            return loops.stream().flatMap(loop -> loop.members().stream()).toList();
        }

        @Override
        public List<Integer> reads() {
            return loops.stream().flatMap(loop -> loop.reads().stream()).distinct().toList();
        }

        @Override
        public List<Integer> writes() {
            return loops.stream().flatMap(loop -> loop.writes().stream()).toList();
        }
    }

    /**
     * Units that take turns: each computes a piece of its result before the first one goes on to the next piece. Threads share
     * the pieces, not the work on one.
     *
     * @param parts the units, in order
     * @param pieces how many each result is computed in
     * @param shares how many runs of pieces one thread computes each
     * @param writes what others read too, which lies in memory as a whole
     * @param locals what only the parts read, of which each share has memory for one piece
     */
    record Strip(List<Unit> parts, int pieces, int shares, List<Integer> reads, List<Integer> writes,
            Set<Integer> locals) implements Unit {
        /** The first piece of a share. */
        int begin(int share) {
            return (int) ((long) pieces * share / shares);
        }

        @Override
        public List<Integer> members() {
            return parts.stream().flatMap(part -> part.members().stream()).toList();
        }
    }
}
