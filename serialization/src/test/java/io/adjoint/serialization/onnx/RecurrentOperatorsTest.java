package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.nn.recurrent.CellWeights;
import io.adjoint.nn.recurrent.GruCell;
import io.adjoint.nn.recurrent.LstmCell;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecurrentOperatorsTest {
    private static final int TIME = 4;
    private static final int BATCH = 3;
    private static final int WIDTH = 3;
    private static final int HIDDEN = 2;

    private static Tensor random(long seed, int... shape) {
        double[] numbers = new Random(seed).doubles(Shape.of(shape).size(), -1, 1).toArray();
        return Tensor.of(numbers, shape).cast(DType.F32);
    }

    /** The rows of gates in another order. */
    private static Tensor reordered(Tensor rows, int... gates) {
        return Tensor.concat(0, Arrays.stream(gates).mapToObj(gate -> rows.slice(0, gate * HIDDEN, (gate + 1) * HIDDEN))
                .toArray(Tensor[]::new));
    }

    private static Tensor[] onnx(CellWeights weights, int... gates) {
        Tensor bias = Tensor.concat(0, reordered(weights.inputBias().orElseThrow().value(), gates),
                reordered(weights.hiddenBias().orElseThrow().value(), gates));
        return new Tensor[] {reordered(weights.input().value(), gates).unsqueeze(0),
            reordered(weights.hidden().value(), gates).unsqueeze(0), bias.unsqueeze(0)};
    }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toFloats(), actual.toFloats(), 1e-5f);
    }

    private static List<Tensor> run(OneNode node, Tensor... inputs) {
        List<Optional<Value>> given = Arrays.stream(inputs)
                .map(x -> Optional.ofNullable(x).map(Value::of)).toList();
        return node.runAll(given).stream().map(Value::tensor).toList();
    }

    @Test
    void gatesComputeWhatTheLayersDo() {
        Tensor x = random(1, TIME, BATCH, WIDTH);
        LstmCell lstm = LstmCell.of(WIDTH, HIDDEN, Rng.seed(1));
        GruCell gru = GruCell.of(WIDTH, HIDDEN, Rng.seed(2));
        LstmCell.State state = new LstmCell.State(random(2, BATCH, HIDDEN), random(3, BATCH, HIDDEN));
        Tensor h = state.hidden();
        Tensor[] l = onnx(lstm.weights(), 0, 3, 1, 2);
        Tensor[] g = onnx(gru.weights(), 1, 0, 2);
        List<Tensor> ofLstm = run(OneNode.of("LSTM", 14).outputs(3), x, l[0], l[1], l[2], null,
                state.hidden().unsqueeze(0), state.cell().unsqueeze(0));
        List<Tensor> ofGru = run(OneNode.of("GRU", 14).with("linear_before_reset", 1).outputs(2), x, g[0], g[1], g[2],
                null, h.unsqueeze(0));
        for (int t = 0; t < TIME; t++) {
            state = lstm.forward(x.select(0, t), state);
            h = gru.forward(x.select(0, t), h);
            assertNear(state.hidden(), ofLstm.getFirst().select(0, t).select(0, 0));
            assertNear(h, ofGru.getFirst().select(0, t).select(0, 0));
        }
        assertNear(state.hidden().unsqueeze(0), ofLstm.get(1));
        assertNear(state.cell().unsqueeze(0), ofLstm.get(2));
        assertNear(h.unsqueeze(0), ofGru.getLast());
    }

    private static OneNode lstm(String direction) {
        return OneNode.of("LSTM", 14).with("direction", direction).outputs(3);
    }

    @Test
    void shortSequencesRunAsIfAlone() {
        Tensor x = random(1, TIME, BATCH, WIDTH);
        Tensor w = random(2, 2, 4 * HIDDEN, WIDTH);
        Tensor r = random(3, 2, 4 * HIDDEN, HIDDEN);
        int[] lengths = {2, 4, 1};
        List<Tensor> all = run(lstm("bidirectional"), x, w, r, null, Tensor.of(lengths));
        for (int b = 0; b < BATCH; b++) {
            Tensor alone = x.slice(1, b, b + 1).slice(0, 0, lengths[b]);
            List<Tensor> one = run(lstm("bidirectional"), alone, w, r);
            assertNear(one.getFirst(), all.getFirst().slice(2, b, b + 1).slice(0, 0, lengths[b]));
            assertEquals(0, all.getFirst().slice(2, b, b + 1).slice(0, lengths[b], TIME).abs().sum().item());
            assertNear(one.get(1), all.get(1).slice(1, b, b + 1));
            assertNear(one.get(2), all.get(2).slice(1, b, b + 1));
        }
        List<Tensor> reversed = run(lstm("reverse"), x.flip(0), w.slice(0, 1, 2), r.slice(0, 1, 2));
        List<Tensor> forward = run(lstm("forward"), x, w.slice(0, 1, 2), r.slice(0, 1, 2));
        assertNear(forward.getFirst().flip(0), reversed.getFirst());
        List<Tensor> batchFirst = run(lstm("bidirectional").with("layout", 1), x.transpose(0, 1), w, r);
        List<Tensor> timeFirst = run(lstm("bidirectional"), x, w, r);
        assertNear(timeFirst.getFirst().permute(2, 0, 1, 3), batchFirst.getFirst());
        assertNear(timeFirst.get(2).transpose(0, 1), batchFirst.get(2));
    }

    /** One step of a simple network of width 1 without bias, whose sum is the input. */
    private static float activated(OneNode rnn, float x) {
        return run(rnn, Tensor.of(new float[] {x}, 1, 1, 1), Tensor.ones(1, 1, 1), Tensor.zeros(1, 1, 1)).getFirst()
                .toFloats()[0];
    }

    private static OneNode rnn(String activation) {
        return OneNode.of("RNN", 14).withTexts("activations", activation);
    }

    @Test
    void activationsAreThoseOfTheirNames() {
        assertEquals(0, activated(rnn("Relu"), -2));
        assertEquals(-0.02f, activated(rnn("LeakyRelu"), -2));
        assertEquals(-1, activated(rnn("leakyrelu").with("activation_alpha", List.of(0.5f)), -2));
        assertEquals(0, activated(rnn("ThresholdedRelu"), 1));
        assertEquals(1.5f, activated(rnn("ThresholdedRelu"), 1.5f));
        assertEquals(7, activated(rnn("Affine").with("activation_alpha", List.of(3f))
                .with("activation_beta", List.of(1f)), 2));
        assertEquals(2 * Math.tanh(1.5), activated(rnn("ScaledTanh").with("activation_alpha", List.of(2f))
                .with("activation_beta", List.of(0.5f)), 3), 1e-6);
        assertEquals(0.9f, activated(rnn("HardSigmoid"), 2), 1e-6);
        assertEquals(Math.expm1(-2), activated(rnn("Elu"), -2), 1e-6);
        assertEquals(-2 / 3f, activated(rnn("Softsign"), -2), 1e-6);
        assertEquals(Math.log1p(Math.exp(2)), activated(rnn("Softplus"), 2), 1e-6);
        assertEquals(Math.tanh(0.5), activated(OneNode.of("RNN", 7).with("clip", 0.5f), 2), 1e-6);
        assertThrows(ShapeException.class, () -> activated(rnn("Swish"), 1));
    }

    @Test
    void numbersGoToTheActivationsThatTakeAny() {
        OneNode two =
                OneNode.of("RNN", 14).with("direction", "bidirectional").withTexts("activations", "Tanh", "Affine")
                        .with("activation_alpha", List.of(3f));
        Tensor y = run(two, Tensor.ones(1, 1, 1), Tensor.ones(2, 1, 1), Tensor.zeros(2, 1, 1)).getFirst();
        assertArrayEquals(new float[] {(float) Math.tanh(1), 3}, y.toFloats(), 1e-6f);
        assertThrows(ShapeException.class, () -> run(
                OneNode.of("RNN", 14).withTexts("activations", "Tanh", "Affine"), Tensor.ones(1, 1, 1),
                Tensor.ones(1, 1, 1), Tensor.zeros(1, 1, 1)));
    }

    @Test
    void inputAndForgetGateMayBeCoupled() {
        Tensor x = random(1, 1, 1, WIDTH);
        Tensor w = random(2, 1, 4 * HIDDEN, WIDTH);
        Tensor c = random(4, 1, 1, HIDDEN);
        List<Tensor> outputs = run(OneNode.of("LSTM", 14).with("input_forget", 1).outputs(3), x, w,
                Tensor.zeros(1, 4 * HIDDEN, HIDDEN), null, null, null, c);
        Tensor gates = w.select(0, 0).matmul(x.reshape(WIDTH));
        Tensor i = gates.slice(0, 0, HIDDEN).sigmoid();
        Tensor cell = i.rsub(1).mul(c.reshape(HIDDEN)).add(i.mul(gates.slice(0, 3 * HIDDEN, 4 * HIDDEN).tanh()));
        assertNear(cell, outputs.get(2).reshape(HIDDEN));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = random(1, TIME, BATCH, WIDTH);
        Tensor w = random(2, 1, HIDDEN, WIDTH);
        Tensor r = random(3, 1, HIDDEN, HIDDEN);
        OneNode node = OneNode.of("RNN", 14).outputs(2);
        assertEquals(Shape.of(0, 1, BATCH, HIDDEN), run(node, x.slice(0, 0, 0), w, r).getFirst().shape());
        List<List<Tensor>> wrong = new ArrayList<>();
        wrong.add(List.of(x.select(0, 0), w, r));
        wrong.add(List.of(x, w.slice(2, 0, 2), r));
        wrong.add(List.of(x, w, r.slice(1, 0, 1)));
        wrong.add(List.of(x, w, r, Tensor.zeros(1, HIDDEN)));
        for (List<Tensor> inputs : wrong) {
            assertThrows(ShapeException.class, () -> run(node, inputs.toArray(Tensor[]::new)));
        }
        assertThrows(ShapeException.class, () -> run(node.with("direction", "bidirectional"), x, w, r));
        assertThrows(ShapeException.class, () -> run(node, x, w, r, null, Tensor.of(new int[] {1, 2})));
        assertThrows(ShapeException.class, () -> run(node, x, w, r, null, null, Tensor.zeros(1, BATCH, 1)));
    }

    @Test
    void gradientsReachWeightsAndStates() {
        Tensor[] all = Stream.of(random(1, 2, 1, 2), random(2, 1, 6, 2), random(3, 1, 6, 2))
                .map(t -> t.cast(DType.F64)).toArray(Tensor[]::new);
        Tensor initial = random(5, 1, 1, 2).cast(DType.F64);
        GradientCheck.of("GRU").check(given -> run(OneNode.of("GRU", 14).outputs(2), given.get(0), given.get(1),
                given.get(2), null, null, given.get(3)).getFirst().square(),
                IntStream.range(0, 4).mapToObj(i -> i < 3 ? all[i] : initial).toArray(Tensor[]::new));
    }
}
