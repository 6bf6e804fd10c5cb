package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Random graphs come back from a file with their results and their gradients. */
class RandomGraphRoundTripTest {
    private Path file;

    /** What a step does with two square matrices that were computed before. */
    private enum Kind {
        ADD(Tensor::add), MUL((a, b) -> a.mul(b)), DIV((a, b) -> a.div(b.abs().add(1))), TANH((a, _) -> a.tanh()),
        EXP((a, _) -> a.mul(-0.1).exp()), LOG((a, _) -> a.square().log1p()), SILU((a, _) -> a.mul(a.sigmoid())),
        WHERE((a, b) -> a.gt(b).where(a, b.mul(2))), MAX((a, b) -> a.maximum(b.neg())),
        CAST((a, _) -> a.mul(10).cast(DType.I32).cast(DType.F64).mul(0.1).add(a)), TURN((a, _) -> a.transpose()),
        FLIP((a, _) -> a.flip(1)), ROLL((a, _) -> a.roll(1, 0)), SUM((a, b) -> a.sub(b.mean(0))),
        GREATEST((a, _) -> a.sub(a.max(1).unsqueeze(1))), MATMUL((a, b) -> a.matmul(b.transpose()).tanh()),
        SOFTMAX((a, _) -> a.softmax(0)), LOG_SOFTMAX((a, _) -> a.logSoftmax(1).mul(0.1)), SCAN((a, _) -> a.cumsum(0)),
        GATHER((a, b) -> a.gather(1, b.argmax(1).unsqueeze(1)).add(b)), SORT((a, _) -> a.gather(1, a.argsort(1))),
        STACK((a, b) -> Tensor.stack(0, a, b).sum(0)),
        SLOPE((a, b) -> {
            Tensor x = a.tracked();
            return x.tanh().mul(b).sum().differentiableGradients(x).of(x);
        });

        private final Step step;

        Kind(Step step) {
            this.step = step;
        }
    }

    private interface Step {
        Tensor of(Tensor a, Tensor b);
    }

    private record Instruction(Kind kind, int a, int b) {}

    private record Holder(Variable weight) implements Module {}

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("graph", ".onnx");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Provide
    Arbitrary<Instruction> steps() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 50);
        return Combinators.combine(Arbitraries.of(Kind.class), numbers, numbers).as(Instruction::new);
    }

    private static List<Tensor> call(List<Instruction> code, Variable weight, Tensor x) {
        List<Tensor> values = new ArrayList<>(List.of(x, weight.value()));
        for (Instruction step : code) {
            values.add(step.kind.step.of(values.get(step.a % values.size()), values.get(step.b % values.size())));
        }
        return List.of(values.getLast(), values.get(values.size() / 2));
    }

    // Only sums are added in another order: that of a softmax, and of products.
    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void comeBackWithTheirGradients(@ForAll @Size(min = 1, max = 15) List<@From("steps") Instruction> code,
            @ForAll @IntRange(min = 1, max = 5) int extent) {
        Shape shape = Shape.of(extent, extent);
        Variable weight = Variable.parameter(Rng.seed(1).normal(shape, DType.F64));
        OnnxExport export = OnnxExport.of(new Holder(weight), in -> call(code, weight, in.getFirst()))
                .input("x", new TensorSpec(DType.F64, shape));
        export.write(file);
        OnnxModel model = Onnx.load(file);
        Tensor x = Rng.seed(2).normal(shape, DType.F64).tracked();
        assertSame(call(code, weight, x), model.forwardAll(List.of(x)), x);
        Training.scope(() -> {
            Optional<Variable> read = Optional.ofNullable(model.variables().get("weight"));
            assertSame(call(code, weight, x).stream().map(result -> byWeight(result, weight)).toList(),
                    model.forwardAll(List.of(x)).stream().map(result -> read.map(w -> byWeight(result, w))
                            .orElse(Tensor.zeros(shape, DType.F64))).toList(),
                    x);
            return read;
        });
    }

    private static void assertSame(List<Tensor> expected, List<Tensor> found, Tensor x) {
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), found.get(i), 1e-9, "result " + i);
            if (expected.get(i).isTracked()) {
                assertClose(loss(expected.get(i)).gradients(x).of(x), loss(found.get(i)).gradients(x).of(x), 1e-8,
                        "gradient of result " + i);
            }
        }
    }

    private static Tensor byWeight(Tensor result, Variable weight) {
        return result.isTracked() ? loss(result).gradients(weight).of(weight)
                : Tensor.zeros(result.shape(), DType.F64);
    }

    /** Not the sum, which is the same for every softmax. */
    private static Tensor loss(Tensor result) {
        return result.mul(Rng.seed(3).normal(result.shape(), result.dtype())).sum();
    }
}
