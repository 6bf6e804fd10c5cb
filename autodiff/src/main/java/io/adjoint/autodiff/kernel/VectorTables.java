package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Orders and masks of the preferred vectors by number, for each dtype. A species makes them through an object whose class C2 guesses
 * from all calls of the process, as in {@link VectorTypes}: after many kinds of vectors it gives up, and each call makes objects.
 */
final class VectorTables {
    /** Number {@code i} brings element {@code i} to the front, and what comes before it to the end. */
    static final class Turns {
        static final VectorShuffle<?>[] I32 = turns(IntVector.SPECIES_PREFERRED);
        static final VectorShuffle<?>[] I64 = turns(LongVector.SPECIES_PREFERRED);
        static final VectorShuffle<?>[] F32 = turns(FloatVector.SPECIES_PREFERRED);
        static final VectorShuffle<?>[] F64 = turns(DoubleVector.SPECIES_PREFERRED);

        private Turns() {}
    }

    /** Number {@code i} has the first {@code i} elements. */
    static final class Firsts {
        static final VectorMask<?>[] I32 = firsts(IntVector.SPECIES_PREFERRED);
        static final VectorMask<?>[] I64 = firsts(LongVector.SPECIES_PREFERRED);
        static final VectorMask<?>[] F32 = firsts(FloatVector.SPECIES_PREFERRED);
        static final VectorMask<?>[] F64 = firsts(DoubleVector.SPECIES_PREFERRED);

        private Firsts() {}
    }

    private VectorTables() {}

    private static VectorShuffle<?>[] turns(VectorSpecies<?> species) {
        VectorShuffle<?>[] turns = new VectorShuffle<?>[species.length()];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = species.iotaShuffle(i, 1, true);
        }
        return turns;
    }

    private static VectorMask<?>[] firsts(VectorSpecies<?> species) {
        VectorMask<?>[] firsts = new VectorMask<?>[species.length() + 1];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = species.indexInRange(0, i);
        }
        return firsts;
    }
}
