package io.adjoint.optim.stage;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.Transformation.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Stages that each work on some of the parameters. In the paths of the state each has its name.
 *
 * @param stages by name
 * @param places the numbers of the parameters of each stage
 */
public record Parts(SequencedMap<String, Stage> stages, List<List<Integer>> places) implements Stage {
    /**
     * Puts each parameter into a part and binds a transformation to each part that has one.
     *
     * @param parameters all of them, by path
     * @param part names the part of a parameter
     * @param transformation for the part of a name
     */
    public static Parts bind(SequencedMap<String, TensorSpec> parameters, BiFunction<String, TensorSpec, String> part,
            Function<String, Transformation> transformation) {
        SequencedMap<String, SequencedMap<String, TensorSpec>> members = new LinkedHashMap<>();
        SequencedMap<String, List<Integer>> places = new LinkedHashMap<>();
        int place = 0;
        for (var parameter : parameters.entrySet()) {
            String name = part.apply(parameter.getKey(), parameter.getValue());
            members.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(parameter.getKey(), parameter.getValue());
            places.computeIfAbsent(name, _ -> new ArrayList<>()).add(place);
            place++;
        }
        SequencedMap<String, Stage> stages = new LinkedHashMap<>();
        members.forEach((name, specs) -> stages.put(name, transformation.apply(name).bind(specs)));
        return new Parts(Collections.unmodifiableSequencedMap(stages), List.copyOf(places.values()));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(stages));
    }

    @Override
    public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
        return each(updates, (stage, at) -> stage.apply(pick(updates, at), pick(parameters, at), step));
    }

    @Override
    public List<Tensor> averages(List<Tensor> parameters, Tensor step) {
        return each(parameters, (stage, at) -> stage.averages(pick(parameters, at), step));
    }

    /** A part that wants no excursion stays where it is. */
    @Override
    public Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
        boolean[] wanted = new boolean[1];
        List<Tensor> ways = each(parameters, (stage, at) -> {
            Optional<List<Tensor>> way = stage.excursion(pick(gradients, at), pick(parameters, at));
            wanted[0] |= way.isPresent();
            return way.orElseGet(() -> pick(parameters, at).stream()
                    .map(p -> Tensor.zeros(p.shape(), p.dtype())).toList());
        });
        return wanted[0] ? Optional.of(ways) : Optional.empty();
    }

    @Override
    public boolean learnCurvature(List<Tensor> diagonal) {
        boolean used = false;
        int i = 0;
        for (Stage stage : stages.values()) {
            used |= stage.learnCurvature(pick(diagonal, places.get(i)));
            i++;
        }
        return used;
    }

    private static List<Tensor> pick(List<Tensor> all, List<Integer> places) {
        return places.stream().map(all::get).toList();
    }

    private List<Tensor> each(List<Tensor> all, BiFunction<Stage, List<Integer>, List<Tensor>> work) {
        Tensor[] results = new Tensor[all.size()];
        int i = 0;
        for (Stage stage : stages.values()) {
            List<Integer> at = places.get(i);
            List<Tensor> made = work.apply(stage, at);
            if (made.size() != at.size()) {
                throw ShapeException.of("step", "a part made another number of updates").operand("updates", made.size())
                        .expected(Integer.toString(at.size()));
            }
            for (int j = 0; j < made.size(); j++) {
                results[at.get(j)] = made.get(j);
            }
            i++;
        }
        return Arrays.asList(results);
    }
}
