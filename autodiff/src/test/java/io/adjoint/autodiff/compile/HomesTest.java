package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Parts of a concatenation are computed in their places, where others may read them. */
class HomesTest {
    private static final Tensor X = Rng.seed(1).normal(Shape.of(6, 32), DType.F32);

    /** Compares a program with its function, and how many parts of all concatenations it computes in place. */
    private static Program check(int inPlace, UnaryOperator<Tensor> function) {
        Program program = Program.compile(function);
        for (int call = 0; call < 2; call++) {
            Tensor expected = function.apply(X);
            Tensor found = program.apply(X);
            assertTrue(expected.sameBits(found), () -> "expected " + expected + ", found " + found);
        }
        int count = 0;
        for (String part : program.explain().split("of which ")) {
            count += part.contains(" are computed in place") && Character.isDigit(part.charAt(0))
                    ? Integer.parseInt(part.substring(0, part.indexOf(' '))) : 0;
        }
        assertEquals(inPlace, count, program::explain);
        return program;
    }

    @Test
    void partsAreComputedInPlaceAlongEveryAxis() {
        check(2, x -> Tensor.concat(0, x.tanh(), x.exp()).mul(2).sum(0));
        check(2, x -> Tensor.concat(1, x.tanh(), x.exp()).mul(2).sum(0));
        check(2, x -> Tensor.stack(0, x.tanh(), x.exp()).softmax(2).sum(0));
    }

    @Test
    void aPartThatOthersReadIsReadInItsPlace() {
        check(2, x -> {
            Tensor part = x.tanh();
            return Tensor.concat(1, part, part.exp()).narrow(1, 8, 32).mul(part);
        });
        check(2, x -> {
            Tensor part = x.tanh();
            return Tensor.concat(0, part, part.matmul(part.transpose()).softmax(1).matmul(part)).sum(0).add(part);
        });
    }

    /** Loops that read nothing in common are the epilogues of their products; as one they were that of a single product. */
    @Test
    void partsThatReadDifferentProductsAreComputedWithThem() {
        Tensor weight = Rng.seed(2).normal(Shape.of(32, 32), DType.F32);
        Program program = check(2, x -> Tensor.concat(1, x.matmul(weight).relu(), x.matmul(weight.neg()).relu()));
        assertEquals(3, program.explain().split("with the epilogue").length, program::explain);
    }

    /** What wants to lie in one piece is copied, and so are inputs, parts that come twice and what is returned. */
    @Test
    void otherPartsAreCopied() {
        check(0, x -> Tensor.concat(1, x.softmax(1), x, x.matmul(x.transpose())).mul(2));
        check(1, x -> {
            Tensor part = x.exp();
            return Tensor.concat(0, part, part).mul(2);
        });
        check(0, x -> {
            Tensor part = x.exp();
            return Tensor.concat(1, part, part.sum(1).unsqueeze(1)).sum(1).add(part.transpose().sum(0));
        });
        check(0, x -> Tensor.concat(1, x.sum(1).exp().unsqueeze(1), x.sum(1).tanh().unsqueeze(1)));
    }

    @Test
    void aPartMayBeAConcatenation() {
        check(6, x -> {
            Tensor first = Tensor.concat(1, x.tanh(), x.exp()).unsqueeze(0);
            Tensor second = Tensor.concat(1, x.sigmoid(), x.neg()).unsqueeze(0);
            return Tensor.concat(0, first, second).sum(0).matmul(x.transpose().mean().expand(64, 2)).add(
                    first.reshape(6, 64).matmul(Tensor.ones(64, 2)));
        });
    }

    /** Memory of the whole is there from the first part on, and no part may be overwritten by who reads it last. */
    @Test
    void aPartIsNotOverwrittenByItsLastReader() {
        Program program = check(2, x -> {
            Tensor part = x.tanh();
            Tensor other = part.exp().matmul(x.transpose()).matmul(x).exp();
            return Tensor.concat(0, part, other).sigmoid();
        });
        long slab = program.memory(X.spec()).slab();
        assertTrue(slab <= 4 * (long) X.size() * 5, () -> slab + "\n" + program.explain());
    }

    /** The loop could write to the memory of the concatenation if it did not read a part of it for each row. */
    @Test
    void theWholeIsNotOverwrittenByWhoReadsAPartToo() {
        check(2, x -> {
            Tensor part = x.narrow(0, 0, 1).tanh();
            return Tensor.concat(0, part, x.narrow(0, 1, 5).exp()).mul(part).sum(0);
        });
    }

    @Test
    void whatAVariableIsToHoldIsNoPart() {
        Variable variable = Variable.buffer(Tensor.zeros(6, 32));
        check(1, x -> {
            Tensor stored = x.mul(3).add(variable.value());
            variable.set(stored);
            return Tensor.concat(0, stored.mul(2), stored).sum(0).mul(0);
        });
    }
}
