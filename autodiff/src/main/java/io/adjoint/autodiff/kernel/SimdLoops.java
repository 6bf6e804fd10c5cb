package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The loops in Vector API calls, with the bits of {@link ScalarLoops}. They have no branches that depend on data, so what
 * C2 learns from rehearsals on any elements holds for all.
 */
final class SimdLoops {
    /** The virtual machine never compiles a method of more than 8,000 bytes, and a node takes some 16. */
    private static final int MOST_NODES = 400;

    private SimdLoops() {}

    /** Whether there is a SIMD loop for the expression and the layouts. */
    static boolean handlesMap(Expression expression, List<Layout> layouts) {
        return expression.nodes().size() <= MOST_NODES && VectorEmitter.handles(expression)
                && expression.inputs().keySet().stream().noneMatch(index -> layouts.get(index) == Layout.STRIDED);
    }

    /** Elements in one vector of the expression: the least number of columns of its SIMD loop. */
    static int lanes(Expression expression) {
        return Simd.lanes(VectorEmitter.masks(expression).bytes());
    }

    /**
     * Stores the expression's values at each position; there must be a vector of columns or more. The last vector of a row
     * overlaps the one before it, which computes some elements twice and needs no other code for the remainder. It is
     * computed first, for the loop may overwrite its inputs.
     */
    static Loop map(Expression expression, List<Layout> layouts) {
        int lanes = lanes(expression);
        return LoopEmitter.define(code -> {
            Map<Integer, Operand> inputs = LoopEmitter.inputs(code, expression, layouts);
            List<Operand> outs = LoopEmitter.outputs(code, expression, layouts);
            Fixed fixed = new Fixed(code, expression, inputs);
            int last = code.allocateLocal(TypeKind.INT);
            int[] remainders = new int[outs.size()];
            int[] values = new int[outs.size()];
            for (int r = 0; r < values.length; r++) {
                remainders[r] = code.allocateLocal(TypeKind.REFERENCE);
                values[r] = code.allocateLocal(TypeKind.REFERENCE);
            }
            code.iload(code.parameterSlot(LoopEmitter.COLUMNS)).loadConstant(lanes).isub().istore(last);
            LoopEmitter.rows(code, inputs.values(), outs, () -> {
                fixed.beginRow();
                compute(code, new VectorEmitter(code, expression, inputs, fixed.locals, last), expression, remainders);
                LoopEmitter.count(code, 0, last, lanes, column -> {
                    compute(code, new VectorEmitter(code, expression, inputs, fixed.locals, column), expression,
                            values);
                    store(code, outs, values, column);
                });
                store(code, outs, remainders, last);
            });
        });
    }

    /** Leaves the values in local variables: outputs may be the memory of inputs, so all are computed before any is stored. */
    private static void compute(CodeBuilder code, VectorEmitter emitter, Expression expression, int[] values) {
        for (int r = 0; r < values.length; r++) {
            emitter.push(expression.roots().get(r));
            code.astore(values[r]);
        }
    }

    private static void store(CodeBuilder code, List<Operand> outs, int[] values, int column) {
        for (int r = 0; r < values.length; r++) {
            code.aload(values[r]);
            Operand out = outs.get(r);
            VectorCode.store(code, out.type(), () -> out.address(code, column));
        }
    }

    /** Local variables of the vectors that are the same in all columns. */
    static final class Fixed {
        private final CodeBuilder code;
        private final Expression expression;
        private final Map<Integer, Operand> inputs;
        private final DType masks;
        private final Map<Lane, Integer> locals = new IdentityHashMap<>();

        Fixed(CodeBuilder code, Expression expression, Map<Integer, Operand> inputs) {
            this.code = code;
            this.expression = expression;
            this.inputs = inputs;
            this.masks = VectorEmitter.masks(expression);
            for (Lane node : expression.nodes()) {
                if (node instanceof Lane.Constant(DType type, long bits)) {
                    keep(node, () -> ScalarEmitter.constant(code, type, bits));
                }
            }
        }

        /** The local variables by node. */
        Map<Lane, Integer> locals() {
            return locals;
        }

        /** Reads what is the same in all columns of the row. */
        void beginRow() {
            for (Lane node : expression.nodes()) {
                if (node instanceof Lane.Input(int index, _) && inputs.get(index).layout() == Layout.SPLAT) {
                    // The element of a splat is the same in every column, whichever local variable is named.
                    keep(node, () -> inputs.get(index).element(code, 0));
                }
            }
        }

        private void keep(Lane node, Runnable element) {
            if (node.type() == DType.BOOL) {
                VectorCode.maskAll(code, masks, element);
            } else {
                VectorCode.broadcast(code, node.type(), element);
            }
            locals.put(node, code.allocateLocal(TypeKind.REFERENCE));
            code.astore(locals.get(node));
        }
    }

