package io.adjoint.autodiff.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Outputs, gradients and Hessian-vector products against values that PyTorch 1.13.1 computed: a test for each case and
 * dtype, F64 and F32. Functions and arguments that this library does not have yet are counted and named in one test.
 */
class PyTorchOpsReferenceTest {
    private final Functions functions = Functions.all();

    /** The whole file, where {@code reference.dir} has it. */
    @TestFactory
    Stream<DynamicNode> everyCase() throws IOException {
        // an abort in the factory itself would show in no report
        return place().isPresent()
                ? tests(wholeFile())
                : Stream.of(dynamicTest("the whole file", PyTorchOpsReferenceTest::wholeFile));
    }

    /** The part that travels with the sources. */
    @TestFactory
    Stream<DynamicNode> compactPart() throws IOException {
        return tests(CompactPart.lines());
    }

    @Test
    void theCompactPartIsWhatItsRuleKeepsOfTheWholeFile() throws IOException {
        assertEquals(CompactPart.of(wholeFile()), CompactPart.lines());
    }

    @Test
    void everyRowIsTheNameOfAFunction() throws IOException {
        TreeSet<String> unused = new TreeSet<>(functions.names());
        // some functions have cases in the whole file only
        wholeFile().forEach(line -> unused.remove(ReferenceCase.parse(line).function()));
        assertEquals(new TreeSet<>(), unused, "rows without a case");
    }

    private static Optional<Path> place() {
        return Optional.ofNullable(System.getProperty("reference.dir"))
                .map(directory -> Path.of(directory, "pytorch", "ops.jsonl.gz")).filter(Files::exists);
    }

    private static List<String> wholeFile() throws IOException {
        if (place().isEmpty()) {
            Assumptions.abort("no reference values: reference.dir names no folder with pytorch/ops.jsonl.gz");
        }
        return ReferenceFile.lines(Files.newInputStream(place().orElseThrow()));
    }

    private Stream<DynamicNode> tests(List<String> lines) {
        Map<String, List<DynamicTest>> checked = new TreeMap<>();
        Map<String, Integer> notYet = new TreeMap<>();
        int checkedCases = 0;
        for (String line : lines) {
            ReferenceCase reference = ReferenceCase.parse(line);
            Optional<Function<Arguments, List<Tensor>>> function = functions.find(reference);
            if (function.isPresent()) {
                checkedCases++;
                checked.computeIfAbsent(reference.function(), _ -> new ArrayList<>())
                        .addAll(tests(reference, function.get()));
            } else {
                notYet.merge(reference.function(), 1, Integer::sum);
            }
        }
        return Stream.concat(
                checked.entrySet().stream().map(entry -> dynamicContainer(entry.getKey(), entry.getValue())),
                Stream.of(account(lines.size(), checkedCases, notYet)));
    }

    private static List<DynamicTest> tests(ReferenceCase reference, Function<Arguments, List<Tensor>> function) {
        return Stream.of(DType.F64, DType.F32)
                .filter(dtype -> dtype == DType.F64 || !reference.isFloat64Only())
                .map(dtype -> dynamicTest(reference.id() + " " + dtype,
                        () -> ReferenceCheck.run(reference, function, dtype)))
                .toList();
    }

    private static DynamicTest account(int all, int checked, Map<String, Integer> notYet) {
        int missing = notYet.values().stream().mapToInt(Integer::intValue).sum();
        String title = "%d of %d cases checked, %d not yet".formatted(checked, all, missing);
        return dynamicTest(title, () -> {
            System.out.println(title + ": " + notYet.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", ")));
            assertEquals(all, checked + missing, title);
        });
    }
}
