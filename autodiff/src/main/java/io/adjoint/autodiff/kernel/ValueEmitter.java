package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.lane.Lane;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Emits the value of an expression at one position as straight-line code. A node that is read more than once goes to a
 * local variable.
 */
abstract class ValueEmitter {
    final CodeBuilder code;
    private final Expression expression;
    private final Map<Lane, Integer> locals = new IdentityHashMap<>();

    ValueEmitter(CodeBuilder code, Expression expression) {
        this.code = code;
        this.expression = expression;
    }

    /** Leaves the node's value on the operand stack. */
    final void push(Lane any) {
        Lane node = expression.canonical(any);
        Integer local = locals.get(node);
        if (local != null) {
            code.loadLocal(kind(node), local);
            return;
        }
        compute(node);
        if (expression.uses(node) > 1 && !isCheap(node)) {
            dup(node);
            code.storeLocal(kind(node), keep(node));
        }
    }

    /** Computes the node now, so that {@link #push} is cheap and safe on either side of a branch. */
    final void settle(Lane any) {
        Lane node = expression.canonical(any);
        if (!locals.containsKey(node) && !isCheap(node)) {
            compute(node);
            code.storeLocal(kind(node), keep(node));
        }
    }

    /** Whether the node can be branched on without a value of its own: read once and not computed yet. */
    final boolean isReadOnce(Lane node) {
        return expression.uses(expression.canonical(node)) == 1 && !locals.containsKey(node);
    }

    private int keep(Lane node) {
        int local = code.allocateLocal(kind(node));
        locals.put(node, local);
        return local;
    }

    private void dup(Lane node) {
        if (kind(node).slotSize() == 2) {
            code.dup2();
        } else {
            code.dup();
        }
    }

    /** Emits the node's operation. */
    abstract void compute(Lane node);

    /** Whether {@link #compute} is as good as a local variable. */
    abstract boolean isCheap(Lane node);

    /** What a local variable holds the node's value as. */
    abstract TypeKind kind(Lane node);
}
