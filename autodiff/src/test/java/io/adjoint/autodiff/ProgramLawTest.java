package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Law 3 for programs: what is compiled has the bits of what is not. */
class ProgramLawTest {
    @Provide
    Arbitrary<RandomFunction> functions() {
        return RandomFunctions.upTo(40);
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
