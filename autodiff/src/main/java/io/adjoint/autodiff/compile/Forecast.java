package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ProgramMemory;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The memory that a plan will take, read off the plan. */
final class Forecast {
    private Forecast() {}

    static ProgramMemory of(Plan plan) {
        Graph graph = plan.graph();
        return new ProgramMemory(graph.inputs(), slab(plan), constants(plan), variables(graph),
                plan.kept().bytes(plan.units().stream().flatMap(unit -> unit.parts().stream()).toList()),
                bytes(graph.inputs()),
                bytes(graph.outputs().stream().map(output -> graph.steps().get(output).spec()).toList()));
    }

    private static long slab(Plan plan) {
        return plan.lengths().entrySet().stream().mapToLong(room -> (long) room.getValue() * room.getKey().bytes())
                .sum();
    }

    /** Several may be views of one array; the whole of an array is kept by any part of it. */
    private static long constants(Plan plan) {
        Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (int i = 0; i < plan.graph().steps().size(); i++) {
            if (plan.graph().steps().get(i) instanceof Graph.Constant) {
                Object data = plan.values().array(i).data();
                bytes += arrays.add(data)
                        ? (long) java.lang.reflect.Array.getLength(data) * plan.values().array(i).dtype().bytes()
                        : 0;
            }
        }
        return bytes;
    }

    private static long variables(Graph graph) {
        Set<Variable> variables = Collections.newSetFromMap(new IdentityHashMap<>());
        graph.steps().forEach(step -> {
            if (step instanceof Graph.Read(Variable variable)) {
                variables.add(variable);
            }
        });
        graph.updates().forEach(update -> variables.add(update.variable()));
        return bytes(variables.stream().map(Variable::spec).toList());
    }

    private static long bytes(List<TensorSpec> specs) {
        return specs.stream().mapToLong(Work::bytes).sum();
    }
}
