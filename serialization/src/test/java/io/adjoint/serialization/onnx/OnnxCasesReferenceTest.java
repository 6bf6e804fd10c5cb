package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TraceException;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The cases of the ONNX project. While working, {@code -Donnx.family=reduce} runs one family, {@code -Donnx.case=} one case. */
class OnnxCasesReferenceTest {
    @TestFactory
    Stream<DynamicTest> cases() {
        return chosen().map(oneCase -> DynamicTest.dynamicTest(oneCase.toString(),
                () -> oneCase.check(oneCase.model().compute(oneCase.values("input")))));
    }

    /**
     * The same bits come out of the compiled model. Inputs that decide what is computed are captured in its trace: those of
     * integers and truth values where it cannot do without, and all of them where even floats decide.
     */
    @TestFactory
    Stream<DynamicTest> compiledCases() {
        return chosen().map(oneCase -> DynamicTest.dynamicTest(oneCase.toString(), () -> checkCompiled(oneCase)));
    }

    private static Stream<OnnxCase> chosen() {
        String family = System.getProperty("onnx.family", "");
        String name = System.getProperty("onnx.case", "");
        return OnnxCase.all().stream()
                .filter(oneCase -> family.isEmpty() || oneCase.family().equals(family))
                .filter(oneCase -> name.isEmpty() || oneCase.name().matches(name));
    }

    private enum Captured {
        NONE, INTEGERS, ALL
    }

    private static void checkCompiled(OnnxCase oneCase) {
        OnnxModel model = oneCase.model();
        List<Value> inputs = oneCase.values("input");
        List<Value> eager = model.compute(inputs);
        for (Captured captured : Captured.values()) {
            try {
                List<Tensor> compiled = compiled(model, inputs, captured);
                for (int i = 0; i < eager.size(); i++) {
                    int output = i;
                    assertTrue(eager.get(i).tensor().sameBits(compiled.get(i)), () -> "output " + output);
                }
                assertEquals(eager.size(), compiled.size());
                return;
            } catch (TraceException e) {
                if (captured == Captured.ALL) {
                    throw e;
                }
            }
        }
    }

    private static List<Tensor> compiled(OnnxModel model, List<Value> inputs, Captured captured) {
        int[] open = IntStream.range(0, inputs.size()).filter(i -> switch (captured) {
            case NONE -> true;
            case INTEGERS -> inputs.get(i).type().isFloat();
            case ALL -> false;
        }).toArray();
        Program program = Program.compileAll(given -> {
            List<Value> all = new ArrayList<>(inputs);
            for (int i = 0; i < open.length; i++) {
                all.set(open[i], new Value(inputs.get(open[i]).type(), given.get(i)));
            }
            return model.compute(all).stream().map(Value::tensor).toList();
        });
        return program.applyAll(IntStream.of(open).mapToObj(i -> inputs.get(i).tensor()).toArray(Tensor[]::new));
    }
}
