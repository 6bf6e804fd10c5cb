package io.adjoint.autodiff.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.tape.Internals;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Large arrays, as which all count in tests, begin with a cache line if their Java array begins with one. */
class AlignmentTest {
    private static final int LINE = 64;
    private static final int HEADER = 16;

    @ParameterizedTest
    @EnumSource(DType.class)
    void theFirstElementBeginsALine(DType type) {
        Shape shape = Shape.of(3, 5);
        Stream.of(Array.allocate(type, shape), Array.uninitialized(type, shape), Array.resident(type, shape),
                Internals.array(Tensor.zeros(shape, type))).forEach(array -> {
                    assertNotEquals(0, array.offset());
                    assertEquals(0, (HEADER + array.offset() * type.bytes()) % LINE);
                });
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void aCopyHoldsTheElements(DType type) {
        int[] numbers = {1, 0, 1, 1, 0, 0};
        Object elements = Internals.array(Tensor.of(numbers).cast(type)).data();
        int from = java.lang.reflect.Array.getLength(elements) - numbers.length;
        Object plain = java.lang.reflect.Array.newInstance(type.primitive(), numbers.length);
        System.arraycopy(elements, from, plain, 0, numbers.length);
        Tensor copy = Internals.tensor(Array.copyOf(type, Shape.of(2, 3), plain));
        assertArrayEquals(numbers, copy.cast(DType.I32).toInts());
    }
}
