package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** The memory for the partial results of a reduction, one of each dtype for each thread: emitted loops use it while they run. */
final class Partials {
    private static final ClassDesc PARTIALS = Partials.class.describeConstable().orElseThrow();

    private static final ThreadLocal<Partials> OWN = ThreadLocal.withInitial(Partials::new);

    private final boolean[] booleans = new boolean[ReduceKernel.PARTIALS];
    private final int[] ints = new int[ReduceKernel.PARTIALS];
    private final long[] longs = new long[ReduceKernel.PARTIALS];
    private final float[] floats = new float[ReduceKernel.PARTIALS];
    private final double[] doubles = new double[ReduceKernel.PARTIALS];

    private Partials() {}

    /** Pushes the array of a dtype; it holds anything. */
    static void push(CodeBuilder code, DType type) {
        String primitive = type.primitive().getName();
        code.invokestatic(PARTIALS, primitive + "s",
                MethodTypeDesc.of(type.primitive().describeConstable().orElseThrow().arrayType()));
    }

    static boolean[] booleans() {
        return OWN.get().booleans;
    }

    static int[] ints() {
        return OWN.get().ints;
    }

    static long[] longs() {
        return OWN.get().longs;
    }

    static float[] floats() {
        return OWN.get().floats;
    }

    static double[] doubles() {
        return OWN.get().doubles;
    }
}
