package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.kernel.Begin;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Epilogue;
import io.adjoint.autodiff.kernel.Keeping;
import io.adjoint.autodiff.kernel.MatMulKernel;
import io.adjoint.autodiff.kernel.SharedBuffers;
import io.adjoint.autodiff.op.Finishing;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.MatMulAdd;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.op.Yielding;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Recycler;
import io.adjoint.autodiff.runtime.Workers;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan with memory: launches that are bound to a slab and to what variables hold. One run at a time. A run that changes
 * nothing about variables but their elements allocates nothing but its results.
 */
final class Executable {
    private final Plan plan;
    private final Graph graph;
    private final Array[] arrays;
    private final List<Array> inputs = new ArrayList<>();
    private final Tensor[] given;
    private final Tensor[] results;
    private final Map<Variable, VariableSlot> slots = new IdentityHashMap<>();
    private final VariableSlot[] slotList;
    private final Launch[] launches;
    /** What the loops compute, which is bound again for each piece and when variables hold other arrays. */
    private final Map<Unit.Fused, Expressions.Loop> loops = new IdentityHashMap<>();
    /** The variables that the launch of each number is bound to. */
    private final List<List<VariableSlot>> touched = new ArrayList<>();
    /** Updates whose value lies elsewhere than in the variable. */
    private final List<Graph.Update> moved = new ArrayList<>();

    Executable(Plan plan) {
        this.plan = plan;
        this.graph = plan.graph();
        this.arrays = new Array[graph.steps().size()];
        this.results = new Tensor[graph.outputs().size()];
        for (Graph.Update update : graph.updates()) {
            slots.put(update.variable(), new VariableSlot(update.variable(), true));
            if (plan.inPlace().get(update.step()) != update.variable()) {
                moved.add(update);
            }
        }
        for (Graph.Step step : graph.steps()) {
            if (step instanceof Graph.Read(Variable variable)) {
                slots.computeIfAbsent(variable, v -> new VariableSlot(v, false));
            }
        }
        this.slotList = slots.values().toArray(VariableSlot[]::new);
        this.launches = new Launch[plan.units().size() + moved.size()];
        for (int i = 0; i < launches.length; i++) {
            touched.add(touched(i));
        }
        placeInSlab();
        this.given = new Tensor[inputs.size()];
    }

    private List<VariableSlot> touched(int launch) {
        if (launch >= plan.units().size()) {
            Graph.Update update = moved.get(launch - plan.units().size());
            List<VariableSlot> all = new ArrayList<>(slotsOf(update.step()));
            all.add(slots.get(update.variable()));
            return all;
        }
        Unit unit = plan.units().get(launch);
        List<VariableSlot> all = new ArrayList<>();
        unit.reads().forEach(read -> all.addAll(slotsOf(read)));
        unit.writes().forEach(written -> all.addAll(slotsOf(written)));
        return all;
    }

    private List<VariableSlot> slotsOf(int step) {
        int root = plan.values().root(step);
        if (graph.steps().get(root) instanceof Graph.Read(Variable variable)) {
            return List.of(slots.get(variable));
        }
        Variable place = plan.inPlace().get(root);
        return place == null ? List.of() : List.of(slots.get(place));
    }

    private void placeInSlab() {
        Map<DType, Array> slabs = new EnumMap<>(DType.class);
        plan.lengths()
                .forEach((dtype, length) -> slabs.put(dtype, Array.resident(dtype, Shape.of(length))));
        for (int i = 0; i < arrays.length; i++) {
            Slab.Place place = plan.place(i);
            if (place != null) {
                Array array = plan.values().array(i);
                Array slab = slabs.get(place.dtype());
                arrays[i] = slab.view(
                        array.shape(), array.strides(), slab.offset() + place.offset() + array.offset());
            }
            if (graph.steps().get(i) instanceof Graph.Input) {
                inputs.add(arrays[i]);
            }
        }
    }

    /** The array with the value of a step. */
    private Array array(int step) {
        if (arrays[step] != null) {
            return arrays[step];
        }
        return switch (graph.steps().get(step)) {
            case Graph.Constant(Tensor value) -> Constants.of(value);
            case Graph.Read(Variable variable) -> slots.get(variable).array();
            case Graph.Apply(View view, List<Integer> sources, _, _) when plan.values().root(step) != step ->
                view.view(array(sources.getFirst()));
            case Graph.Apply _ -> slots.get(plan.inPlace().get(step)).array();
            case Graph.Input _ -> throw new AssertionError("inputs lie in the slab");
        };
    }

    // ---- a run

    /** The tensor for an input of the next run. */
    void give(int input, Tensor value) {
        given[input] = value;
    }

