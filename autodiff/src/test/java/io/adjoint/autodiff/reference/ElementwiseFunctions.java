package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Rounding;
import io.adjoint.autodiff.Tensor;

/** Functions of single elements, broadcast against each other. */
final class ElementwiseFunctions {
    private ElementwiseFunctions() {}

    static void addTo(Functions table) {
        addUnary(table);
        addExponential(table);
        addTrigonometric(table);
        addArithmetic(table);
        addBinary(table);
        addLogic(table);
        addChoices(table);
    }

    private static void addUnary(Functions table) {
        table.unary("neg", Tensor::neg);
        table.unary("abs", Tensor::abs);
        table.unary("sign", Tensor::sign);
        table.unary("sqrt", Tensor::sqrt);
        table.unary("rsqrt", Tensor::rsqrt);
        table.unary("square", Tensor::square);
        table.unary("reciprocal", Tensor::reciprocal);
        table.unary("floor", Tensor::floor);
        table.unary("ceil", Tensor::ceil);
        table.row("round", a -> a.tensor("input").round(a.integer("decimals", 0)), "input", "decimals");
        table.unary("trunc", Tensor::trunc);
        table.unary("frac", Tensor::frac);
        table.unary("deg2rad", Tensor::deg2rad);
        table.unary("rad2deg", Tensor::rad2deg);
        table.row("nan_to_num", a -> a.names().size() == 1 ? a.tensor("input").nanToNum()
                : a.tensor("input").nanToNum(a.number("nan", 0), a.number("posinf", Double.MAX_VALUE),
                        a.number("neginf", -Double.MAX_VALUE)),
                "input", "nan", "posinf", "neginf");
    }

    private static void addExponential(Functions table) {
        table.unary("exp", Tensor::exp);
        table.unary("exp2", Tensor::exp2);
        table.unary("expm1", Tensor::expm1);
        table.unary("log", Tensor::log);
        table.unary("log2", Tensor::log2);
        table.unary("log10", Tensor::log10);
        table.unary("log1p", Tensor::log1p);
        table.row("logit", a -> a.has("eps") ? a.tensor("input").logit(a.number("eps", 0)) : a.tensor("input").logit(),
                "input", "eps");
        table.unary("special.entr", Tensor::entr);
        table.unary("special.ndtr", Tensor::ndtr);
        table.unary("erf", Tensor::erf);
        table.unary("erfc", Tensor::erfc);
        table.unary("erfinv", Tensor::erfinv);
        table.unary("lgamma", Tensor::lgamma);
        table.unary("digamma", Tensor::digamma);
        table.unary("i0", Tensor::i0);
    }

    private static void addTrigonometric(Functions table) {
        table.unary("sin", Tensor::sin);
        table.unary("cos", Tensor::cos);
        table.unary("tan", Tensor::tan);
        table.unary("asin", Tensor::asin);
        table.unary("acos", Tensor::acos);
        table.unary("atan", Tensor::atan);
        table.unary("sinh", Tensor::sinh);
        table.unary("cosh", Tensor::cosh);
        table.unary("tanh", Tensor::tanh);
        table.unary("asinh", Tensor::asinh);
        table.unary("acosh", Tensor::acosh);
        table.unary("atanh", Tensor::atanh);
        table.unary("sinc", Tensor::sinc);
    }

