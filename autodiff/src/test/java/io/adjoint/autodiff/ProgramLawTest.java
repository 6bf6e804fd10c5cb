package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.RandomFunction.Instruction;
import io.adjoint.autodiff.RandomFunction.Kind;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Law 3 for programs: what is compiled has the bits of what is not. */
class ProgramLawTest {
    @Provide
    Arbitrary<RandomFunction> functions() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 99);
        Arbitrary<Instruction> instructions = Combinators
                .combine(Arbitraries.of(Kind.class), numbers, numbers, numbers).as(Instruction::new);
        Arbitrary<Integer> extents = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(1, 5)),
                Tuple.of(1, Arbitraries.integers().between(1, 40)));
        return Combinators.combine(instructions.list().ofMinSize(1).ofMaxSize(40), extents, extents,
                Arbitraries.of(DType.F32, DType.F64)).as(RandomFunction::new);
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void aProgramHasTheBitsOfItsFunction(@ForAll("functions") RandomFunction function) {
        RandomFunction.State eager = new RandomFunction.State(function);
        RandomFunction.State compiled = new RandomFunction.State(function);
        Program program = Program.compileAll(in -> function.call(compiled, in));
        for (int call = 0; call < 3; call++) {
            List<Tensor> inputs = function.inputs(call);
            List<Tensor> expected = function.call(eager, inputs);
            List<Tensor> found = program.applyAll(inputs.toArray(Tensor[]::new));
            for (int i = 0; i < expected.size(); i++) {
                assertSame(expected.get(i), found.get(i), "result " + i + " of call " + call);
            }
            for (int i = 0; i < eager.values().size(); i++) {
                assertSame(eager.values().get(i), compiled.values().get(i), "variable " + i + " after call " + call);
            }
        }
    }

    private static void assertSame(Tensor expected, Tensor found, String what) {
        assertTrue(expected.sameBits(found), () -> what + ": expected " + expected + ", found " + found);
    }
}
