package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Steps that will be units together, and which groups of them wait for which. */
final class Groups {
    private final Graph graph;
    private final Values values;
    /** The group of each step that computes something. */
    private final Group[] groups;

    // a walk from group to group
    private final Deque<Group> waiting = new ArrayDeque<>();
    private int walks;

    Groups(Graph graph, Values values) {
        this.graph = graph;
        this.values = values;
        this.groups = new Group[graph.steps().size()];
    }

    /**
     * The loop that a step would be by itself.
     *
     * @param cost nodes of its expression
     * @param isVectorised whether it is computed in vectors
     */
    record Loop(int cost, boolean isVectorised) {
        /** Of what is not elementwise. */
        static final Loop NONE = new Loop(0, false);
    }

    /** Steps that will be a unit. */
    static final class Group {
        private final TreeSet<Integer> members = new TreeSet<>();
        private final boolean isVectorised;
        private int cost;
        private int widths;
        /** The steps that read what the members make. */
        private final List<Integer> readers = new ArrayList<>();
        /** Greater than that of each group that it waits for, so that a search for one of them ends at lower ones. */
        private int level;
        /** The last walk that came by. */
        private int reached;

        private Group(int step, Loop loop, int widths) {
            this.isVectorised = loop.isVectorised;
            this.cost = loop.cost;
            this.widths = widths;
            members.add(step);
        }

        TreeSet<Integer> members() {
            return members;
        }

        /** Whether all members are computed in vectors. */
        boolean isVectorised() {
            return isVectorised;
        }

        /** Nodes of all members' expressions. */
        int cost() {
            return cost;
        }

        /** The {@link Widths} of all members. */
        int widths() {
            return widths;
        }
    }

    /** The group of a step, null if it is in none. */
    Group of(int step) {
        return groups[step];
    }

    /** All, in the order of their first members. */
    Set<Group> all() {
        Set<Group> all = new LinkedHashSet<>();
        for (Group group : groups) {
            if (group != null) {
                all.add(group);
            }
        }
        return all;
    }

    /** The group that makes a value, which may be seen through a view; null for what is there before. */
    private Group maker(int step) {
        return groups[values.root(step)];
    }

    /** Puts a step that nobody reads yet into a group of its own. */
    void add(int step, Loop loop) {
        groups[step] = new Group(step, loop, Widths.of(graph, step));
        for (int input : inputs(step)) {
            if (maker(input) != null) {
                maker(input).readers.add(step);
            }
        }
        lift(step);
    }

    /** Puts the members of one group into another one. */
    void join(Group joining, Group group) {
        group.members.addAll(joining.members);
        group.readers.addAll(joining.readers);
        group.cost += joining.cost;
        group.widths |= joining.widths;
        joining.members.forEach(member -> groups[member] = group);
        joining.members.forEach(this::lift);
        liftReaders(group);
    }

    private List<Integer> inputs(int step) {
        return ((Graph.Apply) graph.steps().get(step)).inputs();
    }

    /** Lifts the group of a step above all that the step waits for. */
    private void lift(int step) {
        Group group = groups[step];
        for (int input : inputs(step)) {
            Group earlier = maker(input);
            if (earlier != null && earlier != group) {
                group.level = Math.max(group.level, earlier.level + 1);
            }
        }
    }

    /** Lifts all that waits for a group above it. */
    private void liftReaders(Group changed) {
        waiting.push(changed);
        while (!waiting.isEmpty()) {
            Group group = waiting.pop();
            for (int reader : group.readers) {
                Group later = groups[reader];
                if (later != group && later.level <= group.level) {
                    later.level = group.level + 1;
                    waiting.push(later);
                }
            }
        }
    }

    /** Whether one group would have to wait for a step that waits for the other, if they were one. */
    boolean isCyclic(Group a, Group b) {
        return a.level < b.level ? leadsThroughOthers(a, b) : leadsThroughOthers(b, a);
    }

    /**
     * Whether {@code later} depends on {@code earlier} by way of steps that are in neither, or of a view. What is behind a group
     * is behind all of its members, so the walk goes to later steps as well as to earlier ones.
     */
    private boolean leadsThroughOthers(Group earlier, Group later) {
        walks++;
        waiting.clear();
        visit(later);
        while (!waiting.isEmpty()) {
            Group group = waiting.pop();
            for (int member : group.members) {
                for (int input : inputs(member)) {
                    Group maker = maker(input);
                    if (maker == earlier && (group != later || groups[input] != earlier)) {
                        return true;
                    }
                    if (maker != null && maker.level > earlier.level) {
                        visit(maker);
                    }
                }
            }
        }
        return false;
    }

    private void visit(Group group) {
        if (group.reached != walks) {
            group.reached = walks;
            waiting.push(group);
        }
    }
}
