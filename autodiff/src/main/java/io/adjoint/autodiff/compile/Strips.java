package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts units that follow each other into {@link Unit.Strip}s: what one computes and the next reads is computed and read piece by
 * piece, while it is in cache, where all of it would not fit. The bits are the same, since each row of a piece is computed as
 * it is in the whole.
 */
final class Strips {
    /**
     * When a strip pays.
     *
     * @param piece bytes that a unit may read and write for one piece: about what a second-level cache holds
     * @param least bytes from which on what units hand on is not in cache any more when it is read
     */
    record Sizes(long piece, long least) {
        static final Sizes USUAL = new Sizes(512 << 10, 512 << 10);
    }

    /** More pieces than this of the least strip are too small to pay: rows of a number with no fitting divisors, or for many threads. */
    private static final int MOST_PIECES = 16;

    /** More shares than threads, so that a thread that is held back leaves some to the others. */
    private static final int SHARES_PER_THREAD = 4;

    /** With fewer pieces threads had better share the work of each unit. */
    private static final int LEAST_PER_THREAD = 4;

    private final int threads = Workers.threads();
    private final Graph graph;
    private final Values values;
    private final List<Unit> units;
    private final Map<Integer, Variable> inPlace;
    private final KeptFactors kept;
    private final Sizes sizes;
    /** The {@link LastUses}. */
    private final Map<Integer, Integer> lastUses;

    // the units from which a strip may be made
    private int begin;
    private final List<Unit> open = new ArrayList<>();
    private final Set<Integer> written = new HashSet<>();
    /** The roots of what they read. */
    private final Set<Integer> sources = new HashSet<>();
    private List<Integer> counts = List.of();

    private final List<Unit> made = new ArrayList<>();

    private Strips(Graph graph, Values values, Schedule.Order order, KeptFactors kept, Sizes sizes) {
        this.graph = graph;
        this.values = values;
        this.units = order.units();
        this.inPlace = order.inPlace();
        this.kept = kept;
        this.sizes = sizes;
        this.lastUses = LastUses.of(graph, values, units);
    }

    /** The units in the same order, some of them in strips. */
    static List<Unit> of(Graph graph, Values values, Schedule.Order order, KeptFactors kept, Sizes sizes) {
        Strips strips = new Strips(graph, values, order, kept, sizes);
        for (int u = 0; u < order.units().size(); u++) {
            strips.take(u);
        }
        strips.close();
        return strips.made;
    }

    private void take(int u) {
        Unit unit = units.get(u);
        Split split = Split.of(unit, graph, values, kept);
        List<Integer> own = isInPlace(unit) ? List.of() : split.counts();
        List<Integer> common = new ArrayList<>();
        if (readsWritten(unit) || readsInCommon(unit)) {
            for (int pieces : own) {
                if (counts.contains(pieces) && fits(u, split, pieces) && isAligned(unit, split, pieces)) {
                    common.add(pieces);
                }
            }
        }
        if (common.isEmpty()) {
            close();
            begin = u;
            for (int pieces : own) {
                if (fits(u, split, pieces)) {
                    common.add(pieces);
                }
            }
        }
        counts = common;
        open.add(unit);
        sources.addAll(roots(unit));
        written.addAll(unit.writes());
    }

    /** Those of what a unit reads. */
    private Set<Integer> roots(Unit unit) {
        Set<Integer> roots = new HashSet<>();
        unit.reads().forEach(read -> roots.add(values.root(read)));
        return roots;
    }

    private boolean isInPlace(Unit unit) {
        for (int step : unit.writes()) {
            if (inPlace.containsKey(step)) {
                return true;
            }
        }
        return false;
    }

    private boolean readsWritten(Unit unit) {
        for (int read : unit.reads()) {
            if (written.contains(values.root(read))) {
                return true;
            }
        }
        return false;
    }

    /** Whether it reads so much of what the others read that this is not in cache any more when all of them have. */
    private boolean readsInCommon(Unit unit) {
        Set<Integer> common = roots(unit);
        common.retainAll(sources);
        return bytes(common) >= sizes.least;
    }

