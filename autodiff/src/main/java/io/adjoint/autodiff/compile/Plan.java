package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Growing;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.runtime.Array;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What a graph is compiled to: units in the order in which they run, and where their values lie. A value has a place in the
 * slab from the unit that computes it to the last one that reads it, and with all of its parts the same one ({@link Homes}); a fused
 * unit, and some operations, may write to the place of what they read last.
 */
final class Plan {
    private final Graph graph;
    private final Values values;
    private final List<Unit> units;
    private final Map<Integer, Variable> inPlace;
    private final Map<Variable, Schedule.Copying> copied;
    private final KeptFactors kept;
    private final Map<Integer, Slab.Place> places = new HashMap<>();
    private final Map<Integer, Integer> lastUses;
    private final Slab slab = new Slab();
    private final Map<Unit.Strip, Map<DType, Integer>> shareLengths = new IdentityHashMap<>();

    private Plan(Graph graph, Strips.Sizes strips) {
        this.graph = graph;
        this.values = new Values(graph);
        List<Unit> loops = Postponed.of(graph, values, Yields.of(graph, values, Fusion.of(graph, values)));
        List<Unit> sums = Sums.of(graph, values.users(), loops);
        this.kept = new KeptFactors(graph, values, sums);
        Schedule.Order order = Schedule.of(graph, values, Epilogues.of(graph, values, sums, kept, strips));
        this.inPlace = order.inPlace();
        this.copied = order.copied();
        this.units = Strips.of(graph, values, order, kept, strips);
        this.lastUses = LastUses.of(graph, values, units);
        place();
    }

    static Plan of(Graph graph) {
        return of(graph, Strips.Sizes.USUAL);
    }

    /** With strips of these sizes. */
    static Plan of(Graph graph, Strips.Sizes strips) {
        return new Plan(graph, strips);
    }

    Graph graph() {
        return graph;
    }

    Values values() {
        return values;
    }

    List<Unit> units() {
        return units;
    }

    /** The variables in whose memory the values of steps are computed. */
    Map<Integer, Variable> inPlace() {
        return inPlace;
    }

    /** Why the new values of other variables are computed elsewhere and copied. */
    Map<Variable, Schedule.Copying> copied() {
        return copied;
    }

    /** How a part of a strip is split. */
    Split split(Unit part) {
        return Split.of(part, graph, values, kept);
    }

    /** The right factors that products keep packed. */
    KeptFactors kept() {
        return kept;
    }

    /** Where the memory that the value of a root lies in is in the slab, of a part that of the whole; null for what lies elsewhere. */
    Slab.Place place(int root) {
        return places.get(root);
    }

    /** Elements of each dtype in the slab. */
    Map<DType, Integer> lengths() {
        return slab.lengths();
    }

    /** Elements of each dtype that a share of a strip has for its local values. */
    Map<DType, Integer> shareLengths(Unit.Strip strip) {
        return shareLengths.get(strip);
    }

