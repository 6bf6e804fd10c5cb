package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * One step of a recurrent network in one direction, with the gates in the order of ONNX.
 *
 * @param kind which formulas
 * @param options what the attributes say
 * @param input {@code [gates * hidden, width of the input]}
 * @param recurrence {@code [gates * hidden, hidden]}
 * @param inputBias {@code [gates * hidden]}
 * @param hiddenBias {@code [gates * hidden]}
 * @param peepholes how the cell state enters the gates i, o and f, {@code [3 * hidden]}
 */
record RecurrentCell(Kind kind, Options options, Tensor input, Tensor recurrence, Optional<Tensor> inputBias,
        Optional<Tensor> hiddenBias, Optional<Tensor> peepholes) {
    /** Which formulas. */
    enum Kind {
        /** {@code f(a)}. */
        SIMPLE(1, "Tanh"),
        /** Gates z, r and h (Cho and others 2014). */
        GATED(3, "Sigmoid", "Tanh"),
        /** Gates i, o, f and c (Hochreiter, Schmidhuber 1997). */
        LONG_SHORT_TERM(4, "Sigmoid", "Tanh", "Tanh");

        private final int gates;
        private final List<String> activations;

        Kind(int gates, String... activations) {
            this.gates = gates;
            this.activations = List.of(activations);
        }
    }

    /**
     * What attributes say.
     *
     * @param activations in the order of the operator
     * @param clip what enters an activation lies between its negative and it; empty for no bound
     * @param linearBeforeReset whether the reset gate scales the product with the state, not the state
     * @param coupled whether the forget gate is one less the input gate
     */
    record Options(List<RecurrentActivation> activations, Optional<Float> clip, boolean linearBeforeReset,
            boolean coupled) {}

    /** The cells by direction. */
    static IntFunction<RecurrentCell> of(Call call, Kind kind, int directions, int width) {
        Tensor r = call.tensor(2);
        int hidden = r.rank() == 3 ? r.dim(2) : 0;
        int rows = kind.gates * hidden;
        require(call, "R", r, directions, rows, hidden);
        require(call, "W", call.tensor(1), directions, rows, width);
        Optional<Tensor> bias = call.findTensor(3);
        bias.ifPresent(b -> require(call, "B", b, directions, 2 * rows));
        Optional<Tensor> peepholes = kind == Kind.LONG_SHORT_TERM ? call.findTensor(7) : Optional.empty();
        peepholes.ifPresent(p -> require(call, "P", p, directions, 3 * hidden));
        List<RecurrentActivation> activations = RecurrentActivation.of(call, kind.activations, directions);
        int each = kind.activations.size();
        return d -> new RecurrentCell(kind,
                new Options(activations.subList(d * each, d * each + each), call.attributes().realIfGiven("clip"),
                        call.attributes().flag("linear_before_reset"), call.attributes().flag("input_forget")),
                call.tensor(1).select(0, d), r.select(0, d), bias.map(b -> b.select(0, d).slice(0, 0, rows)),
                bias.map(b -> b.select(0, d).slice(0, rows, 2 * rows)), peepholes.map(p -> p.select(0, d)));
    }

    private static void require(Call call, String name, Tensor given, int... shape) {
        if (!given.shape().equals(Shape.of(shape))) {
            throw call.refusal("the weights do not fit").operand(name, given.shape())
                    .expected(name + " " + Shape.of(shape));
        }
    }

    /** The width of the state. */
    int hidden() {
        return recurrence.dim(1);
    }

    /** The part of all steps that the state does not enter, {@code [time, batch, gates * hidden]}. */
    Tensor project(Tensor steps) {
        Tensor product = steps.matmul(input.transpose());
        return inputBias.map(product::add).orElse(product);
    }

    /** The states after a step, the output first. */
    List<Tensor> step(Tensor projected, List<Tensor> state) {
        return switch (kind) {
            case SIMPLE -> List.of(activated(0, projected.add(recur(state.getFirst(), 0, 1))));
            case GATED -> gated(projected, state.getFirst());
            case LONG_SHORT_TERM -> longShortTerm(projected, state.getFirst(), state.getLast());
        };
    }

    private List<Tensor> gated(Tensor projected, Tensor h) {
        Tensor gates = projected.narrow(-1, 0, 2 * hidden()).add(recur(h, 0, 2));
        Tensor update = activated(0, part(gates, 0));
        Tensor reset = activated(0, part(gates, 1));
        Tensor remembered = options.linearBeforeReset() ? reset.mul(recur(h, 2, 1)) : recur(reset.mul(h), 2, 1);
        Tensor candidate = activated(1, part(projected, 2).add(remembered));
        return List.of(update.rsub(1).mul(candidate).add(update.mul(h)));
    }

    private List<Tensor> longShortTerm(Tensor projected, Tensor h, Tensor c) {
        Tensor gates = projected.add(recur(h, 0, 4));
        Tensor inputGate = activated(0, seeing(c, 0, part(gates, 0)));
        Tensor forgetGate = options.coupled() ? inputGate.rsub(1) : activated(0, seeing(c, 2, part(gates, 2)));
        Tensor cell = forgetGate.mul(c).add(inputGate.mul(activated(1, part(gates, 3))));
        Tensor outputGate = activated(0, seeing(cell, 1, part(gates, 1)));
        return List.of(outputGate.mul(activated(2, cell)), cell);
    }

    /** The product of the state with the weights of some gates, with their bias. */
    private Tensor recur(Tensor h, int gate, int count) {
        Tensor product = h.matmul(recurrence.narrow(0, gate * hidden(), count * hidden()).transpose());
        return hiddenBias.map(b -> product.add(b.narrow(0, gate * hidden(), count * hidden()))).orElse(product);
    }

    private Tensor part(Tensor gates, int gate) {
        return gates.narrow(-1, gate * hidden(), hidden());
    }

    private Tensor seeing(Tensor cell, int peephole, Tensor gate) {
        return peepholes.map(p -> gate.add(cell.mul(p.narrow(0, peephole * hidden(), hidden())))).orElse(gate);
    }

    private Tensor activated(int activation, Tensor x) {
        return options.activations().get(activation).apply(options.clip().map(c -> x.clamp(-c, c)).orElse(x));
    }
}
