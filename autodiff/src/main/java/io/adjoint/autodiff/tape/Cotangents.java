package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Recycler;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The cotangents that a walk has found so far. In a walk of first order their memory is lent for as long as the walk needs
 * them, and contributions are added up in place where nobody else reads the memory.
 */
final class Cotangents {
    private static final Map<DType, MapKernel> SUMS = new EnumMap<>(DType.class);

    static {
        for (DType type : List.of(DType.F32, DType.F64)) {
            SUMS.put(type, MapKernel.of(Lane.input(0, type).add(Lane.input(1, type))));
        }
    }

    private final Tape.Order order;
    private final Recycler recycler;
    private final long begin;
    private long beginOfRules;

    Cotangents(Tape.Order order, Recycler recycler) {
        this.order = order;
        this.recycler = recycler;
        this.begin = recycler.nextNumber();
    }

    /** Lets the cotangent of a node flow to its inputs. */
    void flow(Visit visit, Tensor upstream) {
        Joint.Call call = visit.node.call();
        // a trace and an observer see operations
        if (call != null && order == Tape.Order.FIRST && Trace.open() == null && !Observers.areThere()) {
            Visit[] visits = call.joint().visits(visit);
            if (visits != null) {
                flowTogether(visits, call, upstream);
                release(visit);
                return;
            }
        }
        Optional<TableProduct> product = TableProduct.of(visit, order);
        if (product.isPresent()) {
            flowPast(visit, product.get(), upstream);
        } else {
            flowOn(visit, upstream);
        }
    }

    private void flowOn(Visit visit, Tensor upstream) {
        for (int i = 0; i < visit.inputs(); i++) {
            if (visit.leadsOn(i)) {
                flow(visit, i, upstream);
            }
        }
    }

    /** Lets the cotangent of a product flow to a table, past the rows of it that are the product's factor. */
    private void flowPast(Visit visit, TableProduct product, Tensor upstream) {
        Node node = visit.node;
        Tensor used = inRule(node, product::used);
        Tensor sums = inRule(node, () -> product.sums(upstream));
        Visit ofTable = inRule(node, () -> product.visit(used));
        if (Trace.open() instanceof FiniteWatch watch) {
            watch.standsFor(ofTable.node, node);
        }
        if (ofTable.leadsOn(0)) {
            Tensor share = Tape.sumTo(pull(ofTable.node, 0, sums), ofTable.node.inputSpec(0));
            add(ofTable.parent(0), inRule(node, () -> product.ofUsed(used, share)));
        }
        if (ofTable.leadsOn(1)) {
            flow(ofTable, 1, sums);
        }
    }

    /** Finds what all operations of a formula contribute, to be released when the walk comes to each. */
    private void flowTogether(Visit[] visits, Joint.Call call, Tensor upstream) {
        Joint joint = call.joint();
        Tensor[] shares = joint.rules(joint.leading(visits)).pull(upstream, call.values());
        for (int s = 0; s < visits.length; s++) {
            Joint.Step step = joint.steps().get(s);
            for (int i = 0; i < step.operands().length; i++) {
                Tensor share = shares[step.first() + i];
                if (share != null) {
                    recycler.await(Internals.array(share));
                    visits[s].keep(i, share);
                }
            }
        }
    }

    /** Lets what was found before flow on to the inputs of a node. */
    void release(Visit visit) {
        for (int i = 0; i < visit.inputs(); i++) {
            Tensor share = visit.share(i);
            if (share != null && visit.parent(i).cotangent() == null) {
                visit.parent(i).begin(share);
            } else if (share != null) {
                add(visit.parent(i), share);
                done(share);
            }
        }
    }

