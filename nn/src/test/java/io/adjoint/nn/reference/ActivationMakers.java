package io.adjoint.nn.reference;

import io.adjoint.nn.Activation;
import io.adjoint.nn.AlphaDropout;
import io.adjoint.nn.Celu;
import io.adjoint.nn.ChannelDropout;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Elu;
import io.adjoint.nn.FeatureAlphaDropout;
import io.adjoint.nn.Glu;
import io.adjoint.nn.Hardshrink;
import io.adjoint.nn.Hardtanh;
import io.adjoint.nn.Layer;
import io.adjoint.nn.LeakyRelu;
import io.adjoint.nn.LogSoftmax;
import io.adjoint.nn.PRelu;
import io.adjoint.nn.RRelu;
import io.adjoint.nn.Softmax;
import io.adjoint.nn.Softmax2d;
import io.adjoint.nn.Softmin;
import io.adjoint.nn.Softplus;
import io.adjoint.nn.Softshrink;
import io.adjoint.nn.Threshold;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Activations, and what drops at random. */
final class ActivationMakers {
    private ActivationMakers() {}

    static Map<String, Maker> all() {
        Map<String, Maker> makers = new HashMap<>();
        plain(makers, Map.ofEntries(
                Map.entry("Hardsigmoid", Activation.HARDSIGMOID),
                Map.entry("Hardswish", Activation.HARDSWISH),
                Map.entry("LogSigmoid", Activation.LOG_SIGMOID),
                Map.entry("Mish", Activation.MISH),
                Map.entry("ReLU", Activation.RELU),
                Map.entry("ReLU6", Activation.RELU6),
                Map.entry("SELU", Activation.SELU),
                Map.entry("SiLU", Activation.SILU),
                Map.entry("Sigmoid", Activation.SIGMOID),
                Map.entry("Softmax2d", new Softmax2d()),
                Map.entry("Softsign", Activation.SOFTSIGN),
                Map.entry("Tanh", Activation.TANH),
                Map.entry("Tanhshrink", Activation.TANHSHRINK)));
        configured(makers);
        random(makers);
        return makers;
    }

    private static void plain(Map<String, Maker> makers, Map<String, Layer> layers) {
        layers.forEach((name, layer) -> put(makers, name, _ -> layer));
    }

    private static void configured(Map<String, Maker> makers) {
        put(makers, "CELU", config -> new Celu(config.number("alpha", Celu.standard().alpha())));
        put(makers, "ELU", config -> new Elu(config.number("alpha", Elu.standard().alpha())));
        put(makers, "GELU", config -> switch (config.text("approximate", "none")) {
            case "tanh" -> Activation.GELU_TANH;
            default -> Activation.GELU;
        });
        put(makers, "GLU", config -> new Glu(config.integer("dim", Glu.standard().axis())));
        put(makers, "Hardshrink", config -> new Hardshrink(config.number("lambd", Hardshrink.standard().lambda())));
        put(makers, "Hardtanh", config -> new Hardtanh(config.number("min_val", Hardtanh.standard().low()),
                config.number("max_val", Hardtanh.standard().high())));
        put(makers, "LeakyReLU",
                config -> new LeakyRelu(config.number("negative_slope", LeakyRelu.standard().slope())));
        put(makers, "LogSoftmax", config -> alongAxis(config, LogSoftmax::new));
        put(makers, "PReLU", config -> PRelu.of(config.integer("num_parameters", 1), config.number("init", 0.25),
                config.dtype()));
        put(makers, "Softmax", config -> alongAxis(config, Softmax::new));
        put(makers, "Softmin", config -> alongAxis(config, Softmin::new));
        put(makers, "Softplus", config -> new Softplus(config.number("beta", 1), config.number("threshold",
                Softplus.of(1).threshold())));
        put(makers, "Softshrink", config -> new Softshrink(config.number("lambd", Softshrink.standard().lambda())));
        put(makers, "Threshold", config -> new Threshold(config.number("threshold", 0), config.number("value", 0)));
    }

    private static void random(Map<String, Maker> makers) {
        put(makers, "RReLU", config -> {
            RRelu standard = RRelu.of(config.rng());
            return RRelu.of(config.number("lower", standard.lower()), config.number("upper", standard.upper()),
                    config.rng());
        });
        put(makers, "Dropout", config -> Dropout.of(config.number("p", 0.5), config.rng()));
        put(makers, "Dropout1d", config -> ChannelDropout.of1d(config.number("p", 0.5), config.rng()));
        put(makers, "Dropout2d", config -> ChannelDropout.of2d(config.number("p", 0.5), config.rng()));
        put(makers, "Dropout3d", config -> ChannelDropout.of3d(config.number("p", 0.5), config.rng()));
        put(makers, "AlphaDropout", config -> AlphaDropout.of(config.number("p", 0.5), config.rng()));
        put(makers, "FeatureAlphaDropout", config -> FeatureAlphaDropout.of(config.number("p", 0.5), config.rng()));
    }

    private static void put(Map<String, Maker> makers, String name, Function<Arguments, Layer> make) {
        makers.put(name, Maker.of(config -> {
            config.flag("inplace", false); // tensors never change, so it says nothing here
            return make.apply(config);
        }));
    }

    /** Without an axis PyTorch takes that of the examples, or of the classes where there are even numbers of axes, or many. */
    private static Layer alongAxis(Arguments config, IntFunction<Layer> make) {
        return config.has("dim") ? make.apply(config.integer("dim"))
                : x -> make.apply(x.rank() == 0 || x.rank() == 1 || x.rank() == 3 ? 0 : 1).forward(x);
    }
}
