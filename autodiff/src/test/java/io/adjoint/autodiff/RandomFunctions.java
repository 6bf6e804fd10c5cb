package io.adjoint.autodiff;

import io.adjoint.autodiff.RandomFunction.Instruction;
import io.adjoint.autodiff.RandomFunction.Kind;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Functions for properties; they shrink to short ones of small matrices. */
public final class RandomFunctions {
    private RandomFunctions() {}

    /** Functions of at most so many steps. */
    public static Arbitrary<RandomFunction> upTo(int steps) {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 99);
        Arbitrary<Instruction> instructions = Combinators
                .combine(Arbitraries.of(Kind.class), numbers, numbers, numbers).as(Instruction::new);
        Arbitrary<Integer> extents = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(1, 5)),
                Tuple.of(1, Arbitraries.integers().between(1, 40)));
        return Combinators.combine(instructions.list().ofMinSize(1).ofMaxSize(steps), extents, extents,
                Arbitraries.of(DType.F32, DType.F64)).as(RandomFunction::new);
    }
}
