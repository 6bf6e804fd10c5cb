package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;

/** Functions of single elements, broadcast against each other. */
final class ElementwiseFunctions {
    private ElementwiseFunctions() {}

    static void addTo(Functions table) {
        addUnary(table);
        addActivations(table);
        addArithmetic(table);
        addLogic(table);
    }

    private static void addUnary(Functions table) {
        table.unary("neg", Tensor::neg);
        table.unary("abs", Tensor::abs);
        table.unary("sign", Tensor::sign);
        table.unary("sqrt", Tensor::sqrt);
        table.unary("rsqrt", x -> x.sqrt().reciprocal());
        table.unary("square", Tensor::square);
        table.unary("reciprocal", Tensor::reciprocal);
        table.unary("exp", Tensor::exp);
        table.unary("expm1", Tensor::expm1);
        table.unary("log", Tensor::log);
        table.unary("log1p", Tensor::log1p);
        table.unary("sin", Tensor::sin);
        table.unary("cos", Tensor::cos);
        table.unary("erf", Tensor::erf);
        table.unary("floor", Tensor::floor);
        table.unary("ceil", Tensor::ceil);
        table.unary("round", Tensor::round);
        table.unary("trunc", x -> x.sign().mul(x.abs().floor()));
        table.unary("frac", x -> x.sub(x.sign().mul(x.abs().floor())));
        table.unary("tan", x -> x.sin().div(x.cos()));
        table.unary("exp2", x -> Tensor.scalar(2, x.dtype()).pow(x));
        table.unary("deg2rad", x -> x.mul(Math.PI / 180));
        table.unary("rad2deg", x -> x.mul(180 / Math.PI));
        table.unary("logit", x -> x.log().sub(x.neg().log1p()));
        table.unary("special.ndtr", x -> x.mul(Math.sqrt(0.5)).erf().add(1).mul(0.5));
    }

    private static void addActivations(Functions table) {
        table.unary("tanh", Tensor::tanh);
        table.unary("sigmoid", Tensor::sigmoid);
        table.unary("relu", Tensor::relu);
        table.unary("softplus", Tensor::softplus);
        table.unary("logsigmoid", x -> x.neg().softplus().neg());
        table.unary("silu", x -> x.mul(x.sigmoid()));
        table.unary("mish", x -> x.mul(x.softplus().tanh()));
        table.unary("softsign", x -> x.div(x.abs().add(1)));
        table.unary("tanhshrink", x -> x.sub(x.tanh()));
        table.row("gelu", a -> {
            Tensor x = a.tensor("input");
            return x.mul(x.mul(Math.sqrt(0.5)).erf().add(1).mul(0.5));
        }, "input", "approximate");
        table.onlyIf("gelu", a -> a.text("approximate", "none").equals("none"));
        table.row("leaky_relu", a -> {
            Tensor x = a.tensor("input");
            return x.gt(0).where(x, x.mul(a.number("negative_slope", 0.01)));
        }, "input", "negative_slope");
        table.row("threshold", a -> {
            Tensor x = a.tensor("input");
            return x.le(a.number("threshold", 0)).where(a.number("value", 0), x);
        }, "input", "threshold", "value");
        table.unary("relu6", x -> between(x, 0, 6));
        table.row("hardtanh", a -> between(a.tensor("input"), a.number("min_val", -1), a.number("max_val", 1)),
                "input", "min_val", "max_val");
        table.unary("hardsigmoid", x -> between(x.div(6).add(0.5), 0, 1));
        table.row("hardshrink", a -> {
            Tensor x = a.tensor("input");
            return x.abs().le(a.number("lambd", 0.5)).where(0, x);
        }, "input", "lambd");
        table.row("softshrink", a -> {
            Tensor x = a.tensor("input");
            return x.abs().le(a.number("lambd", 0.5)).where(0, x.sub(x.sign().mul(a.number("lambd", 0.5))));
        }, "input", "lambd");
        table.row("elu", a -> exponentialBelow(a.tensor("input"), a.number("alpha", 1), 1), "input", "alpha");
        table.row("celu", a -> exponentialBelow(a.tensor("input"), a.number("alpha", 1), a.number("alpha", 1)),
                "input", "alpha");
        table.unary("selu", x -> exponentialBelow(x, 1.6732632423543772, 1).mul(1.0507009873554805));
        table.row("glu", a -> {
            Tensor x = a.tensor("input");
            int axis = a.integer("dim", -1);
            int half = x.dim(axis) / 2;
            return x.slice(axis, 0, half).mul(x.slice(axis, half, 2 * half).sigmoid());
        }, "input", "dim");
        table.row("prelu", a -> {
            Tensor x = a.tensor("input");
            Tensor slope = a.tensor("weight");
            for (int axis = 2; axis < x.rank() && slope.size() > 1; axis++) {
                slope = slope.unsqueeze(-1);
            }
            return x.gt(0).where(x, x.mul(x.rank() == 0 ? slope.reshape(x.shape()) : slope));
        }, "input", "weight");
        table.row("clamp", a -> {
            Tensor x = a.tensor("input");
            Tensor raised = a.has("min") ? x.lt(a.number("min", 0)).where(a.number("min", 0), x) : x;
            return a.has("max") ? raised.gt(a.number("max", 0)).where(a.number("max", 0), raised) : raised;
        }, "input", "min", "max");
        table.onlyIf("clamp", a -> !a.isTensor("min") && !a.isTensor("max"));
    }

