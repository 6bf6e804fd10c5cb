package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node on one walk, with what the walk knows of it. Nodes are shared by walks of several threads, so this cannot stand in them; but
 * visits know each other, so that nodes are looked up only once.
 */
final class Visit {
    private static final Visit[] NOT_ENTERED = {};

    final Node node;
    /** The visits of the node's parents, or of the views of them that the walk is made for; null where it has none. */
    private Visit[] parents = NOT_ENTERED;
    private boolean isDone;

    /** By how many inputs of other nodes the walk comes to it. */
    private int users;

    /** Whether it is one of the nodes that the walk is made for. */
    boolean isTarget;

    /** Whether it depends on a target, or is one. */
    boolean leads;

    /** What has flown to it so far, null if nothing or a patchwork. */
    private Tensor cotangent;

    /** What has flown to it so far, if that are slices; else null. */
    Patchwork patchwork;

    /** What will flow on to each parent once the walk comes by, found together with others; null if nothing was. */
    private Tensor[] shares;

    private Visit(Node node) {
        this.node = node;
    }

    /**
     * What lies behind a node.
     *
     * @param order every node and the root, each after all that it depends on
     */
    record Behind(List<Visit> order, Map<Node, Visit> byNode) {}

    /** @param targets what the walk is made for: a view is passed by if it is not among them */
    static Behind behind(Node root, Set<Node> targets) {
        List<Visit> order = new ArrayList<>();
        Map<Node, Visit> byNode = new IdentityHashMap<>();
        Deque<Visit> stack = new ArrayDeque<>();
        stack.push(of(root, byNode));
        while (!stack.isEmpty()) {
            Visit visit = stack.peek();
            if (!visit.isEntered()) {
                visit.enter(byNode, stack, targets);
                continue;
            }
            stack.pop();
            if (!visit.isDone) {
                visit.isDone = true;
                order.add(visit);
            }
        }
        return new Behind(order, byNode);
    }

    private static Visit of(Node node, Map<Node, Visit> byNode) {
        Visit known = byNode.get(node);
        if (known != null) {
            return known;
        }
        Visit visit = new Visit(node);
        byNode.put(node, visit);
        return visit;
    }

    /** A visit of the same operation on another first input. */
    Visit onOther(Visit first, Tensor value) {
        Visit other = new Visit(node.onOther(first.node, value));
        other.parents = parents.clone();
        other.parents[0] = first;
        return other;
    }

    private boolean isEntered() {
        return parents != NOT_ENTERED;
    }

    private void enter(Map<Node, Visit> byNode, Deque<Visit> stack, Set<Node> targets) {
        Node[] nodes = node.parents();
        parents = new Visit[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] != null) {
                Node view = node.view(i);
                parents[i] = of(view != null && targets.contains(view) ? view : nodes[i], byNode);
                parents[i].users++;
                if (!parents[i].isEntered()) {
                    stack.push(parents[i]);
                }
            }
        }
    }

    int inputs() {
        return parents.length;
    }

    int users() {
        return users;
    }

    Visit parent(int i) {
        return parents[i];
    }

    /** Whether parent number {@code i} is a transposed view of what the node's rule is about. */
    boolean leadsToView(int i) {
        return node.view(i) != null && parents[i].node == node.view(i);
    }

    /** Whether the cotangent of input number {@code i} is wanted. */
    boolean leadsOn(int i) {
        return parents[i] != null && parents[i].leads;
    }

    /** Keeps what will flow on to parent number {@code i}. */
    void keep(int i, Tensor share) {
        if (shares == null) {
            shares = new Tensor[parents.length];
        }
        shares[i] = share;
    }

    /** What was kept to flow on to parent number {@code i}; null if nothing was. */
    Tensor share(int i) {
        return shares == null ? null : shares[i];
    }

    /** Finds out whether it leads to a target, once its parents know. */
    void look() {
        leads = isTarget;
        for (int i = 0; i < parents.length && !leads; i++) {
            leads = leadsOn(i);
        }
    }

    /** What has flown to it so far, null if nothing. */
    Tensor cotangent() {
        if (patchwork != null) {
            cotangent = patchwork.finish();
            patchwork = null;
        }
        return cotangent;
    }

    /** Whether something has flown to it, and not only slices. */
    boolean isBegun() {
        return cotangent != null;
    }

    /** Begins with another cotangent. */
    void begin(Tensor first) {
        cotangent = first;
    }

    /** The cotangent, which it gives away; null if there is none. */
    Tensor take() {
        Tensor taken = cotangent();
        cotangent = null;
        return taken;
    }
}
