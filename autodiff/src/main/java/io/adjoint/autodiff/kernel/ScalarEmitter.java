package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Emits an expression as plain Java arithmetic on one element of each input. */
final class ScalarEmitter extends ValueEmitter {
    static final ClassDesc MATH = Math.class.describeConstable().orElseThrow();

    private final Map<Integer, Operand> inputs;
    private final int column;

    /** For the elements in the column whose number is in the local variable {@code column}. */
    ScalarEmitter(CodeBuilder code, Expression expression, Map<Integer, Operand> inputs, int column) {
        super(code, expression);
        this.inputs = inputs;
        this.column = column;
    }

    @Override
    TypeKind kind(Lane node) {
        return Operand.kind(node.type());
    }

    @Override
    boolean isCheap(Lane node) {
        return node instanceof Lane.Constant
                || node instanceof Lane.Input(int index, _) && inputs.get(index).layout() == Layout.SPLAT;
    }

    @Override
    void compute(Lane node) {
        switch (node) {
            case Lane.Input(int index, _) -> inputs.get(index).element(code, column);
            case Lane.Constant(DType type, long bits) -> constant(code, type, bits);
            case Lane.Unary(Lane.UnaryOp op, Lane x) -> unary(op, x);
            case Lane.Binary(Lane.BinaryOp op, Lane left, Lane right) -> {
                push(left);
                push(right);
                binary(code, op, left.type());
            }
            case Lane.Fma(Lane a, Lane b, Lane c) -> {
                push(a);
                push(b);
                push(c);
                call(code, MATH, "fma", a.type(), 3);
            }
            case Lane.Compare compare -> choose(compare, code::iconst_1, code::iconst_0);
            case Lane.Select(Lane condition, Lane yes, Lane no) -> select(condition, yes, no);
            case Lane.Convert(Lane x, DType type) -> convert(x, type);
            case Lane.Bits(Lane x, DType type) -> bits(x, type);
            case Lane.Strict(Lane.StrictFunction function, List<Lane> arguments) -> {
                arguments.forEach(this::push);
                ClassDesc owner = function.owner().describeConstable().orElseThrow();
                call(code, owner, function.name().toLowerCase(Locale.ROOT), DType.F64, function.arity());
            }
        }
    }

    static void constant(CodeBuilder code, DType type, long bits) {
        switch (type) {
            case BOOL, I32 -> code.loadConstant((int) bits);
            case I64 -> code.loadConstant(bits);
            case F32 -> code.loadConstant(Float.intBitsToFloat((int) bits));
            case F64 -> code.loadConstant(Double.longBitsToDouble(bits));
        }
    }

    private void unary(Lane.UnaryOp op, Lane x) {
        push(x);
        DType type = x.type();
        switch (op) {
            case NEG -> operator(code, "NEG", type);
            case ABS -> call(code, MATH, "abs", type, 1);
            case SQRT -> {
                if (type == DType.F64) {
                    call(code, MATH, "sqrt", type, 1);
                } else {
                    // Rounding twice is harmless: a double has more than twice the digits of a float.
                    code.f2d();
                    call(code, MATH, "sqrt", DType.F64, 1);
                    code.d2f();
                }
            }
            case NOT -> {
                constant(code, type, type == DType.BOOL ? 1 : -1);
                operator(code, "XOR", type);
            }
        }
    }

    /** Joins the two values on the operand stack. */
    static void binary(CodeBuilder code, Lane.BinaryOp op, DType type) {
        switch (op) {
            case MIN, MAX -> call(code, MATH, op.name().toLowerCase(Locale.ROOT), type, 2);
            case ADD, SUB, MUL, DIV, AND, OR, XOR -> operator(code, op.name(), type);
            case SHL, SHR, USHR -> {
                if (type == DType.I64) {
                    code.l2i();
                }
                operator(code, op.name(), type);
            }
        }
    }

