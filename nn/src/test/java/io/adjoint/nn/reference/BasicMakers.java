package io.adjoint.nn.reference;

import io.adjoint.nn.Activation;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Linear;
import io.adjoint.nn.LogSoftmax;
import io.adjoint.nn.Softmax;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.Map;

/** Layers that are no member of a larger family. */
final class BasicMakers {
    private BasicMakers() {}

    static Map<String, Maker> all() {
        return Map.of(
                "Linear", Maker.of(BasicMakers::linear),
                "Flatten",
                Maker.of(config -> new Flatten(config.integer("start_dim", 1), config.integer("end_dim", -1))),
                "ReLU", Maker.of(_ -> Activation.RELU),
                "Tanh", Maker.of(_ -> Activation.TANH),
                "Sigmoid", Maker.of(_ -> Activation.SIGMOID),
                "GELU", Maker.of(_ -> Activation.GELU),
                "LogSoftmax", Maker.of(config -> new LogSoftmax(config.integer("dim"))),
                "Softmax", Maker.of(config -> new Softmax(config.integer("dim"))));
    }

    private static Linear linear(Arguments config) {
        Linear.Config linear = Linear.Config.of(config.integer("in_features"), config.integer("out_features"))
                .withDType(config.dtype());
        return (config.flag("bias", true) ? linear : linear.withoutBias()).create(config.rng());
    }
}
