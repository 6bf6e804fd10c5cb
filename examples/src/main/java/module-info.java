/** Runnable programs on real data. */
module io.adjoint.examples {
    requires io.adjoint.serialization;
}
