package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;

/** Activation functions. */
final class ActivationFunctions {
    private ActivationFunctions() {}

    static void addTo(Functions table) {
        addSmooth(table);
        addPieces(table);
    }

    private static void addSmooth(Functions table) {
        table.unary("sigmoid", Tensor::sigmoid);
        table.unary("logsigmoid", Tensor::logSigmoid);
        table.unary("silu", Tensor::silu);
        table.unary("mish", Tensor::mish);
        table.unary("softsign", Tensor::softsign);
        table.unary("tanhshrink", Tensor::tanhshrink);
        table.row("gelu", a -> a.text("approximate", "none").equals("tanh") ? a.tensor("input").geluTanh()
                : a.tensor("input").gelu(), "input", "approximate");
        table.row("softplus", a -> a.tensor("input").softplus(a.number("beta", 1), a.number("threshold", 20)),
                "input", "beta", "threshold");
        table.row("glu", a -> a.tensor("input").glu(a.integer("dim", -1)), "input", "dim");
    }

    private static void addPieces(Functions table) {
        table.unary("relu", Tensor::relu);
        table.unary("relu6", Tensor::relu6);
        table.row("hardtanh", a -> a.tensor("input").hardtanh(a.number("min_val", -1), a.number("max_val", 1)),
                "input", "min_val", "max_val");
        table.unary("hardsigmoid", Tensor::hardsigmoid);
        table.unary("hardswish", Tensor::hardswish);
        table.row("hardshrink", a -> a.tensor("input").hardshrink(a.number("lambd", 0.5)), "input", "lambd");
        table.row("softshrink", a -> a.tensor("input").softshrink(a.number("lambd", 0.5)), "input", "lambd");
        table.row("threshold", a -> a.tensor("input").threshold(a.number("threshold", 0), a.number("value", 0)),
                "input", "threshold", "value");
        table.row("leaky_relu", a -> a.tensor("input").leakyRelu(a.number("negative_slope", 0.01)),
                "input", "negative_slope");
        table.row("rrelu", a -> {
            double lower = a.number("lower", 1.0 / 8);
            double upper = a.number("upper", 1.0 / 3);
            return a.flag("training", false) ? a.tensor("input").rrelu(Rng.seed(0), lower, upper)
                    : a.tensor("input").rrelu(lower, upper);
        }, "input", "lower", "upper", "training");
        table.row("prelu", a -> a.tensor("input").prelu(a.tensor("weight")), "input", "weight");
        table.row("elu", a -> a.tensor("input").elu(a.number("alpha", 1)), "input", "alpha");
        table.row("celu", a -> a.tensor("input").celu(a.number("alpha", 1)), "input", "alpha");
        table.unary("selu", Tensor::selu);
    }
}
