package io.adjoint.optim.transform;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;
import io.adjoint.optim.stage.Gated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Sums up the gradients of several steps, and lets another transformation take part only in the last of them, with their mean: as
 * one step on a batch that is so many times larger. In the steps between parameters stay where they are.
 *
 * <p>The other transformation sees its own steps counted, so a schedule inside counts large batches.
 *
 * @param every number of steps that make one, 1 or more
 * @param base gets the mean
 */
public record Accumulate(int every, Transformation base) implements Transformation {
    public Accumulate {
        Hyper.count("accumulate", "every", every, 1);
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return new Collecting(every, parameters.values().stream().map(Averages::zeros).toList(),
                Gated.of(base.bind(parameters)));
    }

    private record Collecting(int every, List<Variable> sums, Gated base) implements Stage {
        @Override
        public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
            Tensor last = step.add(1).remainder(every).eq(0);
            List<Tensor> means = new ArrayList<>(updates.size());
            for (int i = 0; i < updates.size(); i++) {
                Tensor sum = sums.get(i).value().add(updates.get(i));
                sums.get(i).set(last.where(0, sum));
                means.add(sum.div(every));
            }
            return base.apply(last, means, parameters, step.floorDivide(every));
        }

        @Override
        public Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
            return base.excursion(gradients, parameters);
        }

        @Override
        public List<Tensor> averages(List<Tensor> parameters, Tensor step) {
            return base.averages(parameters, step.floorDivide(every));
        }

        @Override
        public boolean learnCurvature(List<Tensor> diagonal) {
            return base.learnCurvature(diagonal);
        }
    }
}
