package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.op.Elementwise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts the steps of a graph into {@link Unit}s: an elementwise operation joins those that made its inputs, if all are of one
 * shape, so that what one leaves the next finds in a register. The bits are the same, since each element is the same
 * sequence of operations.
 */
final class Fusion {
    /** Nodes of the expressions of a unit: longer loops need more registers than there are, and lose what they gain. */
    static final int MOST_NODES = 120;

    /** Arrays that a unit may walk along. */
    static final int MOST_OPERANDS = 14;

    private final Graph graph;
    private final Values values;
    private final Users users;
    /** The group of each step that computes something. */
    private final Group[] groups;
    private final Map<Key, MapKernel> kernels = new HashMap<>();

    // one search for a way through the graph
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final int[] reached;
    private int search;
    private final List<Break> breaks = new ArrayList<>();

    private record Key(Elementwise op, List<DType> types) {}

    private Fusion(Graph graph, Values values) {
        this.graph = graph;
        this.values = values;
        this.groups = new Group[graph.steps().size()];
        this.reached = new int[groups.length];
        this.users = new Users(graph);
    }

    /** Why two elementwise steps are not computed in one loop although one reads the other. */
    enum Obstacle {
        NONE("nothing is in the way"),
        VIEW("there is a view between them"),
        SHAPES("their shapes differ"),
        SCALAR("one is computed in vectors and the other is not"),
        LENGTH("the loop would have more than " + MOST_NODES + " nodes"),
        WIDTHS("their numbers are of different widths"),
        OPERANDS("the loop would walk along more than " + MOST_OPERANDS + " arrays"),
        CYCLE("a step outside of the loop would have to run in the middle of it");

        private final String text;

