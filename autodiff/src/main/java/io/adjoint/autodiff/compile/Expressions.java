package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Elementwise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The expressions that a fused unit computes. */
final class Expressions {
    private Expressions() {}

    /** What a unit loads and computes: the kernel, and the step whose elements each of its inputs is. */
    record Loop(MapKernel kernel, List<Integer> inputs) {}

    static Loop of(Unit.Fused unit, Graph graph, Values values) {
        List<Integer> inputs = new ArrayList<>();
        return new Loop(MapKernel.shared(lanes(unit, graph, values, inputs)), inputs);
    }

    /** The cost of the kernel that the unit would have. */
    static int cost(Unit.Fused unit, Graph graph, Values values) {
        return MapKernel.cost(lanes(unit, graph, values, new ArrayList<>()));
    }

    /** What the unit writes, and the steps whose elements are inputs of that. */
    private static List<Lane> lanes(Unit.Fused unit, Graph graph, Values values, List<Integer> inputs) {
        Map<Integer, Lane> lanes = new HashMap<>();
        for (int read : unit.reads()) {
            Optional<Lane> number = graph.steps().get(read) instanceof Graph.Constant
                    ? Constants.number(values.array(read))
                    : Optional.empty();
            lanes.put(read, number.orElseGet(() -> {
                inputs.add(read);
                return Lane.input(inputs.size() - 1, graph.steps().get(read).spec().dtype());
            }));
        }
        for (int member : unit.members()) {
            Graph.Apply apply = (Graph.Apply) graph.steps().get(member);
            List<Lane> arguments = apply.inputs().stream().map(lanes::get).toList();
            lanes.put(member, ((Elementwise) apply.op()).numerics(arguments));
        }
        return unit.writes().stream().map(lanes::get).toList();
    }

    /** The kernel of an operation by itself on inputs of these dtypes. */
    static MapKernel alone(Elementwise op, List<DType> types) {
        List<Lane> inputs = new ArrayList<>();
        for (DType type : types) {
            inputs.add(Lane.input(inputs.size(), type));
        }
        return MapKernel.of(op.numerics(inputs));
    }
}
