package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Transformations one after the other, each on the updates that the one before made. In the paths of the state each is
 * named by its index.
 */
public record Chain(List<Transformation> transformations) implements Transformation {
    public Chain {
        transformations = List.copyOf(transformations);
    }

    /** The transformations in this order. */
    public static Chain of(Transformation... transformations) {
        return new Chain(List.of(transformations));
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return new Stages(transformations.stream().map(t -> t.bind(parameters)).toList());
    }

    private record Stages(List<Stage> stages) implements Stage {
        @Override
        public SequencedMap<String, Object> parts() {
            SequencedMap<String, Object> parts = new LinkedHashMap<>();
            for (int i = 0; i < stages.size(); i++) {
                parts.put(Integer.toString(i), stages.get(i));
            }
            return Collections.unmodifiableSequencedMap(parts);
        }

        @Override
        public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
            List<Tensor> results = updates;
            for (Stage stage : stages) {
                results = stage.apply(results, parameters, step);
            }
            return results;
        }

        @Override
        public Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
            return stages.stream().flatMap(stage -> stage.excursion(gradients, parameters).stream()).findFirst();
        }

        @Override
        public List<Tensor> averages(List<Tensor> parameters, Tensor step) {
            List<Tensor> results = parameters;
            for (Stage stage : stages) {
                results = stage.averages(results, step);
            }
            return results;
        }

        @Override
        public boolean learnCurvature(List<Tensor> diagonal) {
            boolean used = false;
            for (Stage stage : stages) {
                used |= stage.learnCurvature(diagonal);
            }
            return used;
        }
    }
}
