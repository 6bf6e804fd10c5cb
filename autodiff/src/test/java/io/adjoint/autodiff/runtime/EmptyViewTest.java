package io.adjoint.autodiff.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.Tensor;
import org.junit.jupiter.api.Test;

class EmptyViewTest {
    @Test
    void aSliceBesideAnEmptyAxisHasNoElements() {
        Tensor empty = Tensor.zeros(0, 5);
        assertEquals(0, empty.slice(1, 3, 5).toFloats().length);
        assertEquals(0, empty.select(1, 4).toFloats().length);
        assertEquals(0, empty.slice(0, 0, 0).toFloats().length);
    }

    @Test
    void aFlipBesideAnEmptyAxisHasNoElements() {
        assertEquals(0, Tensor.zeros(5, 0, 3).flip(0).flip(2).toFloats().length);
    }
}
