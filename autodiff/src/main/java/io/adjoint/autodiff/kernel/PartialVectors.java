package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/** Emits the tree that joins the partial results of a reduction, which stand in an array, in Vector API calls. */
final class PartialVectors {
    private final CodeBuilder code;
    private final BinaryOp op;
    private final DType type;
    private final int partials;
    private final int lanes;
    private final int[] joined;

    /**
     * @param partials the local variable that holds the array
     */
    PartialVectors(CodeBuilder code, BinaryOp op, DType type, int partials) {
        this.code = code;
        this.op = op;
        this.type = type;
        this.partials = partials;
        this.lanes = Simd.lanes(type.bytes());
        this.joined = new int[ReduceKernel.PARTIALS / lanes];
        for (int u = 0; u < joined.length; u++) {
            joined[u] = code.allocateLocal(TypeKind.REFERENCE);
        }
    }

    /** Pushes the vector of partial results from the index on that {@code push} pushes. */
    void load(Runnable push) {
        VectorCode.species(code, type);
        code.aload(partials);
        push.run();
        VectorCode.load(code, type);
    }

    /** Emits the levels between vectors. */
    void fold() {
        for (int u = 0; u < joined.length; u++) {
            int from = u * lanes;
            load(() -> code.loadConstant(from));
            code.astore(joined[u]);
        }
        for (int width = joined.length / 2; width > 0; width /= 2) {
            for (int u = 0; u < width; u++) {
                code.aload(joined[u]).aload(joined[u + width]);
                VectorCode.binary(code, op, type);
                code.astore(joined[u]);
            }
        }
        code.aload(joined[0]);
        VectorCode.store(code, type, () -> code.aload(partials).iconst_0());
    }

    /** After {@link #fold}, pushes the result: the levels between the elements of one vector. */
    void pushFolded() {
        push(0, 1);
    }

    /** Pushes {@code partial[j]} as it is after the level of the tree that joins it with {@code partial[j + width]}. */
    private void push(int j, int width) {
        if (width == lanes) {
            code.aload(partials).loadConstant(j).arrayLoad(Operand.kind(type));
        } else {
            push(j, 2 * width);
            push(j + width, 2 * width);
            ScalarEmitter.binary(code, op, type);
        }
    }
}
