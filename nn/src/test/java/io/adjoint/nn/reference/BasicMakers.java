package io.adjoint.nn.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Bilinear;
import io.adjoint.nn.CosineSimilarity;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Identity;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.PairwiseDistance;
import io.adjoint.nn.PairwiseDistance.LastAxis;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Layers that are no member of a larger family. */
final class BasicMakers {
    private BasicMakers() {}

    static Map<String, Maker> all() {
        return Map.of(
                "Linear", Maker.of(BasicMakers::linear),
                "Flatten",
                Maker.of(config -> new Flatten(config.integer("start_dim", 1), config.integer("end_dim", -1))),
                "Identity", Maker.of(_ -> new Identity()),
                "Bilinear", BasicMakers::bilinear,
                "CosineSimilarity", BasicMakers::cosine,
                "PairwiseDistance", BasicMakers::distance);
    }

    private static Linear linear(Arguments config) {
        Linear.Config linear = Linear.Config.of(config.integer("in_features"), config.integer("out_features"))
                .withDType(config.dtype());
        return (config.flag("bias", true) ? linear : linear.withoutBias()).create(config.rng());
    }

    private static ReferenceModule bilinear(Arguments config) {
        Bilinear.Config bilinear = Bilinear.Config.of(config.integer("in1_features"), config.integer("in2_features"),
                config.integer("out_features")).withDType(config.dtype());
        Bilinear layer = (config.flag("bias", true) ? bilinear : bilinear.withoutBias()).create(config.rng());
        return pair(layer, layer::forward, "input1", "input2");
    }

    private static ReferenceModule cosine(Arguments config) {
        CosineSimilarity standard = CosineSimilarity.standard();
        CosineSimilarity module = new CosineSimilarity(config.integer("dim", standard.axis()),
                config.number("eps", standard.epsilon()));
        return pair(module, module::forward, "x1", "x2");
    }

    private static ReferenceModule distance(Arguments config) {
        PairwiseDistance standard = PairwiseDistance.standard();
        PairwiseDistance module = new PairwiseDistance(config.number("p", standard.p()),
                config.number("eps", standard.epsilon()),
                config.flag("keepdim", false) ? LastAxis.KEPT : LastAxis.DROPPED);
        return pair(module, module::forward, "x1", "x2");
    }

    private static ReferenceModule pair(Module module, BinaryOperator<Tensor> forward, String left, String right) {
        return new ReferenceModule(module, in -> List.of(forward.apply(in.tensor(left), in.tensor(right))));
    }
}