    private static void addArithmetic(Functions table) {
        table.row("add", a -> a.isTensor("other")
                ? a.has("alpha") ? a.tensor("input").add(a.tensor("other"), a.number("alpha", 1))
                        : a.tensor("input").add(a.tensor("other"))
                : a.tensor("input").add(a.number("alpha", 1) * a.number("other", 0)), "input", "other", "alpha");
        table.row("sub", a -> a.isTensor("other")
                ? a.has("alpha") ? a.tensor("input").sub(a.tensor("other"), a.number("alpha", 1))
                        : a.tensor("input").sub(a.tensor("other"))
                : a.tensor("input").sub(a.number("alpha", 1) * a.number("other", 0)), "input", "other", "alpha");
        table.binary("mul", Tensor::mul, Tensor::mul);
        table.row("div", ElementwiseFunctions::quotient, "input", "other", "rounding_mode");
        table.binary("floor_divide", Tensor::floorDivide, Tensor::floorDivide);
        table.binary("remainder", Tensor::remainder, Tensor::remainder);
        table.binary("fmod", Tensor::fmod, Tensor::fmod);
        table.row("pow", a -> a.isTensor("input") ? Functions.binary(a, "exponent", Tensor::pow, Tensor::pow)
                : a.tensor("exponent").rpow(a.number("input", 0)), "input", "exponent");
        table.row("addcmul", a -> a.tensor("input").addcmul(a.tensor("tensor1"), a.tensor("tensor2"),
                a.number("value", 1)), "input", "tensor1", "tensor2", "value");
        table.row("addcdiv", a -> a.tensor("input").addcdiv(a.tensor("tensor1"), a.tensor("tensor2"),
                a.number("value", 1)), "input", "tensor1", "tensor2", "value");
        table.row("lerp", a -> a.isTensor("weight")
                ? a.tensor("input").lerp(a.tensor("end"), a.tensor("weight"))
                : a.tensor("input").lerp(a.tensor("end"), a.number("weight", 0)), "input", "end", "weight");
    }

    private static Tensor quotient(Arguments a) {
        if (!a.has("rounding_mode")) {
            return Functions.binary(a, "other", Tensor::div, Tensor::div);
        }
        Rounding rounding = a.text("rounding_mode", "").equals("floor") ? Rounding.FLOOR : Rounding.TRUNC;
        return Functions.binary(a, "other", (x, y) -> x.div(y, rounding), (x, y) -> x.div(y, rounding));
    }

    private static void addBinary(Functions table) {
        table.binary("maximum", Tensor::maximum, Tensor::maximum);
        table.binary("minimum", Tensor::minimum, Tensor::minimum);
        table.row("fmax", a -> a.tensor("input").fmax(a.tensor("other")), "input", "other");
        table.row("fmin", a -> a.tensor("input").fmin(a.tensor("other")), "input", "other");
        table.row("hypot", a -> a.tensor("input").hypot(a.tensor("other")), "input", "other");
        table.row("atan2", a -> a.tensor("input").atan2(a.tensor("other")), "input", "other");
        table.binary("copysign", Tensor::copySign, Tensor::copySign);
        table.row("logaddexp", a -> a.tensor("input").logAddExp(a.tensor("other")), "input", "other");
        table.row("logaddexp2", a -> a.tensor("input").logAddExp2(a.tensor("other")), "input", "other");
        table.binary("xlogy", Tensor::xlogy, Tensor::xlogy);
    }

    private static void addLogic(Functions table) {
        table.binary("eq", Tensor::eq, Tensor::eq);
        table.binary("ne", Tensor::ne, Tensor::ne);
        table.binary("lt", Tensor::lt, Tensor::lt);
        table.binary("le", Tensor::le, Tensor::le);
        table.binary("gt", Tensor::gt, Tensor::gt);
        table.binary("ge", Tensor::ge, Tensor::ge);
        table.unary("logical_not", Tensor::logicalNot);
        table.row("logical_and", a -> a.tensor("input").logicalAnd(a.tensor("other")), "input", "other");
        table.row("logical_or", a -> a.tensor("input").logicalOr(a.tensor("other")), "input", "other");
        table.row("logical_xor", a -> a.tensor("input").logicalXor(a.tensor("other")), "input", "other");
    }

    private static void addChoices(Functions table) {
        table.row("clamp", a -> {
            Tensor x = a.tensor("input");
            if (a.isTensor("min") && a.isTensor("max")) {
                return x.clamp(a.tensor("min"), a.tensor("max"));
            }
            Tensor raised = a.isTensor("min") ? x.clampMin(a.tensor("min"))
                    : a.has("min") ? x.clampMin(a.number("min", 0)) : x;
            return a.isTensor("max") ? raised.clampMax(a.tensor("max"))
                    : a.has("max") ? raised.clampMax(a.number("max", 0)) : raised;
        }, "input", "min", "max");
    }
}