    /** Whether there is a SIMD loop for reductions of the dtype. */
    static boolean handlesReduce(DType type, Layout layout) {
        return type != DType.BOOL && layout == Layout.UNIT && Simd.lanes(type.bytes()) <= ReduceKernel.PARTIALS;
    }

    /** Joins the columns of each row; there must be {@link ReduceKernel#PARTIALS} of them or more. */
    static Loop reduce(BinaryOp op, DType type, long identity) {
        return LoopEmitter.define(code -> new Reduction(code, op, type, identity).emit());
    }

    private static final class Reduction {
        private final CodeBuilder code;
        private final BinaryOp op;
        private final DType type;
        private final long identity;
        private final TypeKind kind;
        private final int lanes;
        private final Operand in;
        private final Operand out;
        private final int partials;
        private final int at;
        private final PartialVectors vectors;

        Reduction(CodeBuilder code, BinaryOp op, DType type, long identity) {
            this.code = code;
            this.op = op;
            this.type = type;
            this.identity = identity;
            this.kind = Operand.kind(type);
            this.lanes = Simd.lanes(type.bytes());
            this.in = new Operand(code, 0, type, Layout.UNIT);
            this.out = new Operand(code, 1, type, Layout.SPLAT);
            this.partials = code.allocateLocal(TypeKind.REFERENCE);
            this.at = code.allocateLocal(TypeKind.INT);
            this.vectors = new PartialVectors(code, op, type, partials);
        }

        void emit() {
            int columns = code.parameterSlot(LoopEmitter.COLUMNS);
            int whole = code.allocateLocal(TypeKind.INT);
            int rest = code.allocateLocal(TypeKind.INT);
            int restVectors = code.allocateLocal(TypeKind.INT);
            Partials.push(code, type);
            code.astore(partials);
            code.iload(columns).loadConstant(-ReduceKernel.PARTIALS).iand().istore(whole);
            code.iload(columns).iload(whole).isub().istore(rest);
            code.iload(rest).loadConstant(-lanes).iand().istore(restVectors);
            int[] sums = new int[ReduceKernel.PARTIALS / lanes];
            for (int u = 0; u < sums.length; u++) {
                sums[u] = code.allocateLocal(TypeKind.REFERENCE);
            }
            LoopEmitter.rows(code, List.of(in), List.of(out), () -> {
                sumWholeBlocks(sums, whole);
                addRest(whole, rest, restVectors);
                vectors.fold();
                out.address(code, at);
                vectors.pushFolded();
                code.arrayStore(kind);
            });
        }

        /** Keeps the partial results in registers, and leaves them in the array. */
        private void sumWholeBlocks(int[] sums, int whole) {
            int zero = code.allocateLocal(TypeKind.INT);
            code.iconst_0().istore(zero);
            for (int u = 0; u < sums.length; u++) {
                VectorCode.broadcast(code, type, () -> ScalarEmitter.constant(code, type, identity));
                load(zero, u * lanes);
                VectorCode.binary(code, op, type);
                code.astore(sums[u]);
            }
            LoopEmitter.count(code, ReduceKernel.PARTIALS, whole, ReduceKernel.PARTIALS, column -> {
                for (int u = 0; u < sums.length; u++) {
                    code.aload(sums[u]);
                    load(column, u * lanes);
                    VectorCode.binary(code, op, type);
                    code.astore(sums[u]);
                }
            });
            for (int u = 0; u < sums.length; u++) {
                int first = u * lanes;
                code.aload(sums[u]);
                VectorCode.store(code, type, () -> code.aload(partials).loadConstant(first));
            }
        }

        /** Joins the last columns, fewer than there are partial results, to the first of these. */
        private void addRest(int whole, int rest, int restVectors) {
            LoopEmitter.count(code, 0, restVectors, lanes, j -> {
                vectors.load(() -> code.iload(j));
                code.iload(whole).iload(j).iadd().istore(at);
                load(at, 0);
                VectorCode.binary(code, op, type);
                VectorCode.store(code, type, () -> code.aload(partials).iload(j));
            });
            int j = code.allocateLocal(TypeKind.INT);
            code.iload(restVectors).istore(j);
            LoopEmitter.resume(code, j, rest, 1, () -> {
                code.aload(partials).iload(j).dup2().arrayLoad(kind);
                code.iload(whole).iload(j).iadd().istore(at);
                in.element(code, at);
                ScalarEmitter.binary(code, op, type);
                code.arrayStore(kind);
            });
        }

        /** Pushes the vector that begins {@code shift} after the column in a local variable. */
        private void load(int column, int shift) {
            VectorCode.species(code, type);
            in.address(code, column);
            code.loadConstant(shift).iadd();
            VectorCode.load(code, type);
        }
    }
}
