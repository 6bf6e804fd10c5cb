package io.adjoint.nn.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.Workspace;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What recurrent layers must have in common with their cells, with themselves on single rows, and with each other. */
class RecurrentTest {
    private static final RecurrentConfig CONFIG = RecurrentConfig.of(3, 4).withDType(DType.F64);

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void rowsOfAPaddedBatchAreAsByThemselves(
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 5) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 2) int layers, @ForAll @LongRange(min = 0, max = 9999) long seed) {
        Rng rng = Rng.seed(seed);
        Lstm lstm = Lstm.projected(CONFIG.withLayers(layers).withBothDirections().withBatchFirst(), 2, rng.stream(0));
        int batch = lengths.size();
        Tensor mask = Tensor.range(5).lt(lengths(lengths).unsqueeze(1)).unsqueeze(2);
        Tensor real = rng.stream(1).normal(Shape.of(batch, 5, 3), DType.F64);
        Tensor x = mask.where(real, Double.NaN);
        LstmCell.State initial = new LstmCell.State(rng.stream(2).normal(Shape.of(layers * 2, batch, 2), DType.F64),
                rng.stream(3).normal(Shape.of(layers * 2, batch, 4), DType.F64));

        Lstm.Output all = lstm.forward(new Padded(x, lengths(lengths)), initial);
        for (int row = 0; row < batch; row++) {
            int length = lengths.get(row);
            Lstm.Output alone = lstm.forward(real.select(0, row).slice(0, 0, length), new LstmCell.State(
                    initial.hidden().select(1, row), initial.cell().select(1, row)));
            assertClose(alone.output(), all.output().select(0, row).slice(0, 0, length));
            assertClose(Tensor.zeros(Shape.of(5 - length, 4), DType.F64),
                    all.output().select(0, row).slice(0, length, 5));
            assertClose(alone.state().hidden(), all.state().hidden().select(1, row));
            assertClose(alone.state().cell(), all.state().cell().select(1, row));
        }
    }

    @Test
    void whatStandsBeyondTheEndHasNoGradientAndSpoilsNone() {
        Gru gru = Gru.of(CONFIG.withBothDirections(), Rng.seed(1));
        Tensor x = Tensor.full(Shape.of(3, 2, 3), DType.F64, 0.5).put(Double.NaN, Index.from(1),
                Index.at(1)).tracked();
        Training.scope(() -> {
            Gru.Output y = gru.forward(new Padded(x, lengths(List.of(3, 1))));
            Tensor loss = y.output().sum().add(y.hidden().sum());
            Gradients byInput = loss.gradients(x);
            Gradients byWeights = loss.gradients(gru.parameters());
            assertClose(Tensor.zeros(Shape.of(2, 3), DType.F64), byInput.of(x).select(1, 1).slice(0, 1, 3));
            for (Variable parameter : gru.parameters()) {
                assertTrue(byWeights.of(parameter).isFinite().all().toBooleans()[0], parameter.toString());
            }
            return loss;
        });
    }

    @Test
    void aRowWithoutStepsKeepsItsInitialState() {
        Rnn rnn = Rnn.of(CONFIG.withBothDirections(), RnnCell.Nonlinearity.RELU, Rng.seed(2));
        Tensor initial = Rng.seed(3).normal(Shape.of(2, 2, 4), DType.F64);
        Rnn.Output y = rnn.forward(new Padded(Rng.seed(4).normal(Shape.of(5, 2, 3), DType.F64),
                lengths(List.of(0, 2))), initial);
        assertClose(initial.select(1, 0), y.hidden().select(1, 0));
        assertClose(Tensor.zeros(Shape.of(5, 8), DType.F64), y.output().select(1, 0));
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void bothDirectionsAreTwoRunsByHand(@ForAll @IntRange(min = 1, max = 4) int time,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        Rng rng = Rng.seed(seed);
        RecurrentStack<GruCell> both = CONFIG.withBothDirections().create(GruCell::of, rng.stream(0));
        Tensor x = rng.stream(1).normal(Shape.of(time, 2, 3), DType.F64);
        Tensor[] forward = new Tensor[time];
        Tensor[] backward = new Tensor[time];
        Tensor h = Tensor.zeros(Shape.of(2, 4), DType.F64);
        Tensor g = h;
        for (int t = 0; t < time; t++) {
            h = both.cells().getFirst().forward(x.select(0, t), h);
            forward[t] = h;
            g = both.cells().getLast().forward(x.select(0, time - 1 - t), g);
            backward[time - 1 - t] = g;
        }
        RecurrentStack.Output y = both.forward(x);
        assertClose(Tensor.concat(2, Tensor.stack(0, forward), Tensor.stack(0, backward)), y.output());
        assertClose(Tensor.stack(0, h, g), y.last().getFirst());
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void gradientsHaveTheSameBitsHoweverTheyAreComputed(@ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll @IntRange(min = 1, max = 20) int batch, @ForAll boolean wide,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        DType dtype = wide ? DType.F64 : DType.F32;
        RecurrentConfig config = RecurrentConfig.of(3, 9).withDType(dtype).withBothDirections();
        Rng rng = Rng.seed(seed);
        Tensor x = rng.stream(1).normal(Shape.of(time, batch, 3), dtype);
        Rnn tanh = Rnn.of(config, RnnCell.Nonlinearity.TANH, rng.stream(2));
        Rnn relu = Rnn.of(config, RnnCell.Nonlinearity.RELU, rng.stream(3));
        Gru gru = Gru.of(config, rng.stream(4));
        Lstm lstm = Lstm.projected(config, 4, rng.stream(5));
        assertSameBits(tanh, () -> tanh.forward(x).output());
        assertSameBits(relu, () -> relu.forward(x).output());
        assertSameBits(gru, () -> gru.forward(x).output());
        assertSameBits(lstm, () -> lstm.forward(x).state().cell());
    }

    private static void assertSameBits(Module layer, Supplier<Tensor> output) {
        List<Variable> variables = List.copyOf(layer.variables().values());
        Supplier<Tensor> gradients = () -> Training.scope(() -> {
            Tensor y = output.get();
            Tensor[] parts = y.mul(y).sum().gradients(variables).values().stream().map(x -> x.reshape(-1))
                    .toArray(Tensor[]::new);
            return Tensor.concat(0, parts);
        });
        Tensor expected = Program.compile(gradients).apply();
        assertTrue(expected.sameBits(gradients.get()), () -> "eager " + layer);
        Workspace workspace = new Workspace();
        for (int run = 0; run < 2; run++) { // the second one finds memory that was written
            assertTrue(expected.sameBits(workspace.compute(gradients)), () -> "in a workspace " + layer);
        }
        Variable[] all = variables.toArray(Variable[]::new);
        Tensor ofAnyOrder = Training.scope(() -> {
            Tensor y = output.get();
            return Tensor.concat(0, y.mul(y).sum().differentiableGradients(all).values().stream()
                    .map(x -> x.reshape(-1)).toArray(Tensor[]::new));
        });
        assertTrue(expected.sameBits(ofAnyOrder), () -> "of every order " + layer);
    }

    @Test
    void aSequenceInTwoPiecesIsTheWholeOne() {
        Lstm lstm = Lstm.of(CONFIG.withLayers(2), Rng.seed(5));
        Tensor x = Rng.seed(6).normal(Shape.of(6, 2, 3), DType.F64);
        Lstm.Output whole = lstm.forward(x);
        Lstm.Output first = lstm.forward(x.slice(0, 0, 4));
        Lstm.Output second = lstm.forward(x.slice(0, 4, 6), first.state());
        assertClose(whole.output(), Tensor.concat(0, first.output(), second.output()));
        assertClose(whole.state().cell(), second.state().cell());
    }

    @Test
    void dropoutIsBetweenLayersWhileTraining() {
        Gru gru = Gru.of(CONFIG.withLayers(2).withDropout(0.5), Rng.seed(7));
        Gru plain = new Gru(new RecurrentStack<>(gru.stack().cells(), Directions.FORWARD, gru.stack().layout(),
                Optional.empty()));
        Tensor x = Rng.seed(8).normal(Shape.of(5, 2, 3), DType.F64);
        assertTrue(plain.forward(x).output().sameBits(gru.forward(x).output()), "dropout in inference");
        Gru.Output trained = Training.scope(() -> gru.forward(x));
        assertClose(plain.forward(x).hidden().select(0, 0), trained.hidden().select(0, 0)); // below the dropout
        assertFalse(plain.forward(x).output().isClose(trained.output()).all().toBooleans()[0], "no dropout");
        Gru one = Gru.of(CONFIG.withDropout(1), Rng.seed(7));
        assertTrue(one.forward(x).output().sameBits(Training.scope(() -> one.forward(x).output())),
                "dropout after the last layer");
    }

    @Test
    void variablesHaveTheNamesAndFirstValuesOfPyTorch() {
        Lstm lstm = Lstm.projected(RecurrentConfig.of(3, 4).withBothDirections().withLayers(2), 2, Rng.seed(9));
        assertEquals(List.of("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0",
                "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse",
                "weight_hr_l0_reverse"), List.copyOf(lstm.variables().keySet()).subList(0, 10));
        assertEquals("F32[16, 4]", lstm.variables().get("weight_ih_l1").spec().toString());
        for (Variable variable : Gru.of(50, 25, Rng.seed(1)).parameters()) {
            double most = variable.value().abs().max().item();
            assertTrue(most <= 0.2 && most > 0.17, "uniform in +-1/sqrt(25): " + most);
        }
    }

    @Test
    void misfitsAreRefused() {
        Gru gru = Gru.of(CONFIG.withBatchFirst(), Rng.seed(1));
        assertRefusal("recurrent: the input does not fit the weights: input [2, 5, 4]; "
                + "expected input [batch, time, 3] or [time, 3]", () -> gru.forward(Tensor.zeros(2, 5, 4)));
        assertRefusal("recurrent: a sequence without steps: input [2, 0, 3]; expected 1 step or more",
                () -> gru.forward(Tensor.zeros(2, 0, 3)));
        assertRefusal("recurrent: the state does not fit: state [[2, 1, 4]]; expected state [[1, 2, 4]]",
                () -> gru.forward(Tensor.zeros(2, 5, 3), Tensor.zeros(2, 1, 4)));
        assertRefusal("recurrent: not a length for each row: lengths [3], input [2, 5, 3]; expected lengths [2]",
                () -> gru.forward(new Padded(Tensor.zeros(2, 5, 3), Tensor.range(3))));
        assertRefusal("padded: not a list of lengths: lengths F32[2]; expected I32 or I64 [batch]",
                () -> new Padded(Tensor.zeros(2, 5, 3), Tensor.zeros(2)));
        assertRefusal("recurrent: not a number of layers: layers 0; expected 1 or more", () -> CONFIG.withLayers(0));
        assertRefusal("gru: the rows are not those of 3 gates: weight_ih [4, 2]; expected [3 * hidden, input]",
                () -> new GruCell(RnnCell.of(2, 4, Rng.seed(1)).weights()));
    }

    private static void assertRefusal(String message, Runnable call) {
        assertEquals(message, assertThrows(ShapeException.class, call::run).getMessage());
    }

    private static Tensor lengths(List<Integer> lengths) {
        return Tensor.of(lengths.stream().mapToInt(Integer::intValue).toArray(), lengths.size());
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertEquals(expected.spec(), actual.spec());
        assertTrue(expected.isClose(actual, 1e-12, 1e-12).all().toBooleans()[0],
                () -> "expected " + expected + ", but was " + actual);
    }
}
