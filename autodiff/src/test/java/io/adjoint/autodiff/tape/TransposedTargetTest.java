package io.adjoint.autodiff.tape;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A product reads the factor behind a transposed one, and still the gradient by the transposed one is there for who asks. */
class TransposedTargetTest {
    /** Products of what is transposed and of another factor, both {@code [3, 3]}, or three of them. */
    enum Use {
        LEFT(Tensor::matmul),
        RIGHT((turned, other) -> other.matmul(turned)),
        BOTH((turned, _) -> turned.matmul(turned)),
        STACKED((turned, other) -> turned.unsqueeze(0).expand(2, 3, 3).matmul(other)),
        ALSO_ELSEWHERE((turned, other) -> turned.matmul(other).add(turned));

        private final BinaryOperator<Tensor> product;

        Use(BinaryOperator<Tensor> product) {
            this.product = product;
        }

        Tensor loss(Tensor turned, Tensor other) {
            return product.apply(turned, other).square().sum();
        }
    }

    private final Tensor x = Rng.seed(1).normal(Shape.of(3, 3), DType.F32);
    private final Tensor other = Rng.seed(2).normal(Shape.of(3, 3), DType.F32);

    private static void assertSameBits(Tensor expected, Tensor found) {
        assertTrue(expected.sameBits(found), () -> expected + " and " + found);
    }

    /** Several contributions may be added up in another order. */
    private static void assertClose(Tensor expected, Tensor found) {
        assertTrue(expected.isClose(found, 1e-5, 1e-4).all().toBooleans()[0], () -> expected + " and " + found);
    }

    /** What flows to the matrix if it is no view of anything. */
    private Tensor byItself(Use use) {
        Tensor turned = Tensor.of(x.transpose().toFloats(), 3, 3).tracked();
        return use.loss(turned, other).gradients(turned).of(turned);
    }

    @ParameterizedTest
    @EnumSource
    void whatFlowsToAViewIsThatOfAMatrix(Use use) {
        Tensor tracked = x.tracked();
        Tensor turned = tracked.transpose();
        assertClose(byItself(use), use.loss(turned, other).gradients(turned).of(turned));
    }

    @ParameterizedTest
    @EnumSource
    void whoAsksForBothGetsBoth(Use use) {
        Tensor tracked = x.tracked();
        Tensor turned = tracked.transpose();
        Gradients both = use.loss(turned, other).gradients(tracked, turned);
        assertClose(byItself(use), both.of(turned));
        assertClose(byItself(use).transpose(), both.of(tracked));
    }

    @ParameterizedTest
    @EnumSource
    void anotherViewIsAnotherTensor(Use use) {
        Tensor tracked = x.tracked();
        Tensor turned = tracked.transpose();
        Tensor loss = use.loss(turned, other).add(use.loss(tracked.transpose(), other));
        assertClose(byItself(use), loss.gradients(turned).of(turned));
    }

    @ParameterizedTest
    @EnumSource
    void gradientsOfTheGradientAreThoseOfAMatrix(Use use) {
        Tensor plain = Tensor.of(x.transpose().toFloats(), 3, 3).tracked();
        Tensor turned = x.tracked().transpose();
        Tensor expected = slope(use, plain).square().sum().gradients(plain).of(plain);
        assertClose(expected, slope(use, turned).square().sum().gradients(turned).of(turned));
    }

    @ParameterizedTest
    @EnumSource
    void aViewIsFoundBehindTheGradientOfAnother(Use use) {
        Tensor plain = Tensor.of(x.transpose().toFloats(), 3, 3).tracked();
        Tensor turned = x.tracked().transpose();
        assertClose(byOther(use, plain), byOther(use, turned));
    }

    private Tensor byOther(Use use, Tensor turned) {
        Tensor second = other.tracked();
        Tensor slope = use.loss(turned, second).differentiableGradients(second).of(second);
        return slope.square().sum().gradients(turned).of(turned);
    }

    private Tensor slope(Use use, Tensor turned) {
        return use.loss(turned, other).differentiableGradients(turned).of(turned);
    }

    @ParameterizedTest
    @EnumSource
    void programsAgree(Use use) {
        Tensor turned = x.tracked().transpose();
        Tensor eager = use.loss(turned, other).gradients(turned).of(turned);
        Program compiled = Program.compileAll(in -> {
            Tensor traced = in.getFirst().tracked().transpose();
            return List.of(use.loss(traced, in.getLast()).gradients(traced).of(traced));
        });
        assertSameBits(eager, compiled.applyAll(x, other).getFirst());
    }
}