    /** Runs the plan on what was given. */
    void run() {
        claim();
        try {
            bind();
            for (int i = 0; i < given.length; i++) {
                load(Constants.of(given[i]), inputs.get(i));
            }
            if (Flight.wantsSlowOperations()) {
                for (int i = 0; i < launches.length; i++) {
                    Flight.operation(launches[i]::run, plan, i);
                }
            } else {
                for (Launch launch : launches) {
                    launch.run();
                }
            }
            for (int i = 0; i < results.length; i++) {
                results[i] = Internals.tensor(Copies.of(array(graph.outputs().get(i))));
            }
        } finally {
            yieldClaims();
        }
    }

    /** What the graph returned in the last run, as constants of their own. */
    Tensor[] results() {
        return results.clone();
    }

    /** One of the {@link #results}. */
    Tensor result(int number) {
        return results[number];
    }

    /** Lets go of what was given and returned. */
    void forget() {
        Arrays.fill(given, null);
        Arrays.fill(results, null);
    }

    private void claim() {
        int claimed = 0;
        while (claimed < slotList.length) {
            Array busy = slotList[claimed].claim();
            if (busy == null) {
                claimed++;
            } else { // whoever claims it may be waiting for one of these
                yieldClaims();
                claimed = 0;
                busy.awaitYield();
            }
            if (claimed == slotList.length && !areCurrent()) {
                yieldClaims();
                claimed = 0;
            }
        }
    }

    /** Whether all variables hold at this moment what was claimed one after the other. */
    private boolean areCurrent() {
        for (VariableSlot slot : slotList) {
            if (!slot.isCurrent()) {
                return false;
            }
        }
        return true;
    }

    private void yieldClaims() {
        for (VariableSlot slot : slotList) {
            slot.yieldClaim();
        }
    }

    /** Binds the launches that have to do with variables which hold other arrays than in the last run. */
    private void bind() {
        List<VariableSlot> changed = null;
        for (VariableSlot slot : slotList) {
            if (slot.rebind()) {
                changed = changed == null ? new ArrayList<>() : changed;
                changed.add(slot);
            }
        }
        if (changed != null || launches.length > 0 && launches[0] == null) {
            List<VariableSlot> all = changed == null ? List.of() : changed;
            Recycler.lendingNothing(() -> bind(all));
        }
    }

    private void bind(List<VariableSlot> changed) {
        for (int i = 0; i < launches.length; i++) {
            if (launches[i] == null || touched.get(i).stream().anyMatch(changed::contains)) {
                launches[i] = launch(i);
            }
        }
    }

    private Launch launch(int number) {
        if (number >= plan.units().size()) {
            Graph.Update update = moved.get(number - plan.units().size());
            return Copies.prepare(array(update.step()), slots.get(update.variable()).array());
        }
        return launch(plan.units().get(number));
    }

    private Launch launch(Unit unit) {
        return switch (unit) {
            case Unit.Sum sum -> sum(sum);
            case Unit.Strip strip -> strip(strip);
            case Unit.Finished finished -> finished(finished);
            case Unit.Gathered gathered -> gathered(gathered);
            case Unit.Yield yield -> yielding(yield);
            case Unit.Fused _, Unit.Single _ -> bind(unit, unit.reads().stream().map(this::array).toList(),
                    unit.writes().stream().map(this::array).toList());
        };
    }

    private Launch strip(Unit.Strip strip) {
        List<Split> splits = strip.parts().stream().map(plan::split).toList();
        Launch[] shares = new Launch[strip.shares()];
        for (int i = 0; i < shares.length; i++) {
            int share = i;
            shares[i] = Workers.withThreads(1, () -> SharedBuffers.sharing(() -> share(strip, splits, share)));
        }
        return Workers.prepare(shares.length, share -> shares[share].run());
    }

    private Launch share(Unit.Strip strip, List<Split> splits, int share) {
        List<Launch> all = new ArrayList<>();
        for (int piece = strip.begin(share); piece < strip.begin(share + 1); piece++) {
            for (int i = 0; i < splits.size(); i++) {
                all.add(part(strip, i, splits.get(i), share, piece));
            }
        }
        return Launch.all(all.toArray(Launch[]::new));
    }

    private Launch part(Unit.Strip strip, int number, Split split, int share, int piece) {
        Unit part = strip.parts().get(number);
        List<Array> in = new ArrayList<>();
        for (int i = 0; i < part.reads().size(); i++) {
            int read = part.reads().get(i);
            in.add(local(strip, read, split.read(i, array(read), strip.pieces(), piece), piece, share));
        }
        List<Array> outs = part.writes().stream()
                .map(step -> local(strip, step, split.written(array(step), strip.pieces(), piece), piece, share))
                .toList();
        return bind(part, in, outs);
    }

    /** A piece where it really lies: for local values each share has memory for one. */
    private Array local(Unit.Strip strip, int step, Array piece, int number, int share) {
        int root = plan.values().root(step);
        return !strip.locals().contains(root) ? piece
                : piece.view(piece.shape(), piece.strides(),
                        piece.offset() - number * (plan.values().array(root).size() / strip.pieces())
                                + share * plan.shareLengths(strip).get(piece.dtype()));
    }

