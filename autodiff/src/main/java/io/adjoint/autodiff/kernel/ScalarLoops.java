package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.List;
import java.util.Map;

/** The loops in plain Java arithmetic. */
final class ScalarLoops {
    private ScalarLoops() {}

    /** Stores the expression's values at each position, all of them computed before the first is stored. */
    static Loop map(Expression expression, List<Layout> layouts) {
        return LoopEmitter.define(code -> {
            Map<Integer, Operand> inputs = LoopEmitter.inputs(code, expression, layouts);
            List<Operand> outs = LoopEmitter.outputs(code, expression, layouts);
            LoopEmitter.rows(code, inputs.values(), outs,
                    () -> LoopEmitter.count(code, 0, code.parameterSlot(LoopEmitter.COLUMNS), 1, column -> {
                        ScalarEmitter emitter = new ScalarEmitter(code, expression, inputs, column);
                        if (outs.size() == 1) {
                            outs.getFirst().address(code, column);
                            emitter.push(expression.roots().getFirst());
                            code.arrayStore(Operand.kind(outs.getFirst().type()));
                            return;
                        }
                        int[] values = new int[outs.size()];
                        for (int r = 0; r < values.length; r++) {
                            TypeKind kind = Operand.kind(outs.get(r).type());
                            values[r] = code.allocateLocal(kind);
                            emitter.push(expression.roots().get(r));
                            code.storeLocal(kind, values[r]);
                        }
                        for (int r = 0; r < values.length; r++) {
                            TypeKind kind = Operand.kind(outs.get(r).type());
                            outs.get(r).address(code, column);
                            code.loadLocal(kind, values[r]).arrayStore(kind);
                        }
                    }));
        });
    }

    /**
     * Joins the columns of each row in the order that {@link ReduceKernel} states. A partial result that no element went
     * to is left out of the tree: to join with the identity changes nothing once the first join has made -0 a +0.
     */
    static Loop reduce(BinaryOp op, DType type, long identity, Layout layout) {
        return LoopEmitter.define(code -> new Reduction(code, op, type, identity, layout).emit());
    }

    private static final class Reduction {
        private final CodeBuilder code;
        private final BinaryOp op;
        private final DType type;
        private final long identity;
        private final TypeKind kind;
        private final Operand in;
        private final Operand out;
        private final int partials;

        Reduction(CodeBuilder code, BinaryOp op, DType type, long identity, Layout layout) {
            this.code = code;
            this.op = op;
            this.type = type;
            this.identity = identity;
            this.kind = Operand.kind(type);
            this.in = new Operand(code, 0, type, layout);
            this.out = new Operand(code, 1, type, Layout.SPLAT);
            this.partials = code.allocateLocal(TypeKind.REFERENCE);
        }

        void emit() {
            int columns = code.parameterSlot(LoopEmitter.COLUMNS);
            int used = code.allocateLocal(TypeKind.INT);
            Partials.push(code, type);
            code.astore(partials);
            code.iload(columns).loadConstant(ReduceKernel.PARTIALS);
            code.invokestatic(ScalarEmitter.MATH, "min", ScalarEmitter.signature(DType.I32, 2)).istore(used);
            LoopEmitter.rows(code, List.of(in), List.of(out), () -> {
                LoopEmitter.count(code, 0, used, 1, j -> join(j, () -> ScalarEmitter.constant(code, type, identity),
                        () -> in.element(code, j)));
                accumulate(columns);
                for (int width = ReduceKernel.PARTIALS / 2; width > 0; width /= 2) {
                    fold(width, used);
                }
                out.address(code, 0);
                partial(() -> code.iconst_0());
                code.arrayStore(kind);
            });
        }

        /** The elements from number {@link ReduceKernel#PARTIALS} on, a block of as many at a time. */
        private void accumulate(int columns) {
            LoopEmitter.count(code, ReduceKernel.PARTIALS, columns, ReduceKernel.PARTIALS, base -> {
                int column = code.allocateLocal(TypeKind.INT);
                int end = code.allocateLocal(TypeKind.INT);
                code.iload(columns).iload(base).isub().loadConstant(ReduceKernel.PARTIALS);
                code.invokestatic(ScalarEmitter.MATH, "min", ScalarEmitter.signature(DType.I32, 2)).istore(end);
                LoopEmitter.count(code, 0, end, 1, j -> {
                    code.iload(base).iload(j).iadd().istore(column);
                    join(j, () -> partial(() -> code.iload(j)), () -> in.element(code, column));
                });
            });
        }

        /** One level of the tree: {@code partial[j] = partial[j] op partial[j + width]} where both exist. */
        private void fold(int width, int used) {
            int pairs = code.allocateLocal(TypeKind.INT);
            code.iload(used).loadConstant(width).isub().loadConstant(width);
            code.invokestatic(ScalarEmitter.MATH, "min", ScalarEmitter.signature(DType.I32, 2)).istore(pairs);
            LoopEmitter.count(code, 0, pairs, 1, j -> join(j, () -> partial(() -> code.iload(j)),
                    () -> partial(() -> code.iload(j).loadConstant(width).iadd())));
        }

        private void join(int j, Runnable left, Runnable right) {
            code.aload(partials).iload(j);
            left.run();
            right.run();
            ScalarEmitter.binary(code, op, type);
            code.arrayStore(kind);
        }

        private void partial(Runnable index) {
            code.aload(partials);
            index.run();
            code.arrayLoad(kind);
        }
    }
}
