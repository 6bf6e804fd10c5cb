package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ProgramMemory;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.tape.Places;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A plan as text for people who want to know where the time and the memory go. */
final class Explanation {
    private final Plan plan;
    private final Graph graph;
    private final Map<Variable, String> names = new IdentityHashMap<>();
    /** The number of the unit that computes a step. */
    private final Map<Integer, Integer> units = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private Explanation(Plan plan) {
        this.plan = plan;
        this.graph = plan.graph();
        graph.steps().forEach(step -> {
            if (step instanceof Graph.Read(Variable variable)) {
                name(variable);
            }
        });
        graph.updates().forEach(update -> name(update.variable()));
        for (int u = 0; u < plan.units().size(); u++) {
            for (int member : plan.units().get(u).members()) {
                units.put(member, u);
            }
        }
    }

    private String name(Variable variable) {
        return names.computeIfAbsent(variable, _ -> "$" + names.size());
    }

    static String of(Plan plan) {
        Explanation explanation = new Explanation(plan);
        explanation.summary();
        explanation.units();
        explanation.memory();
        explanation.variables();
        explanation.breaks();
        explanation.allocating();
        return explanation.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(format, values)).append('\n');
    }

    private void summary() {
        Work all = plan.units().stream().map(this::work).reduce(Work.NONE, Work::plus);
        line("  %d operations in %d units, %s", units.size(), plan.units().size(), text(all));
    }

    private Work work(Unit unit) {
        return Work.of(unit, graph, plan.values());
    }

    private static String text(Work work) {
        return String.format("%d FLOPs, %d bytes read, %d written", work.flops(), work.read(), work.written());
    }

    private void units() {
        for (int u = 0; u < plan.units().size(); u++) {
            Unit unit = plan.units().get(u);
            line("  unit %d: %s; %s%s", u, what(unit), text(work(unit)), place(unit.members().getFirst()));
        }
    }

    private String what(Unit unit) {
        return switch (unit) {
            case Unit.Fused fused ->
                loop(fused, shape(fused).toString()) + ", writes " + specs(fused.writes());
            case Unit.Finished finished ->
                what(finished.product()) + ", with the epilogue " + what(finished.loop());
            case Unit.Yield(Unit.Single first, _, List<Optional<Unit.Single>> others) ->
                call(first.step()) + " of " + specs(unit.reads()) + others.stream().flatMap(Optional::stream)
                        .map(other -> " with " + call(other.step())).collect(Collectors.joining()) + ", to "
                        + specs(unit.members());
            case Unit.Gathered(List<Unit.Fused> loops) ->
                String.format("%d equal loops as one: %s each, %s updated in place", loops.size(),
                        loop(loops.getFirst(), shapes(loops)),
                        count(unit.writes().stream().filter(plan.inPlace()::containsKey).count(), "variable"));
            case Unit.Sum(List<Integer> steps, List<Integer> reads) ->
                "sum of " + steps.size() + " products, " + steps.stream().map(this::call).distinct()
                        .collect(Collectors.joining(", ")) + ", of " + specs(reads) + " to "
                        + graph.steps().get(steps.getLast()).spec();
            case Unit.Strip strip -> String.format("%d units in turns, in %d pieces, shared out as %d: %s",
                    strip.parts().size(), strip.pieces(), strip.shares(),
                    strip.parts().stream().map(this::what).collect(Collectors.joining("; then ")));
            case Unit.Single(int step, List<Integer> reads) ->
                call(step) + " of " + specs(reads) + " to " + graph.steps().get(step).spec() + inPlace(unit);
        };
    }

    private String inPlace(Unit unit) {
        int count = Work.inPlace(unit, graph, plan.values()).size();
        return count == 0 ? "" : ", of which " + count + " are computed in place";
    }

    private String loop(Unit.Fused loop, String shapes) {
        return String.format("fused [%s] of %s, %s, %d nodes",
                loop.members().stream().map(this::call).collect(Collectors.joining(", ")), shapes,
                count(loop.members().size(), "operation"), Expressions.of(loop, graph, plan.values()).kernel().cost());
    }

    private Shape shape(Unit.Fused loop) {
        return graph.steps().get(loop.members().getFirst()).spec().shape();
    }

    /** Each shape once, with the number of loops that have it. */
    private String shapes(List<Unit.Fused> loops) {
        Map<Shape, Integer> counts = new LinkedHashMap<>();
        loops.forEach(loop -> counts.merge(shape(loop), 1, Integer::sum));
        return counts.entrySet().stream().map(each -> each.getValue() + " x " + each.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private String call(int step) {
        return ((Graph.Apply) graph.steps().get(step)).call();
    }

    private String specs(List<Integer> steps) {
        return steps.stream().map(step -> graph.steps().get(step).spec().toString()).collect(Collectors.joining(", "));
    }

    private String place(int step) {
        return graph.steps().get(step) instanceof Graph.Apply apply
                ? apply.place().map(place -> " (at " + Places.print(place) + ")").orElse("")
                : "";
    }

    private void memory() {
        ProgramMemory memory = Forecast.of(plan);
        line("  memory: %d bytes of slab, %d of constants, %d of variables, %d of factors kept packed, %d of inputs, %d of outputs",
                memory.slab(), memory.constants(), memory.variables(), memory.kept(), memory.inputs(),
                memory.outputs());
        new TreeMap<>(plan.lengths()).forEach((dtype, length) -> {
            long values = graph.steps().stream().filter(step -> step.spec().dtype() == dtype).count();
            long buffers = IntStream.range(0, graph.steps().size()).mapToObj(plan::place)
                    .filter(place -> place != null && place.dtype() == dtype).distinct().count();
            line("  slab %s: %d elements, %d buffers for %d values", dtype, length, buffers, values);
        });
    }

    private void variables() {
        Map<Variable, String> fates = new LinkedHashMap<>();
        names.keySet().forEach(variable -> fates.put(variable, "read only"));
        plan.inPlace().forEach((step, variable) -> fates.put(variable, "updated in place by unit " + units.get(step)));
        plan.copied().forEach((variable, why) -> fates.put(variable, "copied in the end, since " + why));
        fates.entrySet().stream().sorted(Comparator.comparing(
                entry -> Integer.valueOf(names.get(entry.getKey()).substring(1))))
                .forEach(entry -> line("  variable %s %s %s", names.get(entry.getKey()), entry.getKey().spec(),
                        entry.getValue()));
    }

    private void breaks() {
        for (Fusion.Break each : Fusion.breaks(graph, plan.values())) {
            if (units.get(each.to()).equals(units.get(each.from()))) {
                continue; // in turns, or joined later
            }
            line("  not fused: %s %s (unit %d) with %s %s (unit %d), since %s%s", call(each.to()),
                    graph.steps().get(each.to()).spec(), units.get(each.to()), call(each.from()),
                    graph.steps().get(each.from()).spec(), units.get(each.from()), each.obstacle(), place(each.to()));
        }
    }

    private void allocating() {
        Map<String, Integer> counts = new TreeMap<>();
        plan.units().stream().flatMap(unit -> unit.parts().stream()).forEach(unit -> {
            if (unit instanceof Unit.Single(int step, _)) {
                Op op = ((Graph.Apply) graph.steps().get(step)).op();
                if (Work.allocates(op)) {
                    counts.merge(op.id(), 1, Integer::sum);
                }
            }
        });
        counts.forEach((id, count) -> line("  allocates in each run: %s (%d times)", id, count));
    }
}
