package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.onnx.operator.OwnOperators;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a traced graph in the operators of ONNX. */
final class GraphLowering {
    private final Traced traced;
    private final Map<Integer, Shortcut> shortcuts;
    private final UniqueNames names = new UniqueNames();
    private final Emitter nodes = new Emitter(names);
    private final SequencedMap<String, Variable> variables = new LinkedHashMap<>();
    private final List<Optional<Term>> terms = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    private GraphLowering(Traced traced) {
        this.traced = traced;
        this.shortcuts = Shortcuts.of(traced.graph(), traced.results());
    }

    /** The graph's draft; an operation without a form in ONNX refuses it. */
    static Draft lower(Traced traced, Path file) {
        return new GraphLowering(traced).lower(file);
    }

    private Draft lower(Path file) {
        traced.inputs().forEach(names::unique);
        traced.outputs().forEach(names::unique);
        Refused refused = new Refused();
        Lowering lowering = new Lowering(nodes);
        BitSet needed = Traced.needed(traced.graph(), traced.results(), this::inputs);
        List<Term> inputs = new ArrayList<>();
        List<Graph.Step> steps = traced.graph().steps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Graph.Input(int number, TensorSpec spec)) {
                inputs.add(new Term(traced.inputs().get(number), spec));
                terms.add(Optional.of(inputs.getLast()));
            } else {
                terms.add(needed.get(i) ? lower(i, lowering, refused) : Optional.empty());
            }
        }
        refused.refuse(file);
        return named(inputs);
    }

    private Optional<Term> lower(int step, Lowering lowering, Refused refused) {
        nodes.at(traced.scope(step), "");
        return switch (traced.graph().steps().get(step)) {
            case Graph.Input input -> throw new IllegalStateException(input.toString());
            case Graph.Constant constant -> Optional.of(nodes.constant(constant.value()));
            case Graph.Read(Variable variable) -> Optional.of(read(variable));
            case Graph.Apply apply -> {
                nodes.at(traced.scope(step), Places.line(apply));
                List<Term> inputs = inputs(step, apply).stream().map(this::term).toList();
                Optional<Term> term = shortcuts.containsKey(step)
                        ? Optional.of(lowering.lower(shortcuts.get(step), inputs, apply.spec()))
                        : lower(apply, lowering, inputs);
                if (term.isEmpty()) {
                    refused.add(apply);
                }
                yield term;
            }
        };
    }

    private Optional<Term> lower(Graph.Apply apply, Lowering lowering, List<Term> inputs) {
        int before = nodes.nodes().size();
        Optional<Term> term = lowering.lower(apply.op(), inputs, apply.spec());
        int count = nodes.nodes().size() - before;
        return term.map(result -> count < 2 ? result : OwnOperators.of(apply.op())
                .map(form -> section(form, inputs, nodes.nodes().get(before).getName(), count, result)).orElse(result));
    }

    private Term section(OwnOperators.Form form, List<Term> inputs, String begin, int count, Term result) {
        NodeProto.Builder call = nodes.standing(form.name(), inputs).setDomain(OwnOperators.DOMAIN);
        form.size().ifPresent(size -> call.addInput(nodes.integers(size.dims()).name()));
        form.attributes().forEach((name, attribute) -> call.addAttribute(Attribute.of(name, attribute)));
        sections.add(new Section(call.build(), begin, count, result.name()));
        Term output = new Term(call.getOutput(0), result.spec());
        nodes.values().add(output);
        return output;
    }

    private List<Integer> inputs(int step, Graph.Apply apply) {
        return shortcuts.containsKey(step) ? shortcuts.get(step).inputs() : apply.inputs();
    }

    /** What a refused step would give still has a shape, so that all that is refused can be named at once. */
    private Term term(int step) {
        return terms.get(step).orElseGet(() -> new Term("refused", traced.graph().steps().get(step).spec()));
    }

    private Term read(Variable variable) {
        String name = names.unique(traced.pathOf(variable).orElse("variable"));
        variables.put(name, variable);
        return new Term(name, variable.spec());
    }

    /** Gives the outputs their names; what cannot be called otherwise is copied. */
    private Draft named(List<Term> inputs) {
        Map<String, String> renamed = new HashMap<>();
        Set<String> computed = nodes.values().stream().map(Term::name).collect(Collectors.toSet());
        List<Term> outputs = new ArrayList<>();
        nodes.at("", "");
        for (int i = 0; i < traced.outputs().size(); i++) {
            String name = traced.outputs().get(i);
            Term term = terms.get(traced.results().get(i)).orElseThrow();
            Term source = computed.contains(term.name()) && !renamed.containsKey(term.name()) ? term
                    : nodes.node("Identity", term.spec(), List.of(term));
            renamed.put(source.name(), name);
            outputs.add(new Term(name, term.spec()));
        }
        List<NodeProto> result = nodes.nodes().stream()
                .map(node -> Renaming.of(node, name -> renamed.getOrDefault(name, name))).toList();
        List<Term> values = nodes.values().stream().filter(value -> !renamed.containsKey(value.name())).toList();
        List<Section> renamedSections = sections.stream()
                .map(section -> section.renamed(name -> renamed.getOrDefault(name, name))).toList();
        return new Draft(result, renamedSections, nodes.constants(), variables, inputs, outputs, values);
    }
}
