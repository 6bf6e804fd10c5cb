package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReshapeTest {
    /** Turned, cut, stretched and flipped arrays under any other shape. */
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void theElementsStayInRowMajorOrder(@ForAll long seed) {
        Random random = new Random(seed);
        int[] dims = random.ints(random.nextInt(1, 5), random.nextInt(20) == 0 ? 0 : 1, 5).toArray();
        Tensor x = Tensor.range(Shape.of(dims).size()).reshape(dims);
        for (int i = random.nextInt(4); i > 0; i--) {
            int axis = random.nextInt(x.rank());
            x = switch (random.nextInt(4)) {
                case 0 -> x.transpose(axis, random.nextInt(x.rank()));
                case 1 -> x.dim(axis) > 1 ? x.slice(axis, random.nextInt(x.dim(axis) - 1), x.dim(axis)) : x;
                case 2 -> x.flip(axis);
                default -> x.unsqueeze(axis).expand(x.unsqueeze(axis).shape().with(axis, 2));
            };
        }
        Shape target = Shape.of(factors(x.shape().size(), random));
        Tensor reshaped = new Reshape(target).apply(x);
        assertEquals(target, reshaped.shape());
        assertArrayEquals(x.toLongs(), reshaped.toLongs());
        Array array = Internals.array(x);
        assertEquals(new Reshape(target).isView(array), Internals.array(reshaped).sharesMemory(array));
    }

    private static int[] factors(int size, Random random) {
        List<Integer> factors = new ArrayList<>(List.of(Math.min(1, size)));
        int rest = size;
        for (int p = 2; rest > 1; p++) {
            for (; rest % p == 0; rest /= p) {
                factors.add(p);
            }
        }
        Collections.shuffle(factors, random);
        while (factors.size() > 1 && random.nextInt(3) > 0) {
            factors.add(factors.removeLast() * factors.removeLast());
            Collections.shuffle(factors, random);
        }
        return factors.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void axesThatAreCutOrLieAsOneAreNotCopied() {
        Array x = Internals.array(Tensor.zeros(2, 3, 12));
        Array part = Internals.array(Tensor.zeros(2, 3, 12).slice(2, 4, 8));
        assertTrue(new Reshape(Shape.of(2, 3, 2, 2)).isView(part)); // heads of attention
        assertTrue(new Reshape(Shape.of(6, 1, 4)).isView(part));
        assertFalse(new Reshape(Shape.of(2, 12)).isView(part));
        assertTrue(new Reshape(Shape.of(12, 2, 3)).isView(x.permute(2, 0, 1)));
        assertTrue(new Reshape(Shape.of(4, 3, 6)).isView(x.permute(2, 0, 1)));
        assertFalse(new Reshape(Shape.of(24, 3)).isView(x.permute(2, 1, 0)));
    }
}
