package io.adjoint.autodiff.tape;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Workspace;
import io.adjoint.autodiff.op.Slice;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** However a tensor is taken apart, its gradient has the bits of slices that are padded and added. */
class PatchworkTest {
    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void bothOrdersHaveTheSameBits(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = random.nextBoolean() ? DType.F32 : DType.F64;
        Shape shape = Shape.of(random.nextInt(1, 5), random.nextInt(1, 20), random.nextInt(1, 4));
        Tensor leaf = Rng.seed(seed).normal(shape, type).tracked();
        Tensor x = random.nextBoolean() ? leaf : leaf.sin();
        Tensor loss = Tensor.scalar(0, type);
        int usual = random.nextInt(3);
        for (int n = random.nextInt(1, 8); n > 0; n--) {
            int axis = random.nextInt(5) > 0 ? usual : random.nextInt(3);
            int start = random.nextInt(shape.dim(axis) + 1);
            int stop = random.nextInt(start, shape.dim(axis) + 1);
            Tensor part = random.nextInt(8) > 0
                    ? new Slice(axis, start, stop, random.nextInt(4) > 0 ? 1 : random.nextInt(1, 4)).apply(x)
                    : x;
            Tensor weight = Rng.seed(random.nextLong()).normal(part.shape(), type).relu().neg(); // -0 among them
            loss = loss.add(part.mul(weight).sum());
        }
        if (loss.isTracked()) {
            Tensor expected = loss.differentiableGradients(leaf).of(leaf);
            Tensor sum = loss;
            assertTrue(expected.sameBits(loss.gradients(leaf).of(leaf)), "seed " + seed);
            Workspace workspace = new Workspace();
            for (int run = 0; run < 2; run++) { // the second one finds memory that was written
                assertTrue(expected.sameBits(workspace.compute(() -> sum.gradients(leaf).of(leaf))), "seed " + seed);
            }
        }
    }

    @Test
    void whatIsMissingBetweenSlicesIsZero() {
        Tensor x = Rng.seed(1).normal(Shape.of(3, 10), DType.F32).tracked();
        Tensor loss = x.narrow(1, 6, 3).sum().add(x.narrow(1, 1, 2).mul(2).sum());
        Workspace workspace = new Workspace();
        for (int run = 0; run < 2; run++) {
            Tensor gradient = workspace.compute(() -> {
                Tensor found = loss.gradients(x).of(x);
                return found.add(0);
            });
            assertTrue(gradient.sameBits(Tensor.of(new float[] {0, 2, 2, 0, 0, 0, 1, 1, 1, 0}).expand(3, 10)));
        }
    }
}
