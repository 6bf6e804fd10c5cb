package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.EnumMap;
import java.util.Map;

/** Copies of strided views. */
public final class Copies {
    private static final Map<DType, MapKernel> IDENTITIES = new EnumMap<>(DType.class);

    static {
        for (DType type : DType.values()) {
            IDENTITIES.put(type, MapKernel.of(Lane.input(0, type)));
        }
    }

    private Copies() {}

    /** The elements in row-major order: {@code a} itself where they already are, else a copy. */
    public static Array contiguous(Array a) {
        return a.isContiguous() ? a : copy(a);
    }

    /** A row-major copy that no workspace takes back. */
    public static Array of(Array a) {
        Array copy = copy(a);
        copy.expose();
        return copy;
    }

    /** A row-major copy. */
    static Array copy(Array a) {
        Array out = Array.uninitialized(a.dtype(), a.shape());
        IDENTITIES.get(a.dtype()).run(new Array[] {a}, out);
        return out;
    }

    /** An array that is row-major once its launch has run. */
    record Staged(Array array, Launch load) {}

    /** The elements in row-major order, where they are or in memory of their own. */
    static Staged staged(Array a) {
        return a.isContiguous() ? new Staged(a, Launch.NOTHING) : copied(a);
    }

    /** The elements in row-major order, in memory of their own. */
    static Staged copied(Array a) {
        Array copy = Array.resident(a.dtype(), a.shape());
        return new Staged(copy, prepare(a, copy));
    }

    /** Brings a base to where it is to grow, again and again; nothing to do if it lies there. */
    public static Launch prepareBase(Array base, Array out) {
        return base.sharesMemory(out) && base.offset() == out.offset() && base.isContiguous() ? Launch.NOTHING
                : prepare(base, out);
    }

    /** Copies every element to the same place of a row-major array of equal dtype and shape, again and again. */
    public static Launch prepare(Array from, Array to) {
        return from.size() == 0 ? Launch.NOTHING : IDENTITIES.get(from.dtype()).prepare(new Array[] {from}, to);
    }
}
