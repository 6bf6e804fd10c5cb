package io.adjoint.nn.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.recurrent.CellConfig;
import io.adjoint.nn.recurrent.Gru;
import io.adjoint.nn.recurrent.GruCell;
import io.adjoint.nn.recurrent.Lstm;
import io.adjoint.nn.recurrent.LstmCell;
import io.adjoint.nn.recurrent.RecurrentConfig;
import io.adjoint.nn.recurrent.Rnn;
import io.adjoint.nn.recurrent.RnnCell;
import io.adjoint.nn.recurrent.RnnCell.Nonlinearity;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Recurrent layers and their cells. */
final class RecurrentMakers {
    private RecurrentMakers() {}

    static Map<String, Maker> all() {
        return Map.of("RNN", RecurrentMakers::rnn, "LSTM", RecurrentMakers::lstm, "GRU", RecurrentMakers::gru,
                "RNNCell", RecurrentMakers::rnnCell, "LSTMCell", RecurrentMakers::lstmCell,
                "GRUCell", RecurrentMakers::gruCell);
    }

    private static ReferenceModule rnn(Arguments config) {
        Rnn rnn = Rnn.of(stack(config), nonlinearity(config), config.rng());
        return new ReferenceModule(rnn, in -> {
            Optional<Tensor> initial = in.optional("hx");
            Tensor x = in.tensor("input");
            Rnn.Output y = initial.map(h -> rnn.forward(x, h)).orElseGet(() -> rnn.forward(x));
            return List.of(y.output(), y.hidden());
        });
    }

    private static ReferenceModule gru(Arguments config) {
        Gru gru = Gru.of(stack(config), config.rng());
        return new ReferenceModule(gru, in -> {
            Optional<Tensor> initial = in.optional("hx");
            Tensor x = in.tensor("input");
            Gru.Output y = initial.map(h -> gru.forward(x, h)).orElseGet(() -> gru.forward(x));
            return List.of(y.output(), y.hidden());
        });
    }

    private static ReferenceModule lstm(Arguments config) {
        int projection = config.integer("proj_size", 0);
        Lstm lstm = projection == 0 ? Lstm.of(stack(config), config.rng())
                : Lstm.projected(stack(config), projection, config.rng());
        return new ReferenceModule(lstm, in -> {
            List<Tensor> initial = in.tensors("hx");
            Tensor x = in.tensor("input");
            Lstm.Output y = initial.isEmpty() ? lstm.forward(x)
                    : lstm.forward(x, new LstmCell.State(initial.getFirst(), initial.getLast()));
            return List.of(y.output(), y.state().hidden(), y.state().cell());
        });
    }

    private static ReferenceModule rnnCell(Arguments config) {
        RnnCell cell = RnnCell.of(cell(config), nonlinearity(config), config.rng());
        return new ReferenceModule(cell, in -> {
            Tensor x = in.tensor("input");
            return List.of(in.optional("hx").map(h -> cell.forward(x, h)).orElseGet(() -> cell.forward(x)));
        });
    }

    private static ReferenceModule gruCell(Arguments config) {
        GruCell cell = GruCell.of(cell(config), config.rng());
        return new ReferenceModule(cell, in -> {
            Tensor x = in.tensor("input");
            return List.of(in.optional("hx").map(h -> cell.forward(x, h)).orElseGet(() -> cell.forward(x)));
        });
    }

    private static ReferenceModule lstmCell(Arguments config) {
        LstmCell cell = LstmCell.of(cell(config), config.rng());
        return new ReferenceModule(cell, in -> {
            List<Tensor> initial = in.tensors("hx");
            Tensor x = in.tensor("input");
            LstmCell.State y = initial.isEmpty() ? cell.forward(x)
                    : cell.forward(x, new LstmCell.State(initial.getFirst(), initial.getLast()));
            return List.of(y.hidden(), y.cell());
        });
    }

    private static CellConfig cell(Arguments config) {
        CellConfig cell = CellConfig.of(config.integer("input_size"), config.integer("hidden_size"))
                .withDType(config.dtype());
        return config.flag("bias", true) ? cell : cell.withoutBias();
    }

    private static RecurrentConfig stack(Arguments config) {
        RecurrentConfig stack = RecurrentConfig.of(1, 1).withCell(cell(config))
                .withLayers(config.integer("num_layers", 1)).withDropout(config.number("dropout", 0));
        RecurrentConfig directed = config.flag("bidirectional", false) ? stack.withBothDirections() : stack;
        return config.flag("batch_first", false) ? directed.withBatchFirst() : directed;
    }

    private static Nonlinearity nonlinearity(Arguments config) {
        return Nonlinearity.valueOf(config.text("nonlinearity", "tanh").toUpperCase(Locale.ROOT));
    }
}
