package io.adjoint.nn;

import io.adjoint.autodiff.Shape;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.domains.DomainContextBase;
import net.jqwik.api.Provide;

/** Random shapes of up to four axes, some of them empty. */
final class Shapes extends DomainContextBase {
    @Provide
    Arbitrary<Shape> shapes() {
        return Arbitraries.integers().between(0, 4).array(int[].class).ofMaxSize(4).map(Shape::of);
    }
}
