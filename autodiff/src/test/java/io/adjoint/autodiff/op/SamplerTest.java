package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The laws are tested on these samples, so they must contain what is awkward. */
class SamplerTest {
    @Test
    void samplesContainEveryAwkwardKindOfTensor() {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 100; seed++) {
            Tensor x = new Sampler(seed, DType.F64).tensor(Domain.REAL);
            seen.add(kind(Internals.array(x)));
        }
        assertEquals(Set.of("contiguous", "empty", "expanded", "flipped", "scalar", "stepped", "transposed"), seen);
    }

    private static String kind(Array x) {
        Shape shape = x.shape();
        if (shape.rank() == 0 || shape.size() == 0) {
            return shape.rank() == 0 ? "scalar" : "empty";
        }
        boolean expanded = false;
        boolean flipped = false;
        boolean transposed = false;
        for (int axis = 0; axis < shape.rank(); axis++) {
            expanded |= x.stride(axis) == 0 && shape.dim(axis) > 1;
            flipped |= x.stride(axis) < 0;
            transposed |= axis > 0 && Math.abs(x.stride(axis)) > Math.abs(x.stride(axis - 1));
        }
        return expanded ? "expanded" : flipped ? "flipped" : transposed ? "transposed"
                : x.isContiguous() ? "contiguous" : "stepped";
    }

    @Test
    void numbersStayInTheirDomain() {
        for (Domain domain : new Domain[] {Domain.REAL, Domain.POSITIVE, Domain.NONZERO, Domain.DISTINCT}) {
            for (int seed = 0; seed < 50; seed++) {
                for (double x : new Sampler(seed, DType.F64).tensor(domain).toDoubles()) {
                    assertTrue(domain.contains(x), () -> domain + " does not contain " + x);
                }
            }
        }
    }

    @Test
    void distinctNumbersKeepADistanceFromEachOther() {
        for (int seed = 0; seed < 50; seed++) {
            Sampler sampler = new Sampler(seed, DType.F64);
            double[] a = sampler.tensor(Shape.of(4, 4, 4, 4), Domain.DISTINCT).toDoubles();
            double[] b = sampler.tensor(Shape.of(4, 4, 4, 4), Domain.DISTINCT).toDoubles();
            double[] all = Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, all, a.length, b.length);
            Arrays.sort(all);
            for (int i = 1; i < all.length; i++) {
                assertTrue(all[i] - all[i - 1] > 1e-3, "seed " + seed);
            }
        }
    }
}
