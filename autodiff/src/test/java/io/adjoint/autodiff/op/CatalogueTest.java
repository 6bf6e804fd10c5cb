package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 1: every operation has one home, and the catalogue is read off those. */
class CatalogueTest {
    private static final Path SOURCES = Path.of("src/main/java/io/adjoint/autodiff");

    static List<Catalogue.Entry> entries() {
        return Catalogue.entries();
    }

    @Test
    void everyPermittedTypeIsInTheCatalogue() {
        Set<Class<?>> listed = entries().stream().map(Catalogue.Entry::type).collect(Collectors.toSet());
        Set<Class<?>> permitted = new HashSet<>();
        collectLeaves(Op.class, permitted);
        permitted.remove(Custom.class); // open to users, so nobody can list it
        assertEquals(permitted, listed);
        int constants = permitted.stream().filter(Class::isEnum).mapToInt(type -> type.getEnumConstants().length).sum();
        long records = permitted.stream().filter(Class::isRecord).count();
        assertEquals(constants + records, entries().size());
    }

    private static void collectLeaves(Class<?> type, Set<Class<?>> leaves) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collectLeaves(permitted, leaves);
            }
        } else {
            leaves.add(type);
        }
    }

    @Test
    void idsAreUniqueAndInSnakeCase() {
        Set<String> seen = new HashSet<>();
        for (Catalogue.Entry entry : entries()) {
            assertTrue(seen.add(entry.id()), entry.id() + " is the name of two operations");
            assertTrue(entry.id().matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"), entry.id());
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void anOperationIsAConstantOrARecordAndDescribesItself(Catalogue.Entry entry) {
        assertTrue(entry.type().isEnum() || entry.type().isRecord(), entry.type().getName());
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            for (int seed = 0; seed < 20; seed++) {
                Sample sample = entry.sample(new Sampler(seed, dtype));
                Op op = sample.op();
                assertEquals(entry.id(), op.id());
                assertEquals(entry.type(), op.getClass());
                assertFalse(op.formula().isBlank(), "no formula");
                assertTrue(op.onnxName().stream().noneMatch(String::isBlank), "a blank ONNX name");
                op.arity().require(op.id(), sample.inputs().size());
                op.gradient().absence().ifPresent(reason -> assertFalse(reason.isBlank(), "no reason given"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void theSameSeedGivesTheSameSample(Catalogue.Entry entry) {
        for (int seed = 0; seed < 20; seed++) {
            Sample first = entry.sample(new Sampler(seed, DType.F32));
            Sample second = entry.sample(new Sampler(seed, DType.F32));
            assertEquals(first.op(), second.op());
            for (int i = 0; i < first.inputs().size(); i++) {
                assertTrue(first.inputs().get(i).sameBits(second.inputs().get(i)), first.toString());
            }
        }
    }

    /** Tensor and its families of methods have one for each; any other class that names more than a handful would be a second list. */
    @Test
    void nothingElseListsOperations() throws IOException {
        List<Pattern> names = new ArrayList<>();
        for (Catalogue.Entry entry : entries()) {
            String type = entry.type().getSimpleName();
            String name = entry.type().isEnum() ? type + "\\." + entry.id().toUpperCase(java.util.Locale.ROOT)
                    : "new " + type + "\\(|import .*\\.op\\." + type + ";";
            names.add(Pattern.compile("\\b(" + name + ")"));
        }
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> others = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().matches(".*(Tensor|Methods)\\.java")).toList();
            assertTrue(others.size() > 50, "the sources are elsewhere");
            for (Path file : others) {
                String source = Files.readString(file);
                List<String> found =
                        names.stream().filter(name -> name.matcher(source).find()).map(Pattern::pattern).toList();
                assertTrue(found.size() <= 3, file + " names " + found);
            }
        }
    }
}
