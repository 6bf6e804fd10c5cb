package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.samples.Draw;
import io.adjoint.nn.samples.ModuleSample;
import io.adjoint.nn.samples.ModuleSampler;
import io.adjoint.nn.samples.ModuleSamplers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Law 3 of modules of every kind: what was saved computes the same bits in a model that had other variables. */
class ModuleSaveLawTest {
    private Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("module", "checkpoint");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Provide
    Arbitrary<ModuleSampler> samplers() {
        return Arbitraries.of(ModuleSamplers.all());
    }

    // Few, as each forces a file to the disk.
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void whatIsLoadedComputesTheSameBits(@ForAll("samplers") ModuleSampler sampler,
            @ForAll @LongRange(min = 0) long seed, @ForAll boolean isF64) {
        DType dtype = isF64 ? DType.F64 : DType.F32;
        ModuleSample saved = sampler.draw().apply(new Draw(seed, dtype));
        ModuleSample loaded = sampler.draw().apply(new Draw(seed, dtype));
        loaded.module().variables().values().forEach(ModuleSaveLawTest::change);
        Checkpoint.save(file, saved.module());
        Checkpoint.load(file, loaded.module());
        Trees.assertSame(saved.module().variables(), loaded.module().variables());
        assertSameBits(saved, saved.forward().apply(saved.inputs()), loaded.forward().apply(saved.inputs()));
        Tensor trained = Training.scope(() -> saved.forward().apply(saved.inputs()).detached());
        Tensor again = Training.scope(() -> loaded.forward().apply(saved.inputs()).detached());
        assertSameBits(saved, trained, again);
        Trees.assertSame(saved.module().variables(), loaded.module().variables());
    }

    private static void assertSameBits(ModuleSample sample, Tensor expected, Tensor found) {
        assertEquals(expected.spec(), found.spec(), sample.module().toString());
        assertTrue(expected.sameBits(found), () -> sample.module() + ": " + expected + " and " + found);
    }

    /** Other values of every element. */
    private static void change(Variable variable) {
        Tensor value = variable.value();
        variable.set(value.dtype() == DType.BOOL ? value.not() : value.add(1));
    }
}
