package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Locale;
import java.util.Map;

/**
 * Emits an expression as Vector API calls on some neighbouring elements of each input, and nothing but those: C2 does not
 * reliably inline a helper method that takes vectors. A BOOL is a mask of the vectors that it came from.
 */
final class VectorEmitter extends ValueEmitter {
    private final Map<Integer, Operand> inputs;
    private final Map<Lane, Integer> fixed;
    private final int column;
    private final DType masks;

    /**
     * For the vectors that begin in the column whose number is in the local variable {@code column}.
     *
     * @param fixed the local variables of nodes that are the same in all columns: constants and SPLAT inputs
     */
    VectorEmitter(
            CodeBuilder code, Expression expression, Map<Integer, Operand> inputs, Map<Lane, Integer> fixed,
            int column) {
        super(code, expression);
        this.inputs = inputs;
        this.fixed = fixed;
        this.column = column;
        this.masks = masks(expression);
    }

    /** The dtype whose vectors the masks belong to that come from no vector. */
    static DType masks(Expression expression) {
        return expression.nodes().stream().anyMatch(node -> node.type() != DType.BOOL && node.type().bytes() == 8)
                ? DType.I64 : DType.I32;
    }

    /**
     * Whether the expression can be emitted: all numbers are of one width, for one vector of each must hold as many
     * elements, and no node is without a fast vector form on common processors.
     */
    static boolean handles(Expression expression) {
        int[] widths = expression.nodes().stream().map(Lane::type).filter(type -> type != DType.BOOL)
                .mapToInt(DType::bytes).distinct().toArray();
        return widths.length == 1 && expression.nodes().stream().allMatch(VectorEmitter::isFast);
    }

    private static boolean isFast(Lane node) {
        return switch (node) {
            case Lane.Strict _ -> false;
            case Lane.Binary(Lane.BinaryOp op, Lane left, _) ->
                op != Lane.BinaryOp.DIV || left.type().isFloat();
            case Lane.Convert(Lane x, DType type) ->
                // Between I64 and F64 there are no instructions before AVX-512.
                type == x.type() || type == DType.BOOL || x.type() == DType.BOOL || type.bytes() == Float.BYTES;
            case Lane.Input _, Lane.Constant _, Lane.Unary _, Lane.Fma _, Lane.Compare _, Lane.Select _, Lane.Bits _ ->
                true;
        };
    }

    @Override
    TypeKind kind(Lane node) {
        return TypeKind.REFERENCE;
    }

    @Override
    boolean isCheap(Lane node) {
        return fixed.containsKey(node);
    }

    @Override
    void compute(Lane node) {
        Integer local = fixed.get(node);
        if (local != null) {
            code.aload(local);
            return;
        }
        switch (node) {
            case Lane.Constant _ -> throw new AssertionError("a constant is fixed");
            case Lane.Input(int index, DType type) -> {
                VectorCode.species(code, species(node));
                inputs.get(index).address(code, column);
                VectorCode.load(code, type);
            }
            case Lane.Unary(Lane.UnaryOp op, Lane x) -> {
                push(x);
                VectorCode.unary(code, op, x.type());
            }
            case Lane.Binary(Lane.BinaryOp op, Lane left, Lane right) -> {
                push(left);
                if (left.type() == DType.BOOL) {
                    pushMask(right, species(left));
                    VectorCode.mask(code, op.name().toLowerCase(Locale.ROOT));
                } else if (right instanceof Lane.Constant count && VectorCode.isShift(op)) {
                    VectorCode.shift(code, op, count);
                } else {
                    push(right);
                    VectorCode.binary(code, op, left.type());
                }
            }
            case Lane.Fma(Lane a, Lane b, Lane c) -> {
                push(a);
                push(b);
                push(c);
                VectorCode.fma(code, a.type());
            }
            case Lane.Compare(Lane.CompareOp op, Lane left, Lane right) -> {
                push(left);
                push(right);
                VectorCode.compare(code, op.name(), left.type());
            }
            case Lane.Select(Lane condition, Lane yes, Lane no) -> select(condition, yes, no);
            case Lane.Convert(Lane x, DType type) -> convert(x, type);
            case Lane.Bits(Lane x, DType type) -> {
                push(x);
                VectorCode.reinterpret(code, x.type(), type);
            }
            case Lane.Strict _ -> throw new AssertionError("not vectorised");
        }
    }

    private void select(Lane condition, Lane yes, Lane no) {
        if (yes.type() == DType.BOOL) {
            DType species = species(condition);
            push(condition);
            pushMask(yes, species);
            VectorCode.mask(code, "and");
            pushMask(no, species);
            push(condition);
            VectorCode.mask(code, "andNot");
            VectorCode.mask(code, "or");
        } else {
            push(no);
            push(yes);
            pushMask(condition, yes.type());
            VectorCode.blend(code, yes.type());
        }
    }

    private void convert(Lane x, DType type) {
        if (type == x.type()) {
            push(x);
        } else if (x.type() == DType.BOOL) {
            VectorCode.broadcast(code, type, () -> ScalarEmitter.constant(code, type, 0));
            VectorCode.broadcast(code, type,
                    () -> ScalarEmitter.constant(code, type, ((Lane.Constant) Lane.constant(type, 1.0)).bits()));
            pushMask(x, type);
            VectorCode.blend(code, type);
        } else {
            push(x);
            if (type == DType.BOOL) {
                VectorCode.broadcast(code, x.type(), () -> ScalarEmitter.constant(code, x.type(), 0));
                VectorCode.compare(code, "NE", x.type());
            } else {
                VectorCode.convert(code, x.type(), type);
            }
        }
    }

    /** Pushes a mask as one of another species of the same width, which costs nothing at run time. */
    private void pushMask(Lane mask, DType species) {
        push(mask);
        if (species(mask) != species) {
            VectorCode.castMask(code, species);
        }
    }

    /** The dtype whose species a node's vectors or masks have. */
    private DType species(Lane node) {
        return switch (node) {
            case Lane number when number.type() != DType.BOOL -> number.type();
            case Lane.Compare(_, Lane left, _) -> left.type();
            case Lane.Unary(_, Lane x) -> species(x);
            case Lane.Binary(_, Lane left, _) -> species(left);
            case Lane.Select(Lane condition, _, _) -> species(condition);
            case Lane.Convert(Lane x, _) -> species(x);
            default -> masks;
        };
    }
}
