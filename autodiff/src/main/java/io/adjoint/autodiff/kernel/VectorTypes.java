package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * The classes of the preferred vectors, by the names of their dtypes. A vector that is cast to its class before it is stored is one
 * that C2 knows. It would guess the class from all stores of the process otherwise; packing stores narrower vectors too, so that
 * some compilations gave up and put vectors into objects, which made products twenty times slower and let loops allocate.
 */
final class VectorTypes {
    static final Class<? extends IntVector> I32 = IntVector.zero(IntVector.SPECIES_PREFERRED).getClass();
    static final Class<? extends LongVector> I64 = LongVector.zero(LongVector.SPECIES_PREFERRED).getClass();
    static final Class<? extends FloatVector> F32 = FloatVector.zero(FloatVector.SPECIES_PREFERRED).getClass();
    static final Class<? extends DoubleVector> F64 = DoubleVector.zero(DoubleVector.SPECIES_PREFERRED).getClass();

    private VectorTypes() {}
}