    /** Whether there are pieces enough, and the unit handles few enough bytes for each. */
    private boolean fits(int u, Split split, int pieces) {
        return (threads == 1 || pieces >= threads * LEAST_PER_THREAD) && handled(u, split, pieces) <= sizes.piece;
    }

    /** The bytes that a unit reads and writes for one piece, but for what all pieces read. */
    private long handled(int u, Split split, int pieces) {
        Unit unit = units.get(u);
        long bytes = bytes(unit.writes()) / pieces;
        for (int i = 0; i < unit.reads().size(); i++) {
            Array whole = values.array(unit.reads().get(i));
            int piece = split.read(i, whole, pieces, 0).size();
            bytes += piece < whole.size() && !isOverwritten(u, i) ? (long) piece * whole.dtype().bytes() : 0;
        }
        return bytes;
    }

    /** Whether a loop writes where it reads a value, since nobody reads it later. */
    private boolean isOverwritten(int u, int number) {
        int read = units.get(u).reads().get(number);
        return units.get(u) instanceof Unit.Fused loop && written.contains(values.root(read)) && values.isWhole(read)
                && lastUses.get(values.whole(read)) == u && loop.writes().size() == 1
                && bytes(loop.writes().getFirst()) == bytes(read);
    }

    /** Whether a piece of the unit reads nothing of what the others have not computed yet. */
    private boolean isAligned(Unit unit, Split split, int pieces) {
        for (int i = 0; i < unit.reads().size(); i++) {
            int read = unit.reads().get(i);
            Array root = values.array(values.root(read));
            if (written.contains(values.root(read)) && !(liesInPieces(root, pieces)
                    && new Cut(split.result(), pieces).isAligned(within(root, values.array(read)),
                            split.shifts().get(i), root.size()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether pieces of what is written follow each other in memory, as they do also where axes within them are in another order. */
    private static boolean liesInPieces(Array root, int pieces) {
        return root.isContiguous() || new Cut(root.shape(), pieces).isAligned(within(root, root), 0, root.size());
    }

    /** How a view of a root lies from the first element of the root on. */
    private static Array within(Array root, Array view) {
        return view.view(view.shape(), view.strides(), view.offset() - root.offset());
    }

    private void close() {
        if (open.size() > 1 && handedOn() >= sizes.least && greatest() >= sizes.least / MOST_PIECES) {
            made.add(strip());
        } else {
            made.addAll(open);
        }
        open.clear();
        written.clear();
        sources.clear();
        counts = List.of();
    }

    /** The bytes of what one of the units computes and another one reads. */
    private long handedOn() {
        Set<Integer> handedOn = new HashSet<>(sources);
        handedOn.retainAll(written);
        return bytes(handedOn);
    }

    /** The bytes that the greatest of the units handles for one piece. */
    private long greatest() {
        int pieces = counts.getFirst();
        long greatest = 0;
        for (int i = 0; i < open.size(); i++) {
            greatest = Math.max(greatest,
                    handled(begin + i, Split.of(open.get(i), graph, values, kept), pieces));
        }
        return greatest;
    }

    private long bytes(Collection<Integer> steps) {
        long bytes = 0;
        for (int step : steps) {
            bytes += bytes(step);
        }
        return bytes;
    }

    private long bytes(int step) {
        return Work.bytes(graph.steps().get(step).spec());
    }

    private Unit.Strip strip() {
        int pieces = counts.getFirst();
        int end = begin + open.size();
        Set<Integer> reads = new LinkedHashSet<>();
        List<Integer> writes = new ArrayList<>();
        for (Unit unit : open) {
            unit.reads().stream().filter(read -> !written.contains(values.root(read))).forEach(reads::add);
            unit.writes().stream().filter(step -> lastUses.getOrDefault(values.whole(step), -1) >= end)
                    .forEach(writes::add);
        }
        Set<Integer> locals = new LinkedHashSet<>(written);
        writes.forEach(locals::remove);
        int shares = threads == 1 ? 1 : Math.min(pieces, threads * SHARES_PER_THREAD);
        return new Unit.Strip(List.copyOf(open), pieces, shares, List.copyOf(reads), writes, Set.copyOf(locals));
    }
}