    /** Binds an operation or a loop to what it reads and writes. */
    private Launch bind(Unit unit, List<Array> in, List<Array> outs) {
        Array out = outs.getFirst();
        if (out.size() == 0) {
            return Launch.NOTHING;
        }
        return switch (unit) {
            case Unit.Fused fused -> loop(fused, in, outs);
            case Unit.Single(int step, _) -> {
                Op op = ((Graph.Apply) graph.steps().get(step)).op();
                yield plan.kept().isIn(unit) ? prepareKeeping(op, in, out) : op.prepare(in, out);
            }
            case Unit.Yield _, Unit.Sum _, Unit.Finished _, Unit.Strip _, Unit.Gathered _ -> throw new AssertionError(unit);
        };
    }

    private static Launch prepareKeeping(Op op, List<Array> in, Array out) {
        return op instanceof MatMulAdd add ? add.prepareKeeping(in, out) : ((MatMul) op).prepareKeeping(in, out);
    }

    private Launch loop(Unit.Fused unit, List<Array> in, List<Array> outs) {
        Shape shape = outs.getFirst().shape();
        Array[] ins = loop(unit).inputs().stream()
                .map(input -> in.get(unit.reads().indexOf(input)).broadcastTo(shape)).toArray(Array[]::new);
        return loop(unit).kernel().prepare(ins, outs.toArray(Array[]::new));
    }

    private Expressions.Loop loop(Unit.Fused unit) {
        return loops.computeIfAbsent(unit, u -> Expressions.of(u, graph, plan.values()));
    }

    private Launch gathered(Unit.Gathered unit) {
        List<Array[]> ins = new ArrayList<>();
        List<Array[]> outs = new ArrayList<>();
        for (Unit.Fused loop : unit.loops()) {
            Array[] out = loop.writes().stream().map(this::array).toArray(Array[]::new);
            outs.add(out);
            ins.add(loop(loop).inputs().stream().map(input -> array(input).broadcastTo(out[0].shape()))
                    .toArray(Array[]::new));
        }
        return loop(unit.loops().getFirst()).kernel().prepareAll(ins, outs);
    }

    private Launch finished(Unit.Finished unit) {
        Unit.Single product = unit.product();
        Array out = array(product.step());
        if (out.size() == 0) {
            return Launch.NOTHING;
        }
        List<Array> outs = unit.writes().stream().map(this::array).toList();
        Finishing op = (Finishing) ((Graph.Apply) graph.steps().get(product.step())).op();
        Expressions.Loop loop = loop(unit.loop());
        Epilogue epilogue = Epilogues.bind(loop.kernel(), op,
                loop.inputs().stream().map(input -> array(input).broadcastTo(outs.getFirst().shape())).toList(), outs);
        return op.prepareFinishing(product.reads().stream().map(this::array).toList(), out,
                plan.kept().isIn(product) ? Keeping.RIGHT : Keeping.NOTHING, epilogue);
    }

    private Launch yielding(Unit.Yield unit) {
        Yielding op = (Yielding) ((Graph.Apply) graph.steps().get(unit.first().step())).op();
        return op.prepareYielding(unit.first().reads().stream().map(this::array).toList(),
                unit.given().stream().map(step -> step.map(this::array)).toList(), array(unit.first().step()),
                unit.others().stream().map(other -> other.map(single -> array(single.step()))).toList());
    }

    private Launch sum(Unit.Sum unit) {
        Array out = array(unit.steps().getLast());
        if (out.size() == 0) {
            return Launch.NOTHING;
        }
        int first = unit.addsToFirst() ? 1 : 0;
        Array[] lefts = new Array[unit.steps().size()];
        Array[] rights = new Array[lefts.length];
        for (int k = 0; k < lefts.length; k++) {
            Op op = ((Graph.Apply) graph.steps().get(unit.steps().get(k))).op();
            MatMul product = op instanceof MatMulAdd add ? add.product() : (MatMul) op;
            lefts[k] = product.left().of(array(unit.reads().get(first + 2 * k)));
            rights[k] = product.right().of(array(unit.reads().get(first + 2 * k + 1)));
        }
        return first == 0 ? MatMulKernel.prepareSum(lefts, rights, out, Begin.ZERO)
                : Launch.all(Copies.prepareBase(array(unit.reads().getFirst()), out),
                        MatMulKernel.prepareSum(lefts, rights, out, Begin.RESULT));
    }

    private static void load(Array from, Array to) {
        if (from.isContiguous()) {
            System.arraycopy(from.data(), from.offset(), to.data(), to.offset(), to.size());
        } else {
            Copies.prepare(from, to).run();
        }
    }
}
