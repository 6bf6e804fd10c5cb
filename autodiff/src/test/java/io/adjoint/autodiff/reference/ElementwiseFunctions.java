package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rounding;
import io.adjoint.autodiff.Tensor;
import java.util.function.BinaryOperator;

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
        table.row("nan_to_num", a -> {
            double most = a.tensor("input").dtype() == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
            return a.tensor("input").nanToNum(a.number("nan", 0), a.number("posinf", most), a.number("neginf", -most));
        }, "input", "nan", "posinf", "neginf");
        table.unary("clone", Tensor::copy);
        table.unary("isfinite", Tensor::isFinite);
        table.unary("isinf", Tensor::isInf);
        table.unary("isnan", Tensor::isNaN);
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
        table.row("add", a -> {
            double alpha = a.number("alpha", 1);
            return Functions.binary(a, "other", (x, y) -> x.add(y, alpha), (x, y) -> x.add(alpha * y));
        }, "input", "other", "alpha");
        table.row("sub", a -> {
            double alpha = a.number("alpha", 1);
            return Functions.binary(a, "other", (x, y) -> x.sub(y, alpha), (x, y) -> x.sub(alpha * y));
        }, "input", "other", "alpha");
        table.row("rsub", a -> reversed(a, Tensor::sub, Tensor::rsub), "input", "other");
        table.row("rdiv", a -> reversed(a, Tensor::div, Tensor::rdiv), "input", "other");
        table.row("rpow", a -> reversed(a, Tensor::pow, Tensor::rpow), "input", "other");
        table.binary("mul", Tensor::mul, Tensor::mul);
        table.row("div", ElementwiseFunctions::quotient, "input", "other", "rounding_mode");
        table.binary("floor_divide", Tensor::floorDivide, Tensor::floorDivide);
        table.binary("remainder", Tensor::remainder, Tensor::remainder);
        table.binary("fmod", Tensor::fmod, Tensor::fmod);
        table.row("pow", a -> a.isTensor("input") ? Functions.binary(a, "exponent", Tensor::pow, Tensor::pow)
                : a.tensor("exponent").rpow(a.number("input", 0)), "input", "exponent");
        // F64 whatever goes in; in the run in F32, a float32 is expected
        table.row("float_power",
                a -> Functions.binary(a, "exponent", Tensor::floatPower, Tensor::floatPower).cast(a.resultFloat()),
                "input", "exponent");
        table.row("addcmul", a -> a.tensor("input").addcmul(a.tensor("tensor1"), a.tensor("tensor2"),
                a.number("value", 1)), "input", "tensor1", "tensor2", "value");
        table.row("addcdiv", a -> a.tensor("input").addcdiv(a.tensor("tensor1"), a.tensor("tensor2"),
                a.number("value", 1)), "input", "tensor1", "tensor2", "value");
        table.row("lerp", a -> a.isTensor("weight")
                ? a.tensor("input").lerp(a.tensor("end"), a.tensor("weight"))
                : a.tensor("input").lerp(a.tensor("end"), a.number("weight", 0)), "input", "end", "weight");
    }

    /** A function of {@code other} and {@code input} in this order, for which there may be one of a number. */
    private static Tensor reversed(Arguments a, BinaryOperator<Tensor> body, Functions.WithNumber ofNumber) {
        return Functions.binary(a, "other", (x, y) -> body.apply(y, x), ofNumber);
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
        table.pair("fmax", Tensor::fmax);
        table.pair("fmin", Tensor::fmin);
        table.pair("hypot", Tensor::hypot);
        table.pair("atan2", Tensor::atan2);
        table.binary("copysign", Tensor::copySign, Tensor::copySign);
        table.pair("logaddexp", Tensor::logAddExp);
        table.pair("logaddexp2", Tensor::logAddExp2);
        table.binary("xlogy", Tensor::xlogy, Tensor::xlogy);
        table.row("heaviside", a -> a.tensor("input").heaviside(a.tensor("values")), "input", "values");
    }

    private static void addLogic(Functions table) {
        table.binary("eq", Tensor::eq, Tensor::eq);
        table.binary("ne", Tensor::ne, Tensor::ne);
        table.binary("lt", Tensor::lt, Tensor::lt);
        table.binary("le", Tensor::le, Tensor::le);
        table.binary("gt", Tensor::gt, Tensor::gt);
        table.binary("ge", Tensor::ge, Tensor::ge);
        table.unary("logical_not", Tensor::logicalNot);
        table.pair("logical_and", Tensor::logicalAnd);
        table.pair("logical_or", Tensor::logicalOr);
        table.pair("logical_xor", Tensor::logicalXor);
        table.row("isclose", a -> {
            Tensor x = a.tensor("input");
            double relative = a.number("rtol", 1e-5);
            double absolute = a.number("atol", 1e-8);
            return a.flag("equal_nan", false) ? x.isCloseOrBothNaN(a.tensor("other"), relative, absolute)
                    : x.isClose(a.tensor("other"), relative, absolute);
        }, "input", "other", "rtol", "atol", "equal_nan");
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
