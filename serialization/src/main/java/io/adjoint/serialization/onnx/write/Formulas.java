package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes what is computed in tensors, once or in a loop: it is traced, and its steps become nodes. */
final class Formulas {
    /** Of a count. */
    static final TensorSpec NUMBER = new TensorSpec(DType.I64, Shape.scalar());
    private static final TensorSpec TRUTH = new TensorSpec(DType.BOOL, Shape.scalar());

    private final Emitter nodes;

    Formulas(Emitter nodes) {
        this.nodes = nodes;
    }

    /** Results from tensors. */
    interface Formula extends Function<List<Tensor>, List<Tensor>> {}

    /** One round of a loop. */
    interface Round {
        /**
         * The state after the round.
         *
         * @param number of the round, from 0: I64, a scalar
         * @param state before the round
         * @param fixed what is the same in each round
         */
        List<Tensor> of(Tensor number, List<Tensor> state, List<Tensor> fixed);
    }

    /** The results; empty if some operation in it has no form in ONNX. */
    Optional<List<Term>> find(Formula formula, List<Term> inputs) {
        Graph graph = Graph.traceAll(formula, inputs.stream().map(Term::spec).toArray(TensorSpec[]::new));
        BitSet needed = Traced.needed(graph, graph.outputs());
        List<Optional<Term>> terms = new ArrayList<>();
        for (int i = 0; i < graph.steps().size(); i++) {
            terms.add(needed.get(i) ? term(graph.steps().get(i), inputs, terms) : Optional.empty());
            if (needed.get(i) && terms.getLast().isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(graph.outputs().stream().map(output -> terms.get(output).orElseThrow()).toList());
    }

    private Optional<Term> term(Graph.Step step, List<Term> inputs, List<Optional<Term>> terms) {
        return switch (step) {
            case Graph.Input input -> Optional.of(inputs.get(input.number()));
            case Graph.Constant constant -> Optional.of(nodes.constant(constant.value()));
            case Graph.Read read -> throw new IllegalStateException(read.toString());
            case Graph.Apply apply -> new Lowering(nodes).lower(apply.op(),
                    apply.inputs().stream().map(input -> terms.get(input).orElseThrow()).toList(), apply.spec());
        };
    }

    /** The results of operations that all have a form. */
    List<Term> write(Formula formula, List<Term> inputs) {
        return find(formula, inputs).orElseThrow();
    }

    /** The same. */
    List<Term> write(Formula formula, Term... inputs) {
        return write(formula, List.of(inputs));
    }

    /** One result of operations that all have a form. */
    Term one(Function<List<Tensor>, Tensor> formula, Term... inputs) {
        return write(in -> List.of(formula.apply(in)), inputs).getFirst();
    }

    /** The state after so many rounds. */
    List<Term> repeat(int rounds, List<Term> state, List<Term> fixed, Round round) {
        return repeatWhile(rounds, nodes.number(1, DType.BOOL), state, fixed, (number, before, same) -> {
            List<Tensor> after = new ArrayList<>(List.of(Tensor.scalar(1, DType.BOOL)));
            after.addAll(round.of(number, before, same));
            return after;
        });
    }

    /**
     * The state after the last of at most so many rounds.
     *
     * @param goesOn whether there is a first round: BOOL, a scalar
     * @param round gives whether there is a further one, and the state
     */
    List<Term> repeatWhile(int most, Term goesOn, List<Term> state, List<Term> fixed, Round round) {
        int fixedFrom = 1 + state.size();
        return loop(most, goesOn, state, (inside, number, before) -> new Formulas(inside)
                .find(in -> round.of(in.getFirst(), in.subList(1, fixedFrom), in.subList(fixedFrom, in.size())),
                        Stream.of(List.of(number), before, fixed).flatMap(List::stream).toList())
                .orElseThrow());
    }

    /** One round of a loop, in nodes. */
    interface Body {
        /**
         * Writes the nodes of a round, which may use what is computed before the loop.
         *
         * @param inside where they are collected
         * @param number of the round, from 0: I64, a scalar
         * @param state before the round
         * @return whether there is a further round, then the state after this one
         */
        List<Term> write(Emitter inside, Term number, List<Term> state);
    }

    /** The state after the last of at most so many rounds, and whether there is a first one. */
    List<Term> loop(int most, Term goesOn, List<Term> state, Body body) {
        if (most <= 0) {
            return state;
        }
        List<Term> given = new ArrayList<>(List.of(nodes.number(most, DType.I64), goesOn));
        given.addAll(state);
        return nodes.nodes("Loop", state.stream().map(Term::spec).toList(), given,
                Attribute.of("body", graph(state, body)));
    }

    /** What is computed before the loop is read from around the graph, and so are constants. */
    private GraphProto graph(List<Term> state, Body body) {
        Emitter inside = nodes.inside();
        List<Term> inputs = new ArrayList<>(List.of(inside.named("round", NUMBER), inside.named("goes_on", TRUTH)));
        state.forEach(term -> inputs.add(inside.named("state", term.spec())));
        List<Term> results = body.write(inside, inputs.getFirst(), inputs.subList(2, inputs.size()));
        GraphProto.Builder graph = GraphProto.newBuilder().setName("round");
        inputs.forEach(term -> graph.addInput(info(term)));
        for (Term result : results) {
            // results may be one value, or one from around the graph
            graph.addOutput(info(inside.node("Identity", result.spec(), List.of(result))));
        }
        return graph.addAllNode(inside.nodes()).build();
    }

    /** What a name that is given to a loop's graph began with. */
    static String kind(String name) {
        return name.substring(name.lastIndexOf('/') + 1).replaceAll("_\\d+$", "");
    }

    /** Only scalars have a shape: others may differ from batch to batch. */
    private static ValueInfoProto info(Term term) {
        TypeProto.Tensor.Builder type =
                TypeProto.Tensor.newBuilder().setElemType(ElementType.of(term.dtype()).number());
        if (term.rank() == 0) {
            type.setShape(TensorShapeProto.getDefaultInstance());
        }
        return ValueInfoProto.newBuilder().setName(term.name()).setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }
}
