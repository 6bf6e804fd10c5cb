package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private final Rng rng = Rng.seed(1);

    /** Three filters of 2 x 3 x 3 over four groups of two channels; no layer of the library. */
    private record Filters(Variable weight) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            return Convolutions.convolve(x, weight.value(), ConvolutionOptions.DEFAULT.groups(4).stride(2));
        }
    }

    private record Net(Filters filters, Linear head, Linear unused) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            Tensor features = filters.forward("filters", x).mean(2, 3);
            return head.forward("head", head.forward("head", features)).matmul(Tensor.ones(12, 1));
        }
    }

    @Test
    void theTableOfASequence() {
        Sequential model = Sequential.of(Linear.of(5, 20, rng.stream(0)), Activation.TANH, Dropout.of(0.5, rng),
                Linear.of(20, 10, rng.stream(1)), Activation.TANH);
        Tensor key = model.variables().get("2.key").value();
        String expected = """
                path  type        output      parameters  multiply-adds   memory
                      Sequential  F32[1, 10]         330            300  1.6 KiB
                0     Linear      F32[1, 20]         120            100    560 B
                1     TANH        F32[1, 20]           0              0     80 B
                2     Dropout     F32[1, 20]           0              0     96 B
                3     Linear      F32[1, 10]         210            200    880 B
                4     TANH        F32[1, 10]           0              0     40 B""";
        TensorSpec input = new TensorSpec(DType.F32, Shape.of(1, 5));
        assertEquals(expected, Summary.of(model, input).toString());
        assertEquals(expected, Training.scope(() -> Summary.of(model, input)).toString());
        assertEquals(true, key.sameBits(model.variables().get("2.key").value()), "inference");
    }

    @Test
    void productsInAndBetweenParts() {
        Net net = new Net(new Filters(Variable.parameter(Tensor.ones(12, 2, 3, 3))), Linear.of(12, 12, rng),
                Linear.of(2, 2, rng));
        Summary summary = Summary.of(net, new TensorSpec(DType.F32, Shape.of(2, 8, 7, 5)));
        long filters = 2 * 12 * 3 * 2 * (2 * 3 * 3);
        long head = 2 * 2 * 12 * 12;
        assertEquals(filters, summary.row("filters").orElseThrow().multiplyAdds());
        assertEquals(head, summary.row("head").orElseThrow().multiplyAdds(), "two calls");
        assertEquals(filters + head + 2 * 12, summary.row("").orElseThrow().multiplyAdds());
        assertEquals(4 * (156 + 2 * 24), summary.row("head").orElseThrow().memory());
        assertEquals(4 * (216 + 144 + 156 + 48 + 6), summary.row("").orElseThrow().memory());
        assertEquals(List.of(new TensorSpec(DType.F32, Shape.of(2, 12, 3, 2))),
                summary.row("filters").orElseThrow().outputs());
        assertEquals(List.of(), summary.row("unused").orElseThrow().outputs());
        assertEquals(0, summary.row("unused").orElseThrow().multiplyAdds());
        assertEquals(216 + 156 + 6, summary.row("").orElseThrow().parameters());
    }

    @Test
    void aCallOfOnesOwn() {
        record Result(Tensor left, List<Tensor> right) {}
        Linear layer = Linear.of(3, 2, rng);
        Summary summary = Summary.of(layer, () -> {
            Tensor y = layer.forward(Tensor.ones(4, 3));
            return new Result(y, List.of(y.sum(), y.sum(0)));
        });
        assertEquals("[F32[4, 2], F32[], F32[2]]", summary.row("").orElseThrow().outputs().toString());
        assertEquals(24, summary.row("").orElseThrow().multiplyAdds());
    }

    @Test
    void aSharedPartHasARowForEachOfItsPaths() {
        Linear shared = Linear.of(3, 3, rng);
        Summary summary =
                Summary.of(Sequential.of(shared, x -> x, shared), new TensorSpec(DType.F32, Shape.of(1, 3)));
        assertEquals(List.of("", "0", "1", "2"), summary.rows().stream().map(Summary.Row::path).toList());
        assertEquals("lambda", summary.row("1").orElseThrow().type());
        assertEquals(12, summary.row("").orElseThrow().parameters());
        assertEquals(18, summary.row("").orElseThrow().multiplyAdds());
        assertEquals(9, summary.row("2").orElseThrow().multiplyAdds());
    }
}
