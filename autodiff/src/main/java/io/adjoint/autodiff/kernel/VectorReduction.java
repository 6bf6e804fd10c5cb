package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The loops of a {@link MapReduceKernel} for rows of few vectors, with the bits of {@link MapReduceLoops#scalar}. The partial results stay in vectors until one
 * number is left. A row's last vector ends with it and may overlap the one before: its elements are turned to where they belong, and the identity
 * takes the place of the others.
 */
final class VectorReduction {
    /** Rows of more vectors keep a loop over their columns busy. */
    private static final int FEW_VECTORS = 16;

    /** C2 has no orders of two elements. */
    private static final int LEAST_LANES = 4;

    /** Some more than this, for each vector, and C1 runs out of registers: a method that it cannot compile may never see C2. */
    private static final int MOST_NODES = 160;

    private final CodeBuilder code;
    private final MapReduceKernel kernel;
    private final DType type;
    private final int lanes;
    private final int columns;
    private final Map<Integer, Operand> inputs;
    private final List<Operand> kept;
    private final Operand out;
    private final SimdLoops.Fixed fixed;
    private final int identity;
    private final List<Runnable> stores = new ArrayList<>();
    /** The vectors of partial results. */
    private final int[] sums;
    /** The orders that bring to the front what is one, two, four elements behind, and so on. */
    private final int[] turns;

    /**
     * A vector at the end of a row.
     *
     * @param column where it begins, so that it ends within the row
     * @param turn the order that brings its elements to where they belong
     * @param belongs which of them no earlier vector has, in that order
     */
    private record Part(int column, int turn, int belongs) {}

    private VectorReduction(CodeBuilder code, MapReduceKernel kernel, List<Layout> layouts) {
        this.code = code;
        this.kernel = kernel;
        this.type = kernel.type();
        this.lanes = Simd.lanes(type.bytes());
        this.columns = code.parameterSlot(LoopEmitter.COLUMNS);
        this.inputs = LoopEmitter.inputs(code, kernel.expression(), layouts);
        this.kept = kernel.kept().stream().map(node -> new Operand(code, layouts.size(), node.type(), Layout.UNIT))
                .toList();
        this.out = new Operand(code, layouts.size() + kept.size(), type, Layout.SPLAT);
        this.fixed = new SimdLoops.Fixed(code, kernel.expression(), inputs);
        VectorCode.broadcast(code, type, () -> ScalarEmitter.constant(code, type, kernel.identity().bits()));
        this.identity = keep();
        this.turns = new int[Integer.numberOfTrailingZeros(lanes)];
        for (int level = 0; level < turns.length; level++) {
            int behind = 1 << level;
            VectorCode.turn(code, type, () -> code.loadConstant(behind));
            turns[level] = keep();
        }
        this.sums = new int[ReduceKernel.PARTIALS / lanes];
        Arrays.setAll(sums, _ -> code.allocateLocal(TypeKind.REFERENCE));
    }

    /** Of how many vectors a row of so many columns is, if there is a loop for exactly so few; else 0. */
    static int few(Expression expression, int columns) {
        int lanes = SimdLoops.lanes(expression);
        int vectors = Math.ceilDiv(columns, lanes);
        return lanes >= LEAST_LANES && columns >= lanes && vectors <= FEW_VECTORS
                && vectors * expression.nodes().size() <= MOST_NODES ? vectors : 0;
    }

    /** For rows of so many vectors: a row is straight-line code, since a loop that turns a few times costs more than it computes. */
    static Loop ofFew(MapReduceKernel kernel, List<Layout> layouts, int vectors) {
        return LoopEmitter.define(code -> new VectorReduction(code, kernel, layouts).emit(vectors));
    }

    private void emit(int vectors) {
        int[] begins = new int[vectors];
        for (int v = 0; v < vectors; v++) {
            begins[v] = code.allocateLocal(TypeKind.INT);
            code.loadConstant(v * lanes).istore(begins[v]);
        }
        Part last = last(begins[vectors - 1]);
        rows(() -> {
            for (int v = 0; v < vectors; v++) {
                int u = v % sums.length;
                code.aload(v < sums.length ? identity : sums[u]);
                if (v < vectors - 1) {
                    join(u, begins[v]);
                } else {
                    join(u, last);
                }
            }
            fold(Math.min(vectors, sums.length));
        });
    }

    private void rows(Runnable body) {
        List<Operand> walked = new ArrayList<>(inputs.values());
        walked.addAll(kept);
        LoopEmitter.rows(code, walked, List.of(out), () -> {
            fixed.beginRow();
            body.run();
        });
    }

    /** Emits what there is to know of the last vector, whose first column would be that in a local variable if it did not have to end with the row. */
    private Part last(int begin) {
        int column = code.allocateLocal(TypeKind.INT);
        code.iload(columns).loadConstant(lanes).isub().istore(column);
        VectorCode.turn(code, type, () -> code.iload(begin).iload(column).isub());
        int turn = keep();
        VectorCode.firsts(code, type, () -> code.iload(columns).iload(begin).isub());
        return new Part(column, turn, keep());
    }

    /** Joins the vector on the stack with that of a column, to a vector of partial results. */
    private void join(int sum, int column) {
        push(column);
        VectorCode.binary(code, kernel.op(), type);
        code.astore(sums[sum]);
    }

    private void join(int sum, Part part) {
        code.aload(identity);
        push(part.column);
        code.aload(part.turn);
        VectorCode.rearrange(code, type);
        code.aload(part.belongs);
        VectorCode.blend(code, type);
        VectorCode.binary(code, kernel.op(), type);
        code.astore(sums[sum]);
    }

    /** Pushes the vector of values from a column on. */
    private void push(int column) {
        VectorEmitter emitter = new VectorEmitter(code, kernel.expression(), inputs, fixed.locals(), column);
        for (Operand operand : kept) {
            emitter.settle(kernel.kept().orElseThrow());
            emitter.push(kernel.kept().orElseThrow());
            int vector = keep();
            stores.add(() -> {
                code.aload(vector);
                VectorCode.store(code, operand.type(), () -> operand.address(code, column));
            });
        }
        emitter.push(kernel.value());
    }

    /** Stores the result of the first vectors of partial results, the others being empty. */
    private void fold(int used) {
        for (int width = sums.length / 2; width > 0; width /= 2) {
            for (int u = 0; u < width && u + width < used; u++) {
                code.aload(sums[u]).aload(sums[u + width]);
                VectorCode.binary(code, kernel.op(), type);
                code.astore(sums[u]);
            }
        }
        stores.forEach(Runnable::run); // C2 moves no load before a store that stands before it
        out.address(code, 0);
        code.aload(sums[0]);
        for (int level = turns.length - 1; level >= 0; level--) {
            code.dup().aload(turns[level]);
            VectorCode.rearrange(code, type);
            VectorCode.binary(code, kernel.op(), type);
        }
        VectorCode.element(code, type, 0);
        code.arrayStore(Operand.kind(type));
    }

    private int keep() {
        int local = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(local);
        return local;
    }
}