    private void place() {
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Input input) {
                places.put(i, slab.take(input.spec().dtype(), input.spec().shape().size()));
            }
        }
        Room room = new Room(slab, places, 1);
        for (int u = 0; u < units.size(); u++) {
            Unit unit = units.get(u);
            Set<Integer> dying = room.dying(unit, lastUses, u);
            Map<Integer, Integer> readers = readers(unit.parts());
            Set<Integer> writes = Set.copyOf(unit.writes());
            boolean isFinished = unit instanceof Unit.Finished;
            for (Unit part : unit.parts()) {
                // others might read it after this one has written a piece; a product comes where its loop writes
                room.place(part, writes, root -> !isFinished && readers.get(root) == 1, dying);
            }
            switch (unit) {
                case Unit.Strip strip -> placeLocals(strip);
                case Unit.Finished finished -> placeProduct(finished);
                case Unit.Fused _, Unit.Single _, Unit.Yield _, Unit.Sum _, Unit.Gathered _ -> {}
            }
            room.free(dying);
            room.freeUnread(unit.writes(), lastUses);
        }
    }

    /** How many of the units read in the memory of each step. */
    private Map<Integer, Integer> readers(List<Unit> units) {
        Map<Integer, Integer> readers = new HashMap<>();
        units.forEach(unit -> unit.reads().stream().map(values::whole).distinct()
                .forEach(whole -> readers.merge(whole, 1, Integer::sum)));
        return readers;
    }

    /** A product lies where its loop writes, or in memory that is free again after it. */
    private void placeProduct(Unit.Finished unit) {
        int product = unit.product().step();
        TensorSpec spec = graph.steps().get(product).spec();
        for (int written : unit.writes()) {
            Slab.Place place = places.get(written);
            Array array = values.array(written);
            if (place != null && array.dtype() == spec.dtype() && array.size() == spec.shape().size()
                    && array.isContiguous()) {
                places.put(product, new Slab.Place(place.dtype(), place.offset() + array.offset(), array.size()));
                return;
            }
        }
        places.put(product, slab.take(spec.dtype(), spec.shape().size()));
        slab.free(places.get(product));
    }

    /** Places for one piece of what only the parts of a strip read, for each share: they are not at the same part at the same time. */
    private void placeLocals(Unit.Strip strip) {
        Map<Integer, Integer> uses = LastUses.among(values, strip.parts());
        Room room = new Room(new Slab(), new HashMap<>(), strip.pieces());
        for (int i = 0; i < strip.parts().size(); i++) {
            Set<Integer> dying = room.dying(strip.parts().get(i), uses, i);
            room.place(strip.parts().get(i), strip.locals(), _ -> true, dying);
            room.free(dying);
        }
        Map<DType, Integer> lengths = room.slab.lengths();
        Map<DType, Slab.Place> all = new EnumMap<>(DType.class);
        lengths.forEach(
                (dtype, length) -> all.put(dtype, slab.take(dtype, Math.multiplyExact(length, strip.shares()))));
        room.places.forEach((step, place) -> places.put(step,
                new Slab.Place(place.dtype(), all.get(place.dtype()).offset() + place.offset(), place.length())));
        all.values().forEach(slab::free);
        shareLengths.put(strip, lengths);
    }

    /** Memory in which values come and go. */
    private final class Room {
        private final Slab slab;
        /** Of the values that are there or were. */
        private final Map<Integer, Slab.Place> places;
        /** Of how many pieces of each value it holds one. */
        private final int pieces;

        Room(Slab slab, Map<Integer, Slab.Place> places, int pieces) {
            this.slab = slab;
            this.places = places;
            this.pieces = pieces;
        }

        /** What has memory here in which this unit is the last to read. */
        Set<Integer> dying(Unit unit, Map<Integer, Integer> uses, int number) {
            Set<Integer> dying = new LinkedHashSet<>();
            for (int read : unit.reads()) {
                int whole = values.whole(read);
                if (places.containsKey(whole) && uses.get(whole) == number) {
                    dying.add(whole);
                }
            }
            return dying;
        }

        /** Gives places to those of a unit's results that are among {@code some}. */
        void place(Unit unit, Set<Integer> some, IntPredicate mayTake, Set<Integer> dying) {
            for (int written : unit.writes()) {
                int whole = values.whole(written);
                if (some.contains(written) && !inPlace.containsKey(written)) {
                    if (!places.containsKey(whole)) { // the first of its parts, or one without parts
                        places.put(whole, whole == written ? placeOf(written, unit, mayTake, dying)
                                : take(graph.steps().get(whole).spec()));
                    }
                    places.put(written, places.get(whole));
                }
            }
        }

        private Slab.Place take(TensorSpec spec) {
            return slab.take(spec.dtype(), spec.shape().size() / pieces);
        }

        /** The place of something that dies, whose elements the unit has read when it writes there; or another one. */
        private Slab.Place placeOf(int written, Unit unit, IntPredicate mayTake, Set<Integer> dying) {
            TensorSpec spec = graph.steps().get(written).spec();
            for (int root : unit.reads().stream().map(values::whole).filter(dying::contains).toList()) {
                TensorSpec old = graph.steps().get(root).spec();
                if (mayTake.test(root) && old.dtype() == spec.dtype() && old.shape().size() == spec.shape().size()
                        && values.array(written).isContiguous() && mayOverwrite(unit, written, root)) {
                    dying.remove(root);
                    return places.get(root);
                }
            }
            return take(spec);
        }

        void free(Set<Integer> roots) {
            roots.forEach(root -> slab.free(places.get(root)));
        }

        void freeUnread(Collection<Integer> written, Map<Integer, Integer> uses) {
            written.stream().filter(step -> !uses.containsKey(values.whole(step)) && places.containsKey(step))
                    .forEach(step -> slab.free(places.get(step)));
        }
    }

    /** Whether a unit has read all of a value at the place where it writes, each time that it writes. */
    private boolean mayOverwrite(Unit unit, int written, int root) {
        List<Integer> reads = unit.reads().stream().filter(read -> values.whole(read) == root).toList();
        boolean whole = reads.stream().allMatch(read -> values.isWhole(read)
                && values.array(read).size() == graph.steps().get(root).spec().shape().size());
        return whole && switch (unit) {
            case Unit.Fused fused -> fused.reads().stream().filter(reads::contains)
                    .allMatch(read -> values.array(read).size() == values.array(fused.writes().getFirst()).size());
            case Unit.Single single -> mayOverwriteFirst(single) && reads.equals(single.reads().subList(0, 1));
            case Unit.Sum sum ->
                sum.addsToFirst() && reads.size() == 1 && sum.reads().getFirst().equals(reads.getFirst());
            case Unit.Yield(Unit.Single first, _, _) ->
                written == first.step() && mayOverwriteFirst(first) && reads.equals(first.reads().subList(0, 1));
            case Unit.Finished _, Unit.Strip _, Unit.Gathered _ -> throw new AssertionError("its parts have places");
        };
    }

    /** Whether the operation may write where its first input lies. */
    private boolean mayOverwriteFirst(Unit.Single unit) {
        return switch (((Graph.Apply) graph.steps().get(unit.step())).op()) {
            case Growing _ -> true;
            case RowOp op -> op.mayOverwriteFirst();
            default -> false;
        };
    }
}
