package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How SIMD is switched on and off, and what happens where there is none. */
class SimdTest {
    private static final Lane X = Lane.input(0, DType.F32);

    /** Prints a sum, products and the mode, in a virtual machine that {@link #run} started. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            Array in = Array.wrap(DType.F32, Shape.of(40), new float[40]);
            Array out = Array.allocate(DType.F32, Shape.of(40));
            MapKernel.of(X.add(2)).run(new Array[] {in}, out);
            System.out.println(
                    out.floats()[39] + " " + product() + " " + shared(512) + " " + shared(200) + " " + Simd.mode());
        }
    }

    /** An element of what a program makes with a factor that it could keep packed. */
    private static float product() {
        Variable weight = Variable.buffer(Tensor.ones(48, 40));
        Program program = Program.compile((Tensor x) -> x.matmul(weight.value()));
        assertEquals(Simd.mode() == Simd.Mode.OFF, program.memory(Tensor.ones(20, 48).spec()).kept() == 0);
        return program.apply(Tensor.ones(20, 48)).toFloats()[7];
    }

    /** An element of a product that threads share. */
    private static float shared(int rows) {
        return Workers.withThreads(2, () -> Tensor.ones(rows, 512).matmul(Tensor.ones(512, 512)).toFloats()[7]);
    }

    @Test
    void theTestsRunWithSimd() {
        assertTrue(SimdLoops.handlesMap(new Expression(X.add(1)), List.of(Layout.UNIT)));
        assertFalse(SimdLoops.handlesMap(new Expression(X.add(1)), List.of(Layout.STRIDED)));
        assertEquals(Simd.Mode.AUTO, Simd.mode());
    }

    @Test
    void withoutTheModuleEverythingWorksAndOneLineSaysSo() throws Exception {
        Output output = run();
        assertEquals("2.0 48.0 512.0 512.0 OFF", output.standard());
        assertEquals(1, output.error().lines().filter(line -> line.contains("jdk.incubator.vector")).count());
    }

    @Test
    void offIsSilent() throws Exception {
        Output output = run("-Dadjoint.simd=off");
        assertEquals("2.0 48.0 512.0 512.0 OFF", output.standard());
        assertEquals("", output.error());
    }

    @Test
    void eagerServesFromTheFirstCall() throws Exception {
        Output output = run("-Dadjoint.simd=eager", "--add-modules", "jdk.incubator.vector");
        assertEquals("2.0 48.0 512.0 512.0 EAGER", output.standard());
    }

    private record Output(String standard, String error) {}

    private static Output run(String... options) throws IOException, InterruptedException {
        List<String> command = Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                Stream.of(options),
                Stream.of("-cp", System.getProperty("java.class.path"), Child.class.getName()))
                .flatMap(part -> part).toList();
        Process child = new ProcessBuilder(command).start();
        String standard = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String error = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), error);
        return new Output(standard.strip(), error.strip());
    }
}
