package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Recycler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The one door through which every operation passes, and the walk back along what was recorded there. */
public final class Tape {
    private Tape() {}

    /** Whether the gradients of a walk can be differentiated again. */
    public enum Order {
        /** First order: rules run on constants and record nothing. */
        FIRST,
        /** Every order: rules run on the tracked values, so that the result is tracked too. */
        ANY
    }

    /** Checks, computes and, if an input is tracked, records. */
    public static Tensor apply(Op op, List<Tensor> inputs) {
        Trace trace = Trace.open();
        if (trace instanceof LaneTrace lanes) {
            return lanes.apply(op, inputs);
        }
        int n = inputs.size();
        TensorSpec[] specs = new TensorSpec[n];
        boolean tracked = false;
        for (int i = 0; i < n; i++) {
            specs[i] = inputs.get(i).spec();
            tracked |= Internals.node(inputs.get(i)) != null;
        }
        List<TensorSpec> specList = List.of(specs);
        TensorSpec spec = op.infer(specList);
        List<Tensor> values = tracked ? detached(inputs) : inputs;
        Tensor result = trace instanceof GraphTrace graph ? graph.compute(op, values, spec)
                : op.compute(values).detached();
        Observers.tell(op, specList, spec);
        if (!result.spec().equals(spec)) { // the built-in ones are tested; a custom one may be wrong
            throw ShapeException.of(op.id(), "the result is not what the shape rule says")
                    .operand("computed", result.spec())
                    .expected(spec.toString());
        }
        if (trace instanceof FiniteWatch watch) {
            watch.see(op, values, result);
        }
        if (!tracked || !spec.dtype().isFloat()) {
            return result;
        }
        Gradient gradient = op.gradient();
        if (gradient.absence().isPresent()) {
            return result;
        }
        Tensor tracking = Node.track(op, gradient, inputs, specList, Internals.array(result), null);
        if (trace instanceof FiniteWatch watch && tracking.isTracked()) {
            watch.recorded(Internals.node(tracking));
        }
        return tracking;
    }

    private static List<Tensor> detached(List<Tensor> tensors) {
        Tensor[] constants = new Tensor[tensors.size()];
        for (int i = 0; i < constants.length; i++) {
            constants[i] = tensors.get(i).detached();
        }
        return List.of(constants);
    }

    /**
     * Walks back from {@code root} and returns the cotangent of each target: zeros where the root does not depend on it.
     *
     * @param cotangent of the root, of its shape and dtype
     */
    public static List<Tensor> walk(Node root, Tensor cotangent, List<Node> targets, Order order) {
        return Places.remembering(() -> switch (order) {
            case FIRST -> Recycler.serving(recycler -> walk(root, cotangent, targets,
                    new Cotangents(order, recycler)));
            case ANY -> walk(root, cotangent, targets, new Cotangents(order, new Recycler()));
        });
    }

    private static List<Tensor> walk(Node root, Tensor cotangent, List<Node> targets, Cotangents cotangents) {
        Visit.Behind behind = Visit.behind(root, Set.copyOf(targets));
        List<Visit> order = behind.order();
        for (Node target : targets) {
            Visit visit = behind.byNode().get(target);
            if (visit != null) {
                visit.isTarget = true;
            }
        }
        order.forEach(Visit::look);
        cotangents.add(order.getLast(), cotangent);
        for (Visit visit : order.reversed()) {
            Tensor upstream = cotangents.take(visit);
            if (upstream == null) {
                cotangents.release(visit);
                continue;
            }
            cotangents.flow(visit, upstream);
            if (visit.isTarget) {
                visit.begin(upstream);
            } else {
                cotangents.done(upstream);
            }
            cotangents.endOfRules();
        }
        return targets.stream().map(target -> {
            Visit visit = behind.byNode().get(target);
            return visit == null || visit.cotangent() == null
                    ? Tensor.zeros(target.spec().shape(), target.spec().dtype())
                    : visit.cotangent();
        }).toList();
    }

    /** Whether the root is one of the targets or depends on one, which mostly is found after a few nodes. */
    public static boolean dependsOn(Node root, Set<Node> targets) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> next = new ArrayDeque<>(List.of(root));
        while (!next.isEmpty()) {
            Node node = next.pop();
            if (targets.contains(node)) {
                return true;
            }
            if (seen.add(node)) {
                for (Node parent : node.parents()) {
                    if (parent != null) {
                        next.push(parent);
                    }
                }
            }
        }
        return false;
    }

    /** Undoes broadcasting, the one place that does: sums over the axes that were stretched. */
    static Tensor sumTo(Tensor cotangent, TensorSpec spec) {
        Shape target = spec.shape();
        Shape shape = cotangent.shape();
        if (cotangent.dtype() != spec.dtype()) {
            throw ShapeException.of("gradients", "a rule changed the dtype").operand("cotangent", cotangent.spec())
                    .expected(spec.dtype().toString());
        }
        if (shape.equals(target)) {
            return cotangent;
        }
        int missing = shape.rank() - target.rank();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (axis < missing || target.dim(axis - missing) != shape.dim(axis)) {
                axes.add(axis);
            }
        }
        return cotangent.sum(axes.stream().mapToInt(Integer::intValue).toArray()).reshape(target);
    }
}
