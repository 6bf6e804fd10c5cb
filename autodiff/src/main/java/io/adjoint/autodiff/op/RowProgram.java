package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.kernel.RowKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneMath;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.function.BiFunction;

/** The passes over rows that the row operations share, each with the bits of the operations that it stands for. */
enum RowProgram {
    /** {@code e / sum e} with {@code e = exp(x - max x)}, a row. */
    SOFTMAX(RowProgram::softmax),
    /** {@code a b - b sum (a b)}, a row of two. */
    SOFTMAX_GRADIENT(RowProgram::softmaxGradient),
    /** {@code a - e^b sum a}, a row of two. */
    LOG_SOFTMAX_GRADIENT(RowProgram::logSoftmaxGradient),
    /** {@code d - ln sum exp d} with {@code d = x - max x}, a row. */
    LOG_SOFTMAX(RowProgram::logSoftmax),
    /** {@code max x} and {@code ln sum exp(x - max x)}, a number each for the row. */
    LOG_SUM_EXP(RowProgram::logSumExp),
    /** {@link #SOFTMAX} and both of {@link #LOG_SUM_EXP}. */
    SOFTMAX_AND_LOG_SUM(RowProgram::softmaxAndLogSum);

    private final RowKernel f32;
    private final RowKernel f64;

    RowProgram(BiFunction<RowKernel.Builder, DType, RowKernel> program) {
        f32 = program.apply(RowKernel.builder(), DType.F32);
        f64 = program.apply(RowKernel.builder(), DType.F64);
    }

    /** Binds the program to every row of F32 or F64 arrays of one shape. */
    Launch prepare(Array[] ins, Array... outs) {
        return (ins[0].dtype() == DType.F32 ? f32 : f64).prepare(ins[0].shape(), ins, outs);
    }

    /** Runs a program that makes a row of rows along any axis of arrays of one shape and dtype. */
    Array along(int axis, Array... all) {
        int[] order = last(axis, all[0].shape().rank());
        Array[] rows = rows(order, List.of(all));
        Array out = Array.uninitialized(all[0].dtype(), rows[0].shape());
        prepare(rows, out).run();
        return out.permute(order);
    }

    /** Binds it; along another axis than the last the rows are made by themselves and then put into place. */
    Launch prepareAlong(int axis, List<Array> all, Array out) {
        int rank = out.shape().rank();
        if (axis == rank - 1) {
            return prepare(all.toArray(Array[]::new), out);
        }
        int[] order = last(axis, rank);
        Array[] rows = rows(order, all);
        Array made = Array.uninitialized(out.dtype(), rows[0].shape());
        return Launch.all(prepare(rows, made), Copies.prepare(made.permute(order), out));
    }

    /** An order in which the axis and the last one change places. */
    private static int[] last(int axis, int rank) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = i == axis ? rank - 1 : i == rank - 1 ? axis : i;
        }
        return order;
    }

    private static Array[] rows(int[] order, List<Array> all) {
        return all.stream().map(each -> each.permute(order)).toArray(Array[]::new);
    }

    /**
     * The greatest element of each row, which is subtracted before exponentials of it, or any element where one is NaN, since the sum of the exponentials is
     * NaN then. Floats are compared as integers of the same order: processors have one instruction for that, and none with Java's rules.
     */
    private static RowKernel.Value greatest(RowKernel.Builder rows, RowKernel.Value x) {
        return switch (x.type()) {
            case F32 -> rows.map(ordered(Lane.input(0, DType.I32)).bits(DType.F32),
                    rows.reduce(Combine.MAX, rows.map(ordered(Lane.input(0, DType.F32).bits(DType.I32)), x)));
            case F64, I32, I64, BOOL -> rows.reduce(Combine.MAX, x);
        };
    }

    /** Turns the order of negative floats' bits around, and back: the bits but the first one are flipped. */
    private static Lane ordered(Lane bits) {
        return bits.xor(bits.shr(31).ushr(1));
    }

    private static RowKernel softmax(RowKernel.Builder rows, DType type) {
        Lane a = Lane.input(0, type);
        Lane b = Lane.input(1, type);
        RowKernel.Value x = rows.input(type);
        RowKernel.Value e = rows.map(LaneMath.expOfNonPositive(a.sub(b)), x, greatest(rows, x));
        return rows.build(rows.map(a.div(b), e, rows.reduce(Combine.SUM, e)));
    }

    private static RowKernel softmaxGradient(RowKernel.Builder rows, DType type) {
        Lane a = Lane.input(0, type);
        Lane b = Lane.input(1, type);
        RowKernel.Value g = rows.input(type);
        RowKernel.Value y = rows.input(type);
        RowKernel.Value weighted = rows.map(a.mul(b), g, y);
        Lane taken = b.mul(Lane.input(2, type));
        return rows.build(rows.map(a.sub(taken), weighted, y, rows.reduce(Combine.SUM, weighted)));
    }

    private static RowKernel logSoftmaxGradient(RowKernel.Builder rows, DType type) {
        RowKernel.Value g = rows.input(type);
        RowKernel.Value y = rows.input(type);
        Lane taken = LaneMath.exp(Lane.input(1, type)).mul(Lane.input(2, type));
        return rows.build(rows.map(Lane.input(0, type).sub(taken), g, y, rows.reduce(Combine.SUM, g)));
    }

    private static RowKernel logSoftmax(RowKernel.Builder rows, DType type) {
        Lane a = Lane.input(0, type);
        Lane b = Lane.input(1, type);
        RowKernel.Value x = rows.input(type);
        RowKernel.Value shifted = rows.map(a.sub(b), x, greatest(rows, x));
        RowKernel.Value total = rows.reduce(Combine.SUM, rows.map(LaneMath.expOfNonPositive(a), shifted));
        return rows.build(rows.map(a.sub(b), shifted, rows.map(LaneMath.log(a), total)));
    }

    private static RowKernel softmaxAndLogSum(RowKernel.Builder rows, DType type) {
        Lane a = Lane.input(0, type);
        Lane b = Lane.input(1, type);
        RowKernel.Value x = rows.input(type);
        RowKernel.Value greatest = greatest(rows, x);
        RowKernel.Value e = rows.map(LaneMath.expOfNonPositive(a.sub(b)), x, greatest);
        RowKernel.Value total = rows.reduce(Combine.SUM, e);
        return rows.build(rows.map(a.div(b), e, total), greatest, rows.map(LaneMath.log(a), total));
    }

    private static RowKernel logSumExp(RowKernel.Builder rows, DType type) {
        Lane a = Lane.input(0, type);
        Lane b = Lane.input(1, type);
        RowKernel.Value x = rows.input(type);
        RowKernel.Value greatest = greatest(rows, x);
        RowKernel.Value total = rows.reduce(Combine.SUM, rows.map(LaneMath.expOfNonPositive(a.sub(b)), x, greatest));
        return rows.build(greatest, rows.map(LaneMath.log(a), total));
    }
}