    /** The bounds are outside: there the gradient is 0. */
    private static Tensor between(Tensor x, double low, double high) {
        return x.le(low).where(low, x.ge(high).where(high, x));
    }

    /** {@code scale (e^(x / width) - 1)} below 0; what is above is hidden from the exponential, lest it overflow. */
    private static Tensor exponentialBelow(Tensor x, double scale, double width) {
        Tensor below = x.gt(0).where(0, x);
        return x.gt(0).where(x, below.div(width).expm1().mul(scale));
    }

    private static void addArithmetic(Functions table) {
        table.row("add", a -> Functions.binary(a, "other",
                (x, y) -> x.add(scaled(a, "alpha", y)), (x, y) -> x.add(a.number("alpha", 1) * y)),
                "input", "other", "alpha");
        table.row("sub", a -> Functions.binary(a, "other",
                (x, y) -> x.sub(scaled(a, "alpha", y)), (x, y) -> x.sub(a.number("alpha", 1) * y)),
                "input", "other", "alpha");
        table.binary("mul", Tensor::mul, Tensor::mul);
        table.binary("div", Tensor::div, Tensor::div);
        table.binary("maximum", Tensor::maximum, Tensor::maximum);
        table.binary("minimum", Tensor::minimum, Tensor::minimum);
        table.row("fmax", a -> inputWhere(a, a.tensor("input").ge(a.tensor("other"))), "input", "other");
        table.row("fmin", a -> inputWhere(a, a.tensor("input").le(a.tensor("other"))), "input", "other");
        table.row("xlogy", a -> {
            Tensor y = a.tensor("other");
            Tensor x = a.tensor("input");
            return x.eq(0).and(y.isNaN().not()).where(0, x.mul(y.log()));
        }, "input", "other");
        table.row("pow", a -> Functions.binary(a, "exponent", Tensor::pow, Tensor::pow), "input", "exponent");
        // powers of integers are integers there, floats here
        table.onlyIf("pow", a -> a.isTensor("input") && a.tensor("input").dtype().isFloat());
        table.row("addcmul", a -> a.tensor("input")
                .add(scaled(a, "value", a.tensor("tensor1").mul(a.tensor("tensor2")))),
                "input", "tensor1", "tensor2", "value");
        table.row("addcdiv", a -> a.tensor("input")
                .add(scaled(a, "value", a.tensor("tensor1").div(a.tensor("tensor2")))),
                "input", "tensor1", "tensor2", "value");
        table.row("lerp", a -> {
            Tensor start = a.tensor("input");
            Tensor way = a.tensor("end").sub(start);
            return start.add(a.isTensor("weight") ? way.mul(a.tensor("weight")) : way.mul(a.number("weight", 0)));
        }, "input", "end", "weight");
    }

    private static void addLogic(Functions table) {
        table.binary("eq", Tensor::eq, Tensor::eq);
        table.binary("ne", Tensor::ne, Tensor::ne);
        table.binary("lt", Tensor::lt, Tensor::lt);
        table.binary("le", Tensor::le, Tensor::le);
        table.binary("gt", Tensor::gt, Tensor::gt);
        table.binary("ge", Tensor::ge, Tensor::ge);
        table.unary("logical_not", x -> truth(x).not());
        table.row("logical_and", a -> truth(a.tensor("input")).and(truth(a.tensor("other"))), "input", "other");
        table.row("logical_or", a -> truth(a.tensor("input")).or(truth(a.tensor("other"))), "input", "other");
        table.row("logical_xor", a -> truth(a.tensor("input")).xor(truth(a.tensor("other"))), "input", "other");
        table.row("where", a -> a.tensor("condition").where(a.tensor("input"), a.tensor("other")),
                "condition", "input", "other");
        table.onlyIf("where", a -> a.isTensor("input") && a.isTensor("other"));
        table.row("masked_fill", a -> a.isTensor("value")
                ? a.tensor("mask").where(a.tensor("value"), a.tensor("input"))
                : a.tensor("mask").where(a.number("value", 0), a.tensor("input")), "input", "mask", "value");
    }

    /** The input where it was chosen or the other is NaN, else the other. */
    private static Tensor inputWhere(Arguments a, Tensor chosen) {
        return chosen.or(a.tensor("other").isNaN()).where(a.tensor("input"), a.tensor("other"));
    }

    private static Tensor scaled(Arguments a, String name, Tensor x) {
        return a.has(name) ? x.mul(a.number(name, 1)) : x;
    }

    private static Tensor truth(Tensor x) {
        return x.cast(DType.BOOL);
    }
}
