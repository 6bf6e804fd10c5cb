package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
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
}
