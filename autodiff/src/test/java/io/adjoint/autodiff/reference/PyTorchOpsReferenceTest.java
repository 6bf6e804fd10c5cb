package io.adjoint.autodiff.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Outputs, gradients and Hessian-vector products against values that PyTorch 1.13.1 computed: a test for each case and
 * dtype, F64 and F32. A function or an argument that this library does not have fails.
 */
class PyTorchOpsReferenceTest {
    private static final String VALUES = "ops.jsonl.gz";
    private static final String TEXT = "README.md";

    private final Functions functions = Functions.all();

    /** The whole file, where {@code reference.dir} has it. */
    @TestFactory
    Stream<DynamicNode> everyCase() throws IOException {
        // an abort in the factory itself would show in no report
        return place(VALUES).isPresent()
                ? tests(wholeFile())
                : Stream.of(dynamicTest("the whole file", PyTorchOpsReferenceTest::wholeFile));
    }

    /** The part that travels with the sources. */
    @TestFactory
    Stream<DynamicNode> compactPart() throws IOException {
        return tests(CompactPart.lines());
    }

    /** The whole file may be another selection of cases than the one from which the compact part was cut. */
    @Test
    void theCompactPartSaysWhatTheWholeFileSays() throws IOException {
        Map<String, ReferenceCase> whole = wholeFile().stream().map(ReferenceCase::parse)
                .collect(Collectors.toMap(ReferenceCase::call, call -> call, (first, _) -> first));
        for (String line : CompactPart.lines()) {
            ReferenceCase part = ReferenceCase.parse(line);
            assertEquals(part, whole.getOrDefault(part.call(), part), part.id());
        }
    }

    @Test
    void everyFunctionThatIsWantedHasARowForAllItsArguments() throws IOException {
        Map<String, Set<String>> wanted = FunctionTable.parse(text());
        assertFalse(wanted.isEmpty(), "no table of functions in " + TEXT);
        Map<String, Set<String>> missing = new TreeMap<>();
        wanted.forEach((name, arguments) -> {
            Set<String> unknown = new TreeSet<>(arguments);
            unknown.removeAll(functions.arguments(name));
            if (!unknown.isEmpty()) {
                missing.put(name, unknown);
            }
        });
        assertEquals(Map.of(), missing, "functions, and the arguments that they lack");
    }

    private static Optional<Path> place(String file) {
        return Optional.ofNullable(System.getProperty("reference.dir"))
                .map(directory -> Path.of(directory, "pytorch", file)).filter(Files::exists);
    }

    private static Path needed(String file) {
        return place(file).orElseGet(() -> Assumptions
                .abort("no reference values: reference.dir names no folder with pytorch/" + file));
    }

    private static List<String> wholeFile() throws IOException {
        return ReferenceFile.lines(Files.newInputStream(needed(VALUES)));
    }

    private static List<String> text() throws IOException {
        return Files.readAllLines(needed(TEXT));
    }

    private Stream<DynamicNode> tests(List<String> lines) {
        return lines.stream().map(ReferenceCase::parse)
                .collect(Collectors.groupingBy(ReferenceCase::function, TreeMap::new, Collectors.toList()))
                .entrySet().stream().map(entry -> dynamicContainer(entry.getKey(),
                        entry.getValue().stream().flatMap(this::tests)));
    }

    private Stream<DynamicTest> tests(ReferenceCase reference) {
        return Stream.of(DType.F64, DType.F32)
                .filter(dtype -> dtype == DType.F64 || !reference.isFloat64Only())
                .map(dtype -> dynamicTest(reference.id() + " " + dtype,
                        () -> ReferenceCheck.run(reference, functions.find(reference), dtype)));
    }

    /** The table of known errors names those cases that are beyond the tolerance, and says how far; the compact part has them all. */
    @Test
    void knownErrorsAreWhatIsMeasured() throws IOException {
        Map<KnownError, Set<String>> met = new EnumMap<>(KnownError.class);
        for (String line : CompactPart.lines()) {
            ReferenceCase reference = ReferenceCase.parse(line);
            for (KnownError known : KnownError.of(reference).toList()) {
                double error = ReferenceCheck.run(reference, functions.find(reference), known.dtype())
                        .getOrDefault(known.part(), 0.0);
                double tolerance = known.part().tolerance(known.dtype(), reference.condition(known.part().key()))
                        .orElse(Double.POSITIVE_INFINITY);
                Optional<Double> measured = Optional.ofNullable(known.measured().get(reference.id()));
                assertEquals(error > tolerance, measured.isPresent(), known + " in " + reference.id());
                if (measured.isPresent()) {
                    assertEquals(measured.get(), error, 0.01 * error, known + " in " + reference.id());
                    met.computeIfAbsent(known, _ -> new TreeSet<>()).add(reference.id());
                }
            }
        }
        for (KnownError known : KnownError.values()) {
            assertEquals(known.measured().keySet(), met.getOrDefault(known, Set.of()), known.name());
        }
    }
}
