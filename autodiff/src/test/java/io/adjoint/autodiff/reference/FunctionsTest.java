package io.adjoint.autodiff.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of calls says what it does not understand, and a check sees what is wrong. */
class FunctionsTest {
    private static final String NORMALISED = """
            {"id":"batch_norm-0", "op":"batch_norm", "args":{"training":true, "momentum":0.5,
             "input":{"dtype":"float64","shape":[2,1],"data":[1.0,3.0]},
             "running_mean":{"dtype":"float64","shape":[1],"data":[0.0]},
             "running_var":{"dtype":"float64","shape":[1],"data":[1.0]}},
             "outputs":[{"dtype":"float64","shape":[2,1],"data":[-0.999995000037,0.999995000037]}],
             "after":{"running_mean":[%s],"running_var":[1.5]}}""";

    private final Functions functions = Functions.all();

    @Test
    void aFunctionWithoutARowIsNamed() {
        assertMessage("no row for the function nosuch", "{\"op\":\"nosuch\",\"args\":{}}");
    }

    @Test
    void anArgumentThatIsNotUnderstoodIsNamed() {
        assertMessage("arguments of relu that its row does not understand ==> expected: <[]> but was: <[slope]>",
                "{\"op\":\"relu\",\"args\":{\"slope\":1.0,\"none\":null}}");
    }

    @Test
    void theTableOfFunctionsIsRead() {
        List<String> text = List.of("A | B", "| op | PyTorch | arguments used | cases |", "|---|---|---|---|",
                "| max | torch.max(input) / (input,dim) | input, dim | 5 |", "| abs | torch.abs | input | 0 |", "",
                "| no | more | here | 1 |");
        assertEquals(Map.of("max", Set.of("input", "dim"), "abs", Set.of("input")), FunctionTable.parse(text));
    }

    @Test
    void whatACallChangesIsCompared() {
        // the mean is 2, the variance without bias 2; half of the way from 0 and 1
        check(NORMALISED.formatted("1.0"));
        AssertionError wrong = assertThrows(AssertionError.class, () -> check(NORMALISED.formatted("1.1")));
        assertTrue(wrong.getMessage().contains("changed running_mean"), wrong.getMessage());
    }

    private void check(String line) {
        ReferenceCase reference = ReferenceCase.parse(line);
        ReferenceCheck.run(reference, functions.find(reference), DType.F64);
    }

    private void assertMessage(String message, String line) {
        AssertionError error =
                assertThrows(AssertionError.class, () -> functions.find(ReferenceCase.parse(line)));
        assertEquals(message, error.getMessage());
    }
}
