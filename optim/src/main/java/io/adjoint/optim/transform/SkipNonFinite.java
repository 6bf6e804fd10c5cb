package io.adjoint.optim.transform;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.stage.Forgiving;
import io.adjoint.optim.stage.Gated;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Leaves out a step whose gradients have an element that is NaN or infinite: parameters and the state of the other
 * transformation stay as they are.
 *
 * <p>The other transformation sees its own steps counted, without those left out.
 *
 * @param base takes part in the other steps
 */
public record SkipNonFinite(Transformation base) implements Transformation {
    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return new Skipping(Variable.buffer(Tensor.zeros(Shape.scalar(), DType.I64)),
                Gated.of(base.bind(parameters)));
    }

    private record Skipping(Variable taken, Gated base) implements Forgiving {
        @Override
        public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
            Tensor finite = updates.stream().map(update -> update.isFinite().all()).reduce(Tensor::and).orElseThrow();
            Tensor before = taken.value();
            taken.set(before.add(finite.cast(DType.I64)));
            return base.apply(finite, updates, parameters, before.cast(DType.F64));
        }

        @Override
        public Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
            return base.excursion(gradients, parameters);
        }

        @Override
        public List<Tensor> averages(List<Tensor> parameters, Tensor step) {
            return base.averages(parameters, taken.value().cast(DType.F64));
        }

        @Override
        public boolean learnCurvature(List<Tensor> diagonal) {
            return base.learnCurvature(diagonal);
        }
    }
}
