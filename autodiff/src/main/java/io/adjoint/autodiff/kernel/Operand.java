package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;

/** The local variables in which an emitted loop holds one of its arrays and its place in it. */
final class Operand {
    private final DType type;
    private final Layout layout;
    private final int array;
    private final int position;
    private final int rowStride;
    private final int columnStride;
    private final int splat;

    /** Emits the unpacking of operand {@code index} from the parameters of {@link Loop#run}. */
    Operand(CodeBuilder code, int index, DType type, Layout layout) {
        this.type = type;
        this.layout = layout;
        this.array = code.allocateLocal(TypeKind.REFERENCE);
        this.position = code.allocateLocal(TypeKind.INT);
        this.rowStride = code.allocateLocal(TypeKind.INT);
        this.columnStride = code.allocateLocal(TypeKind.INT);
        this.splat = code.allocateLocal(kind(type));
        code.aload(code.parameterSlot(LoopEmitter.ARRAYS)).loadConstant(index).aaload()
                .checkcast(arrayClass(type)).astore(array);
        unpack(code, LoopEmitter.OFFSETS, index, position);
        unpack(code, LoopEmitter.ROW_STRIDES, index, rowStride);
        if (layout == Layout.STRIDED) {
            unpack(code, LoopEmitter.COLUMN_STRIDES, index, columnStride);
        }
    }

    private static void unpack(CodeBuilder code, int parameter, int index, int local) {
        code.aload(code.parameterSlot(parameter)).loadConstant(index).iaload().istore(local);
    }

    DType type() {
        return type;
    }

    Layout layout() {
        return layout;
    }

    /** What the virtual machine holds an element as. */
    static TypeKind kind(DType type) {
        return TypeKind.from(type.primitive());
    }

    private static ClassDesc arrayClass(DType type) {
        return type.primitive().describeConstable().orElseThrow().arrayType();
    }

    /** Pushes the array and the index of the element in {@code column}. */
    void address(CodeBuilder code, int column) {
        code.aload(array).iload(position);
        switch (layout) {
            case UNIT -> code.iload(column).iadd();
            case SPLAT -> {}
            case STRIDED -> code.iload(column).iload(columnStride).imul().iadd();
        }
    }

    /** Pushes the element in {@code column}. */
    void element(CodeBuilder code, int column) {
        if (layout == Layout.SPLAT) {
            code.loadLocal(kind(type), splat);
        } else {
            address(code, column);
            code.arrayLoad(kind(type));
        }
    }

    /** At the start of each row: reads what is the same in all its columns. */
    void beginRow(CodeBuilder code) {
        if (layout == Layout.SPLAT) {
            code.aload(array).iload(position).arrayLoad(kind(type)).storeLocal(kind(type), splat);
        }
    }

    /** At the end of each row: steps to the next one. */
    void endRow(CodeBuilder code) {
        code.iload(position).iload(rowStride).iadd().istore(position);
    }
}
