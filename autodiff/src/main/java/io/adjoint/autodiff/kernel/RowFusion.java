package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.kernel.RowKernel.Step;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.lane.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Joins the steps of a row program that can share one walk over the row: a reduction, and the maps that it reads. */
final class RowFusion {
    /**
     * Nodes of a map that runs along: the loop holds four copies of it beside the partial sums. With an exponential in it the
     * registers do not suffice, and it is slower than two loops on a row in cache.
     */
    private static final int MOST_OPERATIONS = 8;

    private final Step[] steps;
    /** When each computed value is there: the number of its step. */
    private final int[] ready;

    private final List<Value> outputs;

    private RowFusion(List<Step> given, List<Value> outputs) {
        steps = given.toArray(Step[]::new);
        ready = new int[steps.length];
        Arrays.setAll(ready, i -> i);
        this.outputs = outputs;
    }

    /** The steps, with the same values and bits, in which a reduction runs along with the map before it. */
    static List<Step> fuse(List<Step> steps, List<Value> outputs) {
        RowFusion fusion = new RowFusion(steps, outputs);
        for (int i = 0; i < steps.size(); i++) {
            fusion.mapAtOnce(i);
        }
        for (int i = 0; i < steps.size(); i++) {
            fusion.reduceWhereMapped(i);
        }
        for (int i = 0; i < steps.size(); i++) {
            fusion.mapWhereRead(i);
        }
        return Arrays.stream(fusion.steps).filter(Objects::nonNull).toList();
    }

    /** Takes into a map the light ones before it whose values nobody else reads, or that cost no more than to read them. */
    private void mapAtOnce(int i) {
        if (!(steps[i] instanceof Step.Map(MapKernel kernel, List<Value> arguments, Value result))) {
            return;
        }
        for (Value argument : arguments) {
            if (argument.computed() && argument.wide() == result.wide()
                    && steps[argument.index()] instanceof Step.Map(MapKernel map, List<Value> before, _)
                    && isOperation(map) && (count(argument) == 1 || isComputedAgain(argument, map, before))) {
                List<Value> all = new ArrayList<>(before);
                Lane value = composed(kernel.value(), arguments, argument, map, all);
                steps[i] = new Step.Map(kernel.with(value), List.copyOf(all), result);
                if (count(argument) == 0) {
                    steps[argument.index()] = null;
                }
                mapAtOnce(i);
                return;
            }
        }
    }

    /**
     * Whether every reader of the value computes it for itself: only maps read it, it takes additions and multiplications,
     * and one value in each column, which takes the place of it. So it is never stored.
     */
    private boolean isComputedAgain(Value value, MapKernel map, List<Value> arguments) {
        return map.isSumOrProduct() && arguments.stream().filter(Value::wide).count() == 1 && !outputs.contains(value)
                && Arrays.stream(steps).filter(step -> step != null && step.arguments().contains(value))
                        .allMatch(step -> step instanceof Step.Map);
    }

    /** The expression of the arguments in which one of them is computed; all arguments are numbered by {@code all} then. */
    private static Lane composed(Lane value, List<Value> arguments, Value computed, MapKernel map, List<Value> all) {
        List<Lane> inputs = arguments.stream()
                .map(argument -> argument.equals(computed) ? map.value()
                        : Lane.input(number(argument, all), argument.type()))
                .toList();
        return new Substitution(inputs).of(value);
    }

    /** Moves the reduction to the map that it reads. */
    private void reduceWhereMapped(int i) {
        if (steps[i] instanceof Step.Reduce(Reducer reducer, Value row, Value result) && row.computed()
                && steps[row.index()] instanceof Step.Map(MapKernel map, List<Value> arguments, _)
                && isOperation(map)) {
            boolean isKept = count(row) > 1;
            MapReduceKernel kernel = reducer.of(map.value(), isKept ? Optional.of(map.value()) : Optional.empty());
            steps[i] = null;
            put(row.index(),
                    new Step.MapReduce(kernel, arguments, isKept ? Optional.of(row) : Optional.empty(), result));
        }
    }

    /** Moves a reduction that keeps nothing on to a map that it reads, if there is all else by then. */
    private void mapWhereRead(int i) {
        if (!(steps[i] instanceof Step.MapReduce(MapReduceKernel kernel, List<Value> arguments, Optional<
                Value> kept, Value result))
                || kept.isPresent()) {
            return;
        }
        for (Value argument : arguments) {
            if (argument.computed() && argument.wide()
                    && steps[argument.index()] instanceof Step.Map(MapKernel map, List<Value> before, _)
                    && isOperation(map)
                    && arguments.stream()
                            .allMatch(other -> other.equals(argument) || isReady(other, argument.index()))) {
                List<Value> all = new ArrayList<>(before);
                Lane value = composed(kernel.value(), arguments, argument, map, all);
                boolean isKept = count(argument) > 1;
                steps[i] = null;
                put(argument.index(), new Step.MapReduce(
                        kernel.of(value, isKept ? Optional.of(map.value()) : Optional.empty()), List.copyOf(all),
                        isKept ? Optional.of(argument) : Optional.empty(), result));
                return;
            }
        }
    }

    private void put(int number, Step.MapReduce step) {
        steps[number] = step;
        ready[step.result().index()] = number;
    }

    private static boolean isOperation(MapKernel map) {
        return !Expression.isLeaf(map.value()) && map.value().type() != DType.BOOL && map.cost() <= MOST_OPERATIONS;
    }

    private boolean isReady(Value value, int before) {
        return !value.computed() || ready[value.index()] < before;
    }

    private static int number(Value value, List<Value> all) {
        if (!all.contains(value)) {
            all.add(value);
        }
        return all.indexOf(value);
    }

    /** How many steps read the value, and 1 more if it is an output. */
    private int count(Value value) {
        return (int) Stream.concat(outputs.stream(),
                Arrays.stream(steps).filter(Objects::nonNull).flatMap(step -> step.arguments().stream()))
                .filter(value::equals).count();
    }
}
