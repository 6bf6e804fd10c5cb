package io.adjoint.nn.samples;

import java.util.List;
import java.util.stream.Stream;

/** The samplers of all modules; {@code ModuleLawTest} misses a module that has none. */
public final class ModuleSamplers {
    private ModuleSamplers() {}

    public static List<ModuleSampler> all() {
        return Stream.of(BasicSamples.all(), ActivationSamples.all(), NormSamples.all(), EmbeddingSamples.all(),
                SpatialSamples.all(), PoolSamples.all(), RecurrentSamples.all(), AttentionSamples.all(),
                TreeSamples.all(), UncertaintySamples.all()).flatMap(List::stream).toList();
    }
}