        Obstacle(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A step that reads another, both elementwise and in different units. */
    record Break(int from, int to, Obstacle obstacle) {}

    /** Where loops end that might have gone on. */
    static List<Break> breaks(Graph graph, Values values) {
        Fusion fusion = new Fusion(graph, values);
        fusion.units();
        return fusion.breaks.stream().filter(each -> fusion.groups[each.from] != fusion.groups[each.to]).toList();
    }

    /** Steps that will be a unit. */
    private static final class Group {
        private final TreeSet<Integer> members = new TreeSet<>();
        private final Optional<MapKernel> kernel;
        private int cost;

        Group(int step, Optional<MapKernel> kernel) {
            this.kernel = kernel;
            this.cost = kernel.map(MapKernel::cost).orElse(0);
            members.add(step);
        }
    }

    /** The units of a graph, each after those that it depends on. */
    static List<Unit> of(Graph graph, Values values) {
        return new Fusion(graph, values).units();
    }

    private List<Unit> units() {
        for (int i = 0; i < groups.length; i++) {
            if (computes(i)) {
                int step = i;
                groups[i] = new Group(i, elementwise(i).map(op -> kernel(step, op)));
                if (elementwise(i).isPresent()) {
                    join(i);
                }
            }
        }
        Set<Group> seen = new HashSet<>();
        List<Unit> units = new ArrayList<>();
        for (Group group : groups) {
            if (group != null && seen.add(group)) {
                units.add(unit(group));
            }
        }
        return units;
    }

    /** Whether the step makes something that is not there otherwise. */
    private boolean computes(int step) {
        return graph.steps().get(step) instanceof Graph.Apply && values.root(step) == step;
    }

    private Optional<Elementwise> elementwise(int step) {
        return graph.steps().get(step) instanceof Graph.Apply(Elementwise op, _, _, _) ? Optional.of(op)
                : Optional.empty();
    }

    private MapKernel kernel(int step, Elementwise op) {
        List<DType> types = inputs(step).stream().map(this::dtype).toList();
        return kernels.computeIfAbsent(new Key(op, types), _ -> Expressions.alone(op, types));
    }

    private DType dtype(int step) {
        return graph.steps().get(step).spec().dtype();
    }

    private List<Integer> inputs(int step) {
        return graph.steps().get(step) instanceof Graph.Apply apply ? apply.inputs() : List.of();
    }

    /** Lets a new elementwise step join the groups of its inputs. */
    private void join(int step) {
        for (int input : inputs(step)) {
            Group other = groups[input];
            Group own = groups[step];
            if (other == null && elementwise(values.root(input)).isPresent()) {
                breaks.add(new Break(values.root(input), step, Obstacle.VIEW));
            }
            if (other == null || other == own || elementwise(other.members.getFirst()).isEmpty()) {
                continue;
            }
            Obstacle obstacle = obstacle(own, other);
            if (obstacle != Obstacle.NONE) {
                breaks.add(new Break(input, step, obstacle));
                continue;
            }
            other.cost += own.cost;
            for (int member : own.members) {
                other.members.add(member);
                groups[member] = other;
            }
        }
    }

    /** Why two groups of elementwise steps cannot be one. */
    private Obstacle obstacle(Group own, Group other) {
        if (!shape(own.members.getFirst()).equals(shape(other.members.getFirst()))) {
            return Obstacle.SHAPES;
        }
        if (!isOfOneWidth(own, other)) {
            return Obstacle.WIDTHS;
        }
        if (!own.kernel.map(MapKernel::isVectorised).equals(other.kernel.map(MapKernel::isVectorised))) {
            return Obstacle.SCALAR;
        }
        if (own.cost + other.cost > MOST_NODES) {
            return Obstacle.LENGTH;
        }
        if (operands(own, other) > MOST_OPERANDS) {
            return Obstacle.OPERANDS;
        }
        return isCyclic(own, other) ? Obstacle.CYCLE : Obstacle.NONE;
    }

    private Shape shape(int step) {
        return graph.steps().get(step).spec().shape();
    }

    /** Whether a vector of each number in the loop has as many elements. */
    private boolean isOfOneWidth(Group own, Group other) {
        return isOfOneWidth(graph, Stream.concat(own.members.stream(), other.members.stream()));
    }

    static boolean isOfOneWidth(Graph graph, Stream<Integer> steps) {
        return steps.map(graph.steps()::get).flatMap(step -> Stream.concat(Stream.of(step),
                ((Graph.Apply) step).inputs().stream().map(graph.steps()::get)))
                .map(step -> step.spec().dtype()).filter(type -> type != DType.BOOL).map(DType::bytes).distinct()
                .count() <= 1;
    }

    private int operands(Group own, Group other) {
        Set<Integer> members = new HashSet<>(own.members);
        members.addAll(other.members);
        Set<Integer> read = new HashSet<>();
        int written = 0;
        for (int member : members) {
            for (int input : inputs(member)) {
                if (!members.contains(input) && !(graph.steps().get(input) instanceof Graph.Constant)) {
                    read.add(input);
                }
            }
            written += users.isReadOutside(member, members) ? 1 : 0;
        }
        return read.size() + written;
    }

    /** Whether one group would have to wait for a step that waits for the other. */
    private boolean isCyclic(Group a, Group b) {
        return leadsThroughOthers(a, b) || leadsThroughOthers(b, a);
    }

    /**
     * Whether {@code later} depends on {@code earlier} by way of steps that are in neither. What is behind a group is behind
     * all of its members, so the walk goes to later steps as well as to earlier ones.
     */
    private boolean leadsThroughOthers(Group earlier, Group later) {
        search++;
        waiting.clear();
        pushInputs(later, earlier, later);
        while (!waiting.isEmpty()) {
            int step = waiting.pop();
            Group group = groups[step];
            if (group == earlier) {
                return true;
            }
            int representative = group == null ? step : group.members.getFirst();
            if (group == later || reached[representative] == search) {
                continue;
            }
            reached[representative] = search;
            if (group == null) {
                inputs(step).forEach(waiting::push);
            } else {
                pushInputs(group, group, group);
            }
        }
        return false;
    }

    /** Goes on to what the members of a group read, but for what is in one of the others. */
    private void pushInputs(Group of, Group except, Group or) {
        for (int member : of.members) {
            for (int input : inputs(member)) {
                if (groups[input] == null || groups[input] != except && groups[input] != or) {
                    waiting.push(input);
                }
            }
        }
    }

    private Unit unit(Group group) {
        int first = group.members.getFirst();
        if (elementwise(first).isEmpty()) {
            return new Unit.Single(first, inputs(first));
        }
        return Unit.Fused.of(group.members, graph, users);
    }
}