    /** Lets the cotangent of a node flow to its input number {@code i}. */
    private void flow(Visit visit, int i, Tensor upstream) {
        Node node = visit.node;
        Visit parent = visit.parent(i);
        if (visit.leadsToView(i)) {
            add(parent, Tape.sumTo(pull(node, i, upstream), node.inputSpec(i)).transpose());
            return;
        }
        if (!(Trace.open() instanceof FiniteWatch)) { // which sees operations only
            Optional<Gradient.Addition> addition = node.addition(i, upstream, order);
            if (addition.isPresent() && patch(parent, addition.get())) {
                return;
            }
            if (addition.isPresent() && parent.cotangent() != null) {
                grow(parent, addition.get());
                return;
            }
        }
        add(parent, Tape.sumTo(pull(node, i, upstream), node.inputSpec(i)));
    }

    /** Adds what one use of a node contributes to its cotangent. */
    void add(Visit visit, Tensor share) {
        Tensor sum = visit.cotangent();
        if (sum == null) {
            put(visit, share);
        } else if (mayGrow(sum, List.of(share))) {
            int[] order = Internals.array(sum).memoryOrder();
            Array array = Internals.array(sum).permute(order);
            SUMS.get(sum.dtype()).run(new Array[] {array, Internals.array(share).permute(order)}, array);
        } else {
            put(visit, sum.add(share));
            done(sum);
        }
    }

    /** Writes what a slice contributes to its place in a cotangent that consists of such; whether it is one. */
    private boolean patch(Visit visit, Gradient.Addition addition) {
        Optional<Slice> place = addition.operation().place();
        if (place.isEmpty() || order == Tape.Order.ANY || Trace.open() != null || visit.isBegun()) {
            return false;
        }
        if (visit.patchwork == null) {
            visit.patchwork = new Patchwork(visit.node.spec(), place.get().axis());
            recycler.await(visit.patchwork.memory());
        }
        return visit.patchwork.put(place.get(), Internals.array(addition.added().getFirst()));
    }

    private void grow(Visit visit, Gradient.Addition addition) {
        Tensor sum = visit.cotangent();
        if (Internals.array(sum).isContiguous() && mayGrow(sum, addition.added())) {
            addition.operation().grow(Internals.array(sum), addition.added());
        } else {
            List<Tensor> inputs = new ArrayList<>(addition.added());
            inputs.addFirst(sum);
            put(visit, addition.operation().apply(inputs.toArray(Tensor[]::new)));
            done(sum);
        }
    }

    /** Whether nobody else reads the memory of the sum, which is one block. */
    private boolean mayGrow(Tensor sum, List<Tensor> added) {
        Array array = Internals.array(sum);
        return order == Tape.Order.FIRST && !(Trace.open() instanceof FiniteWatch)
                && recycler.isAwaitedOnce(array, begin)
                && added.stream().noneMatch(x -> array.sharesMemory(Internals.array(x)))
                && array.permute(array.memoryOrder()).isContiguous();
    }

    private void put(Visit visit, Tensor cotangent) {
        recycler.await(Internals.array(cotangent));
        visit.begin(cotangent);
    }

    /** The whole cotangent of a node, null if nothing contributed. */
    Tensor take(Visit visit) {
        beginOfRules = recycler.nextNumber();
        return visit.take();
    }

    /** What a rule makes of the cotangent; that of a user's operation may keep whatever it sees. */
    private Tensor pull(Node node, int i, Tensor upstream) {
        if (node.op().orElseThrow() instanceof Custom) {
            Internals.array(upstream).expose();
            return recycler.resting(() -> watched(node, i, upstream));
        }
        return watched(node, i, upstream);
    }

    private Tensor watched(Node node, int i, Tensor upstream) {
        return inRule(node, () -> node.pull(i, upstream, order));
    }

    private static <T> T inRule(Node node, Supplier<T> body) {
        return Trace.open() instanceof FiniteWatch watch ? watch.inRule(node, body) : body.get();
    }

    /** Says that no rule needs this cotangent any more. */
    void done(Tensor cotangent) {
        if (order == Tape.Order.FIRST) {
            recycler.doneWith(Internals.array(cotangent), begin);
        }
    }

    /** Says that the rules have done what they have to with the cotangent taken last. */
    void endOfRules() {
        if (order == Tape.Order.FIRST) {
            recycler.sweep(beginOfRules);
        }
    }
}
