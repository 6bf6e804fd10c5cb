package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.op.SliceAdd;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Slices that something grows of are put side by side where they do not overlap, with the bits of being added to zeros. */
class SideBySideTest {
    private static String rewritten(UnaryOperator<Tensor> function, TensorSpec spec) {
        return SideBySide.of(Simplify.of(Graph.trace(function, spec))).verify().toString();
    }

    private static TensorSpec spec(int... dims) {
        return new TensorSpec(DType.F32, Shape.of(dims));
    }

    /** The second tensor added to a slice of the first. */
    private static Tensor added(Tensor base, int axis, int start, Tensor x) {
        return new SliceAdd(new Slice(axis, start, start + x.dim(axis), 1)).apply(base, x);
    }

    @Test
    void slicesInAnyOrderStandSideBySide() {
        assertEquals("""
                %0 = input 0 F32[2, 3]
                %1 = constant 0.0 F32[]
                %2 = add(%0, %1) F32[2, 3]
                %3 = neg(%0) F32[2, 3]
                %4 = add(%3, %1) F32[2, 3]
                %5 = constant F32[2, 1]
                %6 = concat{axis=1}(%4, %2, %5, %0) F32[2, 10]
                return %6
                """.strip(),
                rewritten(x -> added(added(x.pad(1, 7, 0, 0), 1, 3, x), 1, 0, x.neg()), spec(2, 3)).strip());
    }

    /** It was kept as long as the program. */
    @Test
    void aGapTakesNoMemoryOfItsOwn() {
        Program ends = Program.compile(x -> added(x.pad(0, 1001, 0, 0), 0, 0, x.neg()));
        long constants = ends.memory(spec(1, 64)).constants();
        assertTrue(constants < 128, constants + " bytes of constants");
    }

    @Test
    void whatOverlapsOrIsReadInBetweenOrLiesAlongAnotherAxisGrows() {
        assertTrue(rewritten(x -> added(x.pad(0, 0, 2, 0), 0, 1, x), spec(2)).contains("slice_add"));
        assertTrue(rewritten(x -> {
            Tensor base = x.pad(0, 0, 2, 0);
            return added(base, 0, 2, x).mul(base);
        }, spec(2)).contains("slice_add"));
        assertTrue(rewritten(x -> added(x.pad(0, 0, 2, 0), 1, 0, x.sum(1).pad(0, 0, 2, 1).unsqueeze(1)), spec(2, 2))
                .contains("slice_add"));
        assertTrue(rewritten(x -> added(x.pad(0, 0, 2, 1), 0, 2, x), spec(2)).contains("slice_add"));
    }

    /** What was added to zeros before is not added to zeros again where it is a slice of something else. */
    @Test
    void aSliceThatHasGrownOfSlicesIsTakenAsItIs() {
        String text = rewritten(x -> {
            Tensor both = added(x.add(0).pad(0, 0, 2, 0), 0, 2, x.exp()).unsqueeze(0);
            return added(both.pad(0, 0, 1, 0), 0, 1, both);
        }, spec(2));
        assertEquals(2, text.split(" add\\(").length - 1, text);
        assertEquals(2, text.split("concat").length - 1, text);
    }

    @Test
    void minusZeroBecomesZeroAsInEagerCode() {
        UnaryOperator<Tensor> function = x -> added(added(x.pad(0, 1, 6, 0), 0, 4, x), 0, 6, x.neg()).mul(1);
        Tensor x = Tensor.of(new float[] {-0f, 0f, Float.NaN}).slice(0, 0, 2);
        Tensor expected = function.apply(x);
        Tensor found = Program.compile(function).apply(x);
        assertTrue(expected.sameBits(found), () -> expected + " and " + found);
        assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(found.toFloats()[1]));
        assertEquals(0, Float.floatToRawIntBits(found.toFloats()[4]));
    }

    /** The bits of a cotangent do not depend on which slice comes first. */
    @Test
    void aCotangentOfMinusZeroBecomesZeroWhicheverSliceComesFirst() {
        Tensor x = Tensor.of(new float[] {1f, 2f}).tracked();
        Tensor first = x.slice(0, 0, 1).mul(-0f).sum();
        Tensor last = x.slice(0, 1, 2).mul(-0f).sum();
        Tensor gradient = first.add(last).gradients(x).of(x);
        assertTrue(gradient.sameBits(Tensor.of(new float[] {0f, 0f})), gradient::toString);
    }
}
