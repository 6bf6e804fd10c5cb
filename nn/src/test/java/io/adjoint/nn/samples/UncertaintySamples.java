package io.adjoint.nn.samples;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.uncertainty.DeepEnsemble;
import io.adjoint.nn.uncertainty.TemperatureScaling;
import java.util.List;

/** Modules that tell how sure a model is. */
final class UncertaintySamples {
    private UncertaintySamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(DeepEnsemble.class, UncertaintySamples::ensemble),
                new ModuleSampler(TemperatureScaling.class, UncertaintySamples::temperature));
    }

    private static ModuleSample ensemble(Draw draw) {
        int in = draw.between(1, 3);
        Linear.Config config = Linear.Config.of(in, 2).withDType(draw.dtype());
        DeepEnsemble ensemble = new DeepEnsemble(List.of(config.create(draw.rng()), config.create(draw.rng())));
        return new ModuleSample(ensemble, x -> ensemble.classify(x.getFirst()).mutualInformation(),
                List.of(draw.normal(3, in)), List.of(List.of(draw.normal(3, in + 1))));
    }

    private static ModuleSample temperature(Draw draw) {
        Tensor value = Tensor.full(Shape.scalar(), draw.dtype(), draw.between(1, 9) * 0.3);
        return ModuleSample.of(new TemperatureScaling(Variable.buffer(value)), draw.normal(2, 3),
                Tensor.zeros(Shape.of(2, 3), DType.I64));
    }
}
