package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.compile.Groups.Group;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.Elementwise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Puts the steps of a graph into {@link Unit}s: an elementwise operation joins those that made its inputs, if all are of one
 * shape, so that what one leaves the next finds in a register. The bits are the same, since each element is the same
 * sequence of operations.
 */
final class Fusion {
    /** Nodes of the expressions of a unit: longer loops need more registers than there are, and lose what they gain. */
    static final int MOST_NODES = 120;

    /** Arrays that a unit may walk along. */
    static final int MOST_OPERANDS = 20;

    private final Graph graph;
    private final Values values;
    private final Users users;
    private final Groups groups;
    private final Map<Key, Groups.Loop> loops = new HashMap<>();
    private final List<Break> breaks = new ArrayList<>();

    private record Key(Elementwise op, List<DType> types) {}

    private Fusion(Graph graph, Values values) {
        this.graph = graph;
        this.values = values;
        this.groups = new Groups(graph, values);
        this.users = values.users();
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
        return fusion.breaks.stream().filter(each -> fusion.groups.of(each.from) != fusion.groups.of(each.to)).toList();
    }

    /** The units of a graph, each after those that it depends on. */
    static List<Unit> of(Graph graph, Values values) {
        return new Fusion(graph, values).units();
    }

    private List<Unit> units() {
        for (int i = 0; i < graph.steps().size(); i++) {
            if (computes(i)) {
                groups.add(i, loop(i));
                if (isElementwise(i)) {
                    join(i);
                } else if (isConcat(i)) {
                    joinParts(i);
                }
            }
        }
        return groups.all().stream().map(this::unit).toList();
    }

    /** Whether the step makes something that is not there otherwise. */
    private boolean computes(int step) {
        return graph.steps().get(step) instanceof Graph.Apply && values.root(step) == step;
    }

    private boolean isElementwise(int step) {
        return graph.steps().get(step) instanceof Graph.Apply(Elementwise _, _, _, _);
    }

    private boolean isConcat(int step) {
        return graph.steps().get(step) instanceof Graph.Apply(Concat _, _, _, _);
    }

    private Groups.Loop loop(int step) {
        if (!(graph.steps().get(step) instanceof Graph.Apply(Elementwise op, _, _, _))) {
            return Groups.Loop.NONE;
        }
        List<DType> types = inputs(step).stream().map(this::dtype).toList();
        return loops.computeIfAbsent(new Key(op, types), _ -> {
            MapKernel kernel = Expressions.alone(op, types);
            return new Groups.Loop(kernel.cost(), kernel.isVectorised());
        });
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
            Group other = groups.of(input);
            Group own = groups.of(step);
            if (other == null && isElementwise(values.root(input))) {
                breaks.add(new Break(values.root(input), step, Obstacle.VIEW));
            }
            if (other == null || other == own || !isElementwise(other.members().getFirst())) {
                continue;
            }
            Obstacle obstacle = obstacle(own, other);
            if (obstacle != Obstacle.NONE) {
                breaks.add(new Break(input, step, obstacle));
                continue;
            }
            groups.join(own, other);
        }
    }

    /** Lets those that make the parts of a concatenation and read the same be one, since they are needed at the same time. */
    private void joinParts(int concat) {
        Group last = null;
        for (int input : inputs(concat)) {
            Group group = groups.of(input);
            if (group != null && isElementwise(input)) {
                if (last != null && last != group && !Collections.disjoint(reads(group), reads(last))
                        && obstacle(group, last) == Obstacle.NONE) {
                    groups.join(group, last);
                } else {
                    last = group;
                }
            }
        }
    }

    /** The steps, none of them constant, whose values a group reads. */
    private Set<Integer> reads(Group group) {
        Set<Integer> reads = new HashSet<>();
        for (int member : group.members()) {
            inputs(member).stream().filter(input -> !(graph.steps().get(input) instanceof Graph.Constant))
                    .map(values::root).forEach(reads::add);
        }
        reads.removeAll(group.members());
        return reads;
    }

    /** Why two groups of elementwise steps cannot be one. */
    private Obstacle obstacle(Group own, Group other) {
        if (!shape(own.members().getFirst()).equals(shape(other.members().getFirst()))) {
            return Obstacle.SHAPES;
        }
        if (!Widths.isOne(own.widths() | other.widths())) {
            return Obstacle.WIDTHS;
        }
        if (own.isVectorised() != other.isVectorised()) {
            return Obstacle.SCALAR;
        }
        if (isTooLong(own, other)) {
            return Obstacle.LENGTH;
        }
        if (operands(own, other) > MOST_OPERANDS) {
            return Obstacle.OPERANDS;
        }
        return groups.isCyclic(own, other) ? Obstacle.CYCLE : Obstacle.NONE;
    }

    /** Whether the loop of two groups has too many nodes, of which those that both compute count once. */
    private boolean isTooLong(Group own, Group other) {
        int all = own.cost() + other.cost();
        if (all <= MOST_NODES || all > 2 * MOST_NODES) {
            return all > MOST_NODES;
        }
        SortedSet<Integer> members = new TreeSet<>(own.members());
        members.addAll(other.members());
        return Expressions.cost(Unit.Fused.of(members, graph, users), graph, values) > MOST_NODES;
    }

    private Shape shape(int step) {
        return graph.steps().get(step).spec().shape();
    }

    private int operands(Group own, Group other) {
        Set<Integer> read = new HashSet<>();
        int written = 0;
        for (Group group : List.of(own, other)) {
            for (int member : group.members()) {
                for (int input : inputs(member)) {
                    if (isOutside(input, own, other) && !(graph.steps().get(input) instanceof Graph.Constant)) {
                        read.add(input);
                    }
                }
                written += users.isKept(member) || isReadOutside(member, own, other) ? 1 : 0;
            }
        }
        return read.size() + written;
    }

    private boolean isReadOutside(int step, Group own, Group other) {
        for (int user : users.of(step)) {
            if (isOutside(user, own, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOutside(int step, Group own, Group other) {
        return groups.of(step) != own && groups.of(step) != other;
    }

    private Unit unit(Group group) {
        int first = group.members().getFirst();
        if (!isElementwise(first)) {
            return new Unit.Single(first, inputs(first));
        }
        return Unit.Fused.of(group.members(), graph, users);
    }
}
