package io.adjoint.autodiff.kernel;

import java.util.Set;
import jdk.incubator.vector.VectorShape;

/** How many registers hold vectors: so many sums and operands of an innermost loop stay out of memory. */
final class Registers {
    private static final Set<String> X86 = Set.of("amd64", "x86_64");
    private static final int AVX512_BITS = 512;

    /** Sixteen with AVX2, thirty-two with AVX-512 and on other processors. */
    static final int COUNT = X86.contains(System.getProperty("os.arch"))
            && VectorShape.preferredShape().vectorBitSize() < AVX512_BITS ? 16 : 32;

    /** Whether they hold 512 bits. */
    static final boolean ARE_LONG = VectorShape.preferredShape().vectorBitSize() >= AVX512_BITS;

    private Registers() {}
}
