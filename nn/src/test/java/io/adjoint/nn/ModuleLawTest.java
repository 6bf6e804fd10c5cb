package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.nn.samples.Draw;
import io.adjoint.nn.samples.ModuleSample;
import io.adjoint.nn.samples.ModuleSampler;
import io.adjoint.nn.samples.ModuleSamplers;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What holds for every module, whatever its configuration. */
class ModuleLawTest {
    @Provide
    Arbitrary<ModuleSampler> samplers() {
        return Arbitraries.of(ModuleSamplers.all());
    }

    @Example
    void everyModuleHasASampler() throws IOException, URISyntaxException {
        Set<String> missing = new TreeSet<>();
        Set<Class<?>> sampled = ModuleSamplers.all().stream().map(ModuleSampler::type).collect(Collectors.toSet());
        Path classes = Path.of(Module.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
                if (name.endsWith("-info.class")) {
                    continue;
                }
                Class<?> type = load(name.substring(0, name.length() - ".class".length()));
                if (Modifier.isPublic(type.getModifiers()) && Module.class.isAssignableFrom(type)
                        && !Modifier.isAbstract(type.getModifiers()) && !sampled.contains(type)) {
                    missing.add(type.getName());
                }
            }
        }
        assertEquals(Set.of(), missing, "modules without a sampler");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Module.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void gradientsAgreeWithDifferences(@ForAll("samplers") ModuleSampler sampler,
            @ForAll @LongRange(min = 0) long seed) {
        ModuleSample sample = sampler.draw().apply(new Draw(seed, DType.F64));
        GradientCheck check = GradientCheck.of(sample.module().toString()).withSeed(seed).withOrder(sample.order());
        if (sample.inputs().stream().anyMatch(x -> x.dtype().isFloat())) {
            check.check(in -> held(sample, in), sample.inputs().toArray(Tensor[]::new));
        }
        if (!sample.module().parameters().isEmpty()) {
            check.check(sample.module().parameters(), () -> held(sample, sample.inputs()));
        }
    }

    /** A call that leaves the buffers as they were, such as random keys: differences need the same ones at each point. */
    private static Tensor held(ModuleSample sample, List<Tensor> inputs) {
        Map<Variable, Tensor> before = new LinkedHashMap<>();
        sample.module().variables().values().stream().filter(v -> v.kind() == Variable.Kind.BUFFER)
                .forEach(buffer -> before.put(buffer, buffer.value()));
        Tensor result = sample.forward().apply(inputs);
        before.forEach(Variable::set);
        return result;
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void misfitsAreRefusedWithThePathAndWhatWasExpected(@ForAll("samplers") ModuleSampler sampler,
            @ForAll @LongRange(min = 0) long seed) {
        ModuleSample sample = sampler.draw().apply(new Draw(seed, DType.F32));
        for (List<Tensor> misfit : sample.misfits()) {
            ShapeException refusal = assertThrows(ShapeException.class,
                    () -> Module.within("part", () -> sample.forward().apply(misfit)),
                    () -> sample.module() + " took " + misfit.stream().map(Tensor::spec).toList());
            assertTrue(refusal.getMessage().startsWith("part"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("; expected "), refusal.getMessage());
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void inferenceChangesNothingAndHasTheSameBitsInTwoThreads(@ForAll("samplers") ModuleSampler sampler,
            @ForAll @LongRange(min = 0) long seed) {
        ModuleSample sample = sampler.draw().apply(new Draw(seed, DType.F32));
        Map<String, Tensor> before = values(sample.module());
        Tensor here = sample.forward().apply(sample.inputs());
        CompletableFuture<Tensor> there =
                CompletableFuture.supplyAsync(() -> sample.forward().apply(sample.inputs()));
        assertTrue(here.sameBits(sample.forward().apply(sample.inputs())), "the second call differs");
        assertTrue(here.sameBits(there.join()), "another thread has other bits");
        Map<String, Tensor> after = values(sample.module());
        before.forEach((path, value) -> assertTrue(value.sameBits(after.get(path)), path + " was changed"));
        assertEquals(!here.dtype().isFloat() || here.dtype() == DType.F32, true, "an F32 module made " + here.spec());
    }

    /** In inference, and in training with gradients by all parameters, over several steps; the variables too. */
    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void aProgramHasTheBitsOfTheModule(@ForAll("samplers") ModuleSampler sampler,
            @ForAll @LongRange(min = 0) long seed) {
        DType dtype = seed % 2 == 0 ? DType.F32 : DType.F64;
        ModuleSample plain = sampler.draw().apply(new Draw(seed, dtype));
        ModuleSample compiled = sampler.draw().apply(new Draw(seed, dtype));
        Program inference = Program.compileAll(in -> List.of(compiled.forward().apply(in)));
        Program training = Program.compileAll(in -> training(compiled, in));
        for (int step = 0; step < 3; step++) {
            assertSame(List.of(plain.forward().apply(plain.inputs())),
                    inference.applyAll(compiled.inputs().toArray(Tensor[]::new)), plain);
            assertSame(training(plain, plain.inputs()),
                    training.applyAll(compiled.inputs().toArray(Tensor[]::new)), plain);
            assertSame(List.copyOf(values(plain.module()).values()),
                    List.copyOf(values(compiled.module()).values()), plain);
        }
    }

    /** The result, and the gradients by which the parameters move a little. */
    private static List<Tensor> training(ModuleSample sample, List<Tensor> inputs) {
        return Training.scope(() -> {
            List<Variable> parameters = sample.module().parameters();
            Tensor result = sample.forward().apply(inputs);
            List<Tensor> all = new ArrayList<>(List.of(result.detached()));
            if (result.isTracked()) {
                all.addAll(result.square().sum().gradients(parameters).values());
                for (int i = 0; i < parameters.size(); i++) {
                    Variable parameter = parameters.get(i);
                    parameter.set(parameter.value().detached().sub(all.get(i + 1).mul(1e-3)));
                }
            }
            return all;
        });
    }

    private static void assertSame(List<Tensor> expected, List<Tensor> found, ModuleSample sample) {
        for (int i = 0; i < expected.size(); i++) {
            int number = i;
            assertTrue(expected.get(i).sameBits(found.get(i)), () -> sample.module() + ", tensor " + number
                    + ": expected " + expected.get(number) + ", found " + found.get(number));
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aCopyHasTheSameVariablesButSharesNone(@ForAll("samplers") ModuleSampler sampler,
            @ForAll @LongRange(min = 0) long seed) {
        Module module = sampler.draw().apply(new Draw(seed, DType.F32)).module();
        Map<String, Variable> originals = module.variables();
        Map<String, Variable> copies = Models.copy(module).variables();
        assertEquals(List.copyOf(originals.keySet()), List.copyOf(copies.keySet()));
        originals.forEach((path, variable) -> {
            assertNotSame(variable, copies.get(path), path);
            assertEquals(variable.kind(), copies.get(path).kind(), path);
            assertTrue(variable.value().sameBits(copies.get(path).value()), path);
        });
    }

    private static Map<String, Tensor> values(Module module) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        module.variables().forEach((path, variable) -> values.put(path, variable.value()));
        return values;
    }
}
