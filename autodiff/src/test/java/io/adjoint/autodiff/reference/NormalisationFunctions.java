package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.autodiff.function.Normalisation.Normalised;
import java.util.Map;

/** Normalisation. */
final class NormalisationFunctions {
    private NormalisationFunctions() {}

    static void addTo(Functions table) {
        table.row("batch_norm", a -> {
            if (input(a).shape().equals(Shape.of(0))) {
                return input(a); // an empty list passes there, although it has no channels
            }
            return a.flag("training", false) ? batch(a).output() : withRunning(a);
        }, "input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps");
        table.changes("batch_norm",
                a -> a.flag("training", false) && input(a).rank() > 1 ? moved(a, batch(a)) : Map.of());
        table.row("instance_norm", a -> a.flag("use_input_stats", true) ? instance(a).output() : withRunning(a),
                "input", "running_mean", "running_var", "weight", "bias", "use_input_stats", "momentum", "eps");
        table.changes("instance_norm", a -> a.flag("use_input_stats", true) ? moved(a, instance(a)) : Map.of());
        table.row("group_norm", a -> Normalisation.group(input(a), a.integer("num_groups"), affine(a), epsilon(a)),
                "input", "num_groups", "weight", "bias", "eps");
        table.row("layer_norm",
                a -> Normalisation.layer(input(a), Shape.of(a.integers("normalized_shape")), affine(a), epsilon(a)),
                "input", "normalized_shape", "weight", "bias", "eps");
        table.row("local_response_norm", a -> Normalisation.localResponse(input(a), a.integer("size"),
                a.number("alpha", 1e-4), a.number("beta", 0.75), a.number("k", 1)), "input", "size", "alpha", "beta",
                "k");
    }

    private static Normalised batch(Arguments a) {
        return Normalisation.batch(input(a), affine(a), epsilon(a));
    }

    private static Normalised instance(Arguments a) {
        return Normalisation.instance(input(a), affine(a), epsilon(a));
    }

    private static Tensor withRunning(Arguments a) {
        return Normalisation.batch(input(a), a.tensor("running_mean"), a.tensor("running_var"), affine(a), epsilon(a));
    }

    private static Map<String, Tensor> moved(Arguments a, Normalised seen) {
        if (!a.has("running_mean")) {
            return Map.of();
        }
        double momentum = a.number("momentum", 0.1);
        return Map.of("running_mean", Normalised.moved(a.tensor("running_mean"), seen.mean(), momentum),
                "running_var", Normalised.moved(a.tensor("running_var"), seen.variance(), momentum));
    }

    private static Tensor input(Arguments a) {
        return a.tensor("input");
    }

    private static Affine affine(Arguments a) {
        return new Affine(a.optional("weight"), a.optional("bias"));
    }

    private static double epsilon(Arguments a) {
        return a.number("eps", 1e-5);
    }
}