    /** The virtual machine's operator of this name for the dtype: {@code FADD}, {@code LSHL}. */
    private static void operator(CodeBuilder code, String name, DType type) {
        code.with(OperatorInstruction.of(Opcode.valueOf(switch (type) {
            case BOOL, I32 -> "I";
            case I64 -> "L";
            case F32 -> "F";
            case F64 -> "D";
        } + name)));
    }

    static void call(CodeBuilder code, ClassDesc owner, String name, DType type, int arity) {
        code.invokestatic(owner, name, signature(type, arity));
    }

    /** The type of a method that takes and gives values of one dtype. */
    static MethodTypeDesc signature(DType type, int arity) {
        ClassDesc primitive = type.primitive().describeConstable().orElseThrow();
        return MethodTypeDesc.of(primitive, Collections.nCopies(arity, primitive));
    }

    private void select(Lane condition, Lane yes, Lane no) {
        settle(yes);
        settle(no);
        if (condition instanceof Lane.Compare compare && isReadOnce(compare)) {
            // The comparison becomes the branch itself.
            choose(compare, () -> push(yes), () -> push(no));
        } else {
            push(condition);
            choose(target -> code.ifeq(target), () -> push(yes), () -> push(no));
        }
    }

    private void choose(Lane.Compare compare, Runnable yes, Runnable no) {
        push(compare.left());
        push(compare.right());
        choose(target -> branchUnless(compare.op(), compare.left().type(), target), yes, no);
    }

    private void choose(Consumer<Label> branchUnless, Runnable yes, Runnable no) {
        Label otherwise = code.newLabel();
        Label end = code.newLabel();
        branchUnless.accept(otherwise);
        yes.run();
        code.goto_(end).labelBinding(otherwise);
        no.run();
        code.labelBinding(end);
    }

    /** Floats: the comparison with a NaN must be false, so it counts as greater than where "less" is asked. */
    private void branchUnless(Lane.CompareOp op, DType type, Label target) {
        switch (type) {
            case I64 -> code.lcmp();
            case F32 -> code.fcmpg();
            case F64 -> code.dcmpg();
            case I32 -> {
                code.branch(switch (op) {
                    case EQ -> Opcode.IF_ICMPNE;
                    case LT -> Opcode.IF_ICMPGE;
                    case LE -> Opcode.IF_ICMPGT;
                }, target);
                return;
            }
            case BOOL -> throw new AssertionError("BOOL is not compared");
        }
        code.branch(switch (op) {
            case EQ -> Opcode.IFNE;
            case LT -> Opcode.IFGE;
            case LE -> Opcode.IFGT;
        }, target);
    }

    private void convert(Lane x, DType type) {
        if (type != DType.BOOL || x.type() == DType.BOOL) {
            push(x);
            // A BOOL is an int of 0 or 1 to the virtual machine.
            TypeKind from = kind(x).asLoadable();
            if (from != Operand.kind(type).asLoadable()) {
                code.conversion(from, Operand.kind(type));
            }
        } else {
            push(x);
            constant(code, x.type(), 0);
            choose(target -> branchUnless(Lane.CompareOp.EQ, x.type(), target), code::iconst_0, code::iconst_1);
        }
    }

    private void bits(Lane x, DType type) {
        push(x);
        if (x.type() != type) {
            switch (type) {
                case I32 -> raw(Float.class, "floatToRawIntBits", x.type(), type);
                case F32 -> raw(Float.class, "intBitsToFloat", x.type(), type);
                case I64 -> raw(Double.class, "doubleToRawLongBits", x.type(), type);
                case F64 -> raw(Double.class, "longBitsToDouble", x.type(), type);
                case BOOL -> throw new AssertionError("BOOL has no bits");
            }
        }
    }

    private void raw(Class<?> box, String name, DType from, DType to) {
        code.invokestatic(box.describeConstable().orElseThrow(), name,
                MethodTypeDesc.of(to.primitive().describeConstable().orElseThrow(),
                        from.primitive().describeConstable().orElseThrow()));
    }
}
