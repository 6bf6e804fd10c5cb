package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** The calls of the Vector API as bytecode, by dtype. Names the API's classes without loading them. */
final class VectorCode {
    private static final String PACKAGE = "jdk.incubator.vector";
    private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE, "Vector");
    private static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
    private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE, "VectorSpecies");
    private static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE, "VectorShuffle");
    private static final ClassDesc TYPES = ClassDesc.of(VectorCode.class.getPackageName(), "VectorTypes");
    private static final ClassDesc TABLES = ClassDesc.of(VectorCode.class.getPackageName(), "VectorTables");
    private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");

    private VectorCode() {}

    private static ClassDesc vector(DType type) {
        return ClassDesc.of(PACKAGE, switch (type) {
            case I32 -> "IntVector";
            case I64 -> "LongVector";
            case F32 -> "FloatVector";
            case F64 -> "DoubleVector";
            case BOOL -> throw new AssertionError("BOOL has masks, not vectors");
        });
    }

    private static ClassDesc element(DType type) {
        return type.primitive().describeConstable().orElseThrow();
    }

    private static ClassDesc nested(String name) {
        return OPERATORS.nested(name);
    }

    /** A species must be a constant to C2: a static final field is. */
    static void species(CodeBuilder code, DType type) {
        code.getstatic(vector(type), "SPECIES_PREFERRED", SPECIES);
    }

    private static void operator(CodeBuilder code, String name, String kind) {
        code.getstatic(OPERATORS, name, nested(kind));
    }

    /** Species, array, index: the vector; of booleans, the mask. */
    static void load(CodeBuilder code, DType type) {
        ClassDesc owner = type == DType.BOOL ? MASK : vector(type);
        code.invokestatic(owner, "fromArray",
                MethodTypeDesc.of(owner, SPECIES, element(type).arrayType(), ConstantDescs.CD_int));
    }

    /** Vector or mask: nothing; {@code address} pushes array and index. */
    static void store(CodeBuilder code, DType type, Runnable address) {
        ClassDesc owner = type == DType.BOOL ? MASK : vector(type);
        if (type != DType.BOOL) {
            known(code, type);
        }
        address.run();
        code.invokevirtual(owner, "intoArray",
                MethodTypeDesc.of(ConstantDescs.CD_void, element(type).arrayType(), ConstantDescs.CD_int));
    }

    /**
     * Vector: the same, of a class that C2 knows without a profile of the loop. What the calls return says only of which dtype it is, and a
     * vector that goes around a loop is nothing more: a call on it that has no profile is never inlined, and its vectors are objects.
     */
    static void known(CodeBuilder code, DType type) {
        code.getstatic(TYPES, type.name(), ConstantDescs.CD_Class).swap()
                .invokevirtual(ConstantDescs.CD_Class, "cast",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object))
                .checkcast(vector(type));
    }

    /** The vector in which all elements are the value that {@code push} pushes. */
    static void broadcast(CodeBuilder code, DType type, Runnable push) {
        species(code, type);
        push.run();
        code.invokestatic(vector(type), "broadcast", MethodTypeDesc.of(vector(type), SPECIES, element(type)));
    }

    /** The mask, for vectors of the dtype, in which all elements are the boolean that {@code push} pushes. */
    static void maskAll(CodeBuilder code, DType type, Runnable push) {
        species(code, type);
        push.run();
        code.invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, ConstantDescs.CD_boolean));
    }

    /** Of {@link VectorTables.Turns} the one of the number that {@code push} pushes. */
    static void turn(CodeBuilder code, DType type, Runnable push) {
        code.getstatic(TABLES.nested("Turns"), type.name(), SHUFFLE.arrayType());
        push.run();
        code.aaload();
    }

    /** Vector, order: the vector in that order. */
    static void rearrange(CodeBuilder code, DType type) {
        code.invokevirtual(vector(type), "rearrange", MethodTypeDesc.of(vector(type), SHUFFLE));
    }

    /** Of {@link VectorTables.Firsts} the one of the number that {@code push} pushes. */
    static void firsts(CodeBuilder code, DType type, Runnable push) {
        code.getstatic(TABLES.nested("Firsts"), type.name(), MASK.arrayType());
        push.run();
        code.aaload();
    }

    /** Vector: one of its elements. */
    static void element(CodeBuilder code, DType type, int number) {
        code.loadConstant(number);
        code.invokevirtual(vector(type), "lane", MethodTypeDesc.of(element(type), ConstantDescs.CD_int));
    }

    static void unary(CodeBuilder code, Lane.UnaryOp op, DType type) {
        if (type == DType.BOOL) {
            code.invokevirtual(MASK, "not", MethodTypeDesc.of(MASK));
        } else {
            operator(code, op.name(), "Unary");
            code.invokevirtual(vector(type), "lanewise", MethodTypeDesc.of(vector(type), nested("Unary")));
        }
    }

    static void binary(CodeBuilder code, Lane.BinaryOp op, DType type) {
        // The operator goes below the right operand.
        operator(code, name(op), kind(op));
        code.swap();
        code.invokevirtual(vector(type), "lanewise", MethodTypeDesc.of(vector(type), nested("Binary"), VECTOR));
    }

    static boolean isShift(Lane.BinaryOp op) {
        return switch (op) {
            case SHL, SHR, USHR -> true;
            case ADD, SUB, MUL, DIV, MIN, MAX, AND, OR, XOR -> false;
        };
    }

    /** A shift of all elements by one count: cheaper than by a vector of counts. */
    static void shift(CodeBuilder code, Lane.BinaryOp op, Lane.Constant count) {
        DType type = count.type();
        operator(code, name(op), kind(op));
        ScalarEmitter.constant(code, type, count.bits());
        code.invokevirtual(vector(type), "lanewise", MethodTypeDesc.of(vector(type), nested("Binary"), element(type)));
    }

    private static String name(Lane.BinaryOp op) {
        return switch (op) {
            case ADD, SUB, MUL, DIV, MIN, MAX, AND, OR, XOR -> op.name();
            case SHL -> "LSHL";
            case SHR -> "ASHR";
            case USHR -> "LSHR";
        };
    }

    private static String kind(Lane.BinaryOp op) {
        return switch (op) {
            case ADD, MUL, MIN, MAX, AND, OR, XOR -> "Associative";
            case SUB, DIV, SHL, SHR, USHR -> "Binary";
        };
    }

    static void fma(CodeBuilder code, DType type) {
        code.invokevirtual(vector(type), "fma", MethodTypeDesc.of(vector(type), VECTOR, VECTOR));
    }

    /** Compares by the comparison of this name. */
    static void compare(CodeBuilder code, String name, DType type) {
        operator(code, name, "Comparison");
        code.swap();
        code.invokevirtual(vector(type), "compare", MethodTypeDesc.of(MASK, nested("Comparison"), VECTOR));
    }

    /** No-vector, yes-vector, mask: the choice. */
    static void blend(CodeBuilder code, DType type) {
        code.invokevirtual(vector(type), "blend", MethodTypeDesc.of(vector(type), VECTOR, MASK));
    }

    /** Joins two masks by the method of this name. */
    static void mask(CodeBuilder code, String name) {
        code.invokevirtual(MASK, name, MethodTypeDesc.of(MASK, MASK));
    }

    static void castMask(CodeBuilder code, DType species) {
        species(code, species);
        code.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
    }

    /** Java's cast between dtypes of one width. */
    static void convert(CodeBuilder code, DType from, DType to) {
        operator(code, switch (to) {
            case I32 -> "F2I";
            case F32 -> "I2F";
            case I64 -> "D2L";
            case F64 -> "L2D";
            case BOOL -> throw new AssertionError("BOOL has masks, not vectors");
        }, "Conversion");
        code.iconst_0();
        code.invokevirtual(vector(from), "convert",
                MethodTypeDesc.of(VECTOR, nested("Conversion"), ConstantDescs.CD_int));
        code.checkcast(vector(to));
    }

    /** The raw bits as another dtype of the same width. */
    static void reinterpret(CodeBuilder code, DType from, DType to) {
        code.invokevirtual(vector(from), switch (to) {
            case I32 -> "reinterpretAsInts";
            case F32 -> "reinterpretAsFloats";
            case I64 -> "reinterpretAsLongs";
            case F64 -> "reinterpretAsDoubles";
            case BOOL -> throw new AssertionError("BOOL has masks, not vectors");
        }, MethodTypeDesc.of(vector(to)));
    }
}
