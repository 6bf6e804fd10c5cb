package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;

/** Normalisation. */
final class NormalisationFunctions {
    private NormalisationFunctions() {}

    static void addTo(Functions table) {
        table.row("batch_norm", a -> a.flag("training", false)
                ? Normalisation.batch(input(a), affine(a), epsilon(a)).output()
                : Normalisation.batch(input(a), a.tensor("running_mean"), a.tensor("running_var"), affine(a),
                        epsilon(a)),
                "input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps");
        table.row("instance_norm", a -> a.flag("use_input_stats", true)
                ? Normalisation.instance(input(a), affine(a), epsilon(a)).output()
                : Normalisation.batch(input(a), a.tensor("running_mean"), a.tensor("running_var"), affine(a),
                        epsilon(a)),
                "input", "running_mean", "running_var", "weight", "bias", "use_input_stats", "momentum", "eps");
        table.row("group_norm", a -> Normalisation.group(input(a), a.integer("num_groups"), affine(a), epsilon(a)),
                "input", "num_groups", "weight", "bias", "eps");
        table.row("layer_norm",
                a -> Normalisation.layer(input(a), Shape.of(a.integers("normalized_shape")), affine(a), epsilon(a)),
                "input", "normalized_shape", "weight", "bias", "eps");
        table.row("local_response_norm", a -> Normalisation.localResponse(input(a), a.integer("size"),
                a.number("alpha", 1e-4), a.number("beta", 0.75), a.number("k", 1)), "input", "size", "alpha", "beta",
                "k");
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
