package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.recurrent.CellConfig;
import io.adjoint.nn.recurrent.Gru;
import io.adjoint.nn.recurrent.GruCell;
import io.adjoint.nn.recurrent.Lstm;
import io.adjoint.nn.recurrent.LstmCell;
import io.adjoint.nn.recurrent.Padded;
import io.adjoint.nn.recurrent.RecurrentConfig;
import io.adjoint.nn.recurrent.RecurrentStack;
import io.adjoint.nn.recurrent.Rnn;
import io.adjoint.nn.recurrent.RnnCell;
import io.adjoint.nn.recurrent.RnnCell.Nonlinearity;
import java.util.Arrays;
import java.util.List;

/** Recurrent layers and their cells; with tanh, which has no kink. Second order is checked on the cells, which steps repeat. */
final class RecurrentSamples {
    private static final int TIME = 3;
    private static final int BATCH = 2;

    private RecurrentSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(RnnCell.class, RecurrentSamples::rnnCell),
                new ModuleSampler(GruCell.class, RecurrentSamples::gruCell),
                new ModuleSampler(LstmCell.class, RecurrentSamples::lstmCell),
                new ModuleSampler(Rnn.class, RecurrentSamples::rnn),
                new ModuleSampler(Gru.class, RecurrentSamples::gru),
                new ModuleSampler(Lstm.class, RecurrentSamples::lstm),
                new ModuleSampler(RecurrentStack.class, RecurrentSamples::stack));
    }

    private static ModuleSample rnnCell(Draw draw) {
        CellConfig config = cell(draw);
        RnnCell cell = RnnCell.of(config, Nonlinearity.TANH, draw.rng());
        return draw.chance()
                ? new ModuleSample(cell, in -> cell.forward(in.getFirst()), List.of(input(draw, config)),
                        List.of(List.of(draw.normal(BATCH, config.input() + 1))))
                : new ModuleSample(cell, in -> cell.forward(in.getFirst(), in.getLast()),
                        List.of(draw.normal(BATCH, config.input()), draw.normal(BATCH, config.hidden())),
                        List.of(List.of(draw.normal(BATCH, config.input()), draw.normal(config.hidden()))));
    }

    private static ModuleSample gruCell(Draw draw) {
        CellConfig config = cell(draw);
        GruCell cell = GruCell.of(config, draw.rng());
        return draw.chance()
                ? new ModuleSample(cell, in -> cell.forward(in.getFirst()), List.of(input(draw, config)),
                        List.of(List.of(draw.normal())))
                : new ModuleSample(cell, in -> cell.forward(in.getFirst(), in.getLast()),
                        List.of(draw.normal(config.input()), draw.normal(config.hidden())),
                        List.of(List.of(draw.normal(config.input()), draw.normal(config.hidden() + 1))));
    }

    private static ModuleSample lstmCell(Draw draw) {
        CellConfig config = cell(draw);
        LstmCell cell = draw.chance() ? LstmCell.of(config, draw.rng()) : LstmCell.projected(config, 2, draw.rng());
        int output = cell.widths().getFirst();
        return draw.chance()
                ? new ModuleSample(cell, in -> joined(cell.forward(in.getFirst())), List.of(input(draw, config)),
                        List.of(List.of(draw.normal(1, BATCH, config.input()))))
                : new ModuleSample(cell,
                        in -> joined(cell.forward(in.getFirst(), new LstmCell.State(in.get(1), in.get(2)))),
                        List.of(draw.normal(BATCH, config.input()), draw.normal(BATCH, output),
                                draw.normal(BATCH, config.hidden())),
                        List.of(List.of(draw.normal(BATCH, config.input()), draw.normal(BATCH, output),
                                draw.normal(BATCH, config.hidden() + 1))));
    }

    private static ModuleSample rnn(Draw draw) {
        RecurrentConfig config = layers(draw);
        Rnn rnn = Rnn.of(config, Nonlinearity.TANH, draw.rng());
        return new ModuleSample(rnn, in -> {
            Rnn.Output y = rnn.forward(in.getFirst());
            return joined(y.output(), y.hidden());
        }, List.of(sequences(draw, config)), List.of(List.of(draw.normal(TIME, BATCH, config.cell().input() + 1))), 1);
    }

    private static ModuleSample gru(Draw draw) {
        RecurrentConfig config = layers(draw);
        Gru gru = Gru.of(config, draw.rng());
        int cells = config.layers() * config.directions().count();
        return new ModuleSample(gru, in -> {
            Gru.Output y = gru.forward(in.getFirst(), in.getLast());
            return joined(y.output(), y.hidden());
        }, List.of(sequences(draw, config), draw.normal(cells, BATCH, config.cell().hidden())),
                List.of(List.of(sequences(draw, config), draw.normal(cells, config.cell().hidden()))), 1);
    }

    private static ModuleSample lstm(Draw draw) {
        RecurrentConfig config = layers(draw);
        Lstm lstm = draw.chance() ? Lstm.of(config, draw.rng()) : Lstm.projected(config, 2, draw.rng());
        return new ModuleSample(lstm, in -> {
            Lstm.Output y = lstm.forward(in.getFirst());
            return joined(y.output(), y.state().hidden(), y.state().cell());
        }, List.of(draw.normal(TIME, config.cell().input())), List.of(List.of(draw.normal(config.cell().input()))), 1);
    }

    /** With rows of different lengths. */
    private static ModuleSample stack(Draw draw) {
        RecurrentConfig config = layers(draw);
        RecurrentStack<LstmCell> stack = config.create(LstmCell::of, draw.rng());
        return new ModuleSample(stack, in -> {
            RecurrentStack.Output y = stack.forward(new Padded(in.getFirst(), in.getLast()));
            return joined(y.output(), y.last().getFirst(), y.last().getLast());
        }, List.of(sequences(draw, config), draw.indices(TIME + 1, BATCH)),
                List.of(List.of(sequences(draw, config), draw.indices(TIME, BATCH + 1)),
                        List.of(draw.normal(TIME, config.cell().input()), draw.indices(TIME, BATCH))),
                1);
    }

    private static CellConfig cell(Draw draw) {
        CellConfig config = CellConfig.of(draw.between(1, 3), draw.between(1, 3)).withDType(draw.dtype());
        return draw.chance() ? config : config.withoutBias();
    }

    private static Tensor input(Draw draw, CellConfig config) {
        return draw.chance() ? draw.normal(BATCH, config.input()) : draw.normal(config.input());
    }

    private static RecurrentConfig layers(Draw draw) {
        RecurrentConfig config = RecurrentConfig.of(1, 1).withCell(cell(draw)).withLayers(draw.between(1, 2));
        RecurrentConfig directed = draw.chance() ? config.withBothDirections() : config;
        return draw.chance() ? directed.withBatchFirst() : directed;
    }

    private static Tensor sequences(Draw draw, RecurrentConfig config) {
        return config.layout().timeFirst(draw.normal(TIME, BATCH, config.cell().input()));
    }

    private static Tensor joined(LstmCell.State state) {
        return joined(state.hidden(), state.cell());
    }

    private static Tensor joined(Tensor... results) {
        return Tensor.concat(0, Arrays.stream(results).map(x -> x.flatten(0)).toArray(Tensor[]::new));
    }
}
