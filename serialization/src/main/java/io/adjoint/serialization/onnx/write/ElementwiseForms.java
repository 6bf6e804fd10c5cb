package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.BesselI;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.GammaSlope;
import io.adjoint.autodiff.op.IncompleteBeta;
import io.adjoint.autodiff.op.IncompleteGamma;
import io.adjoint.autodiff.op.IncompleteGamma.Tail;
import io.adjoint.autodiff.op.Polygamma;
import io.adjoint.autodiff.op.SincDerivative;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.serialization.onnx.write.Lowering.Decomposition;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Elementwise operations that ONNX lacks, in terms of those that it has. Small results keep their digits where it matters. */
final class ElementwiseForms {
    private static final double LN2 = 0.6931471805599453;

    /** Where the exact formula for small numbers takes over. */
    private static final double SMALL = 0.5;

    private ElementwiseForms() {}

    static Optional<Decomposition> of(Elementwise op) {
        return switch (op) {
            case Unary unary -> unary(unary).map(form -> in -> form.apply(in.getFirst()));
            case Binary binary -> binary(binary).map(form -> in -> form.apply(in.getFirst(), in.getLast()));
            case Polygamma(int order) ->
                Optional.of(in -> inDouble(x -> GammaForms.polygamma(order, x), in.getFirst()));
            case BesselI(int order) -> Optional.of(in -> inDouble(x -> SeriesForms.besseli(order, x), in.getFirst()));
            case SincDerivative(int order) ->
                Optional.of(in -> inDouble(x -> SeriesForms.sinc(order, x), in.getFirst()));
            case IncompleteGamma(Tail tail, int order) ->
                Optional.of(inColumns(in -> IncompleteGammaForm.of(tail, order, in.getFirst(), in.getLast())));
            case GammaSlope(int order) ->
                Optional.of(inColumns(in -> IncompleteGammaForm.slope(order, in.getFirst(), in.getLast())));
            case IncompleteBeta(int first, int second) ->
                Optional.of(inColumns(in -> IncompleteBetaForm.of(first, second, in.get(0), in.get(1), in.get(2))));
            default -> Optional.empty();
        };
    }

    private static Optional<UnaryOperator<Tensor>> unary(Unary op) {
        return Optional.ofNullable(switch (op) {
            case RSQRT -> x -> x.sqrt().reciprocal();
            case EXP2 -> x -> x.rpow(2);
            case EXPM1 -> ElementwiseForms::expm1;
            case LOG2 -> x -> x.log().mul(1 / LN2);
            case LOG10 -> x -> x.log().mul(1 / Math.log(10));
            case LOG1P -> ElementwiseForms::log1p;
            case LOGIT -> x -> x.div(x.rsub(1)).log();
            case ENTR -> ElementwiseForms::entr;
            case TANHSHRINK -> x -> x.sub(x.tanh());
            case SINC -> ElementwiseForms::sinc;
            case LOG_SIGMOID -> x -> Unary.SOFTPLUS.apply(x.neg()).neg();
            case SILU -> x -> x.mul(x.sigmoid());
            case SOFTPLUS -> x -> x.maximum(0).add(x.abs().neg().exp().log1p());
            case ERFC -> x -> Unary.ERF.apply(x).rsub(1);
            case ERFINV -> ErrorFunction::inverse;
            case NDTR -> ElementwiseForms::ndtr;
            case GELU_SLOPE -> ElementwiseForms::geluSlope;
            case I0 -> x -> inDouble(wide -> SeriesForms.besseli(0, wide), x);
            case LGAMMA -> x -> inDouble(GammaForms::lgamma, x);
            case DIGAMMA -> x -> inDouble(GammaForms::digamma, x);
            case TRUNC -> x -> x.sign().mul(x.abs().floor());
            case IS_FINITE -> x -> x.abs().lt(Double.POSITIVE_INFINITY);
            default -> null;
        });
    }

    private static Optional<BinaryOperator<Tensor>> binary(Binary op) {
        return Optional.ofNullable(switch (op) {
            case TRUNC_DIVIDE -> (a, b) -> a.div(b).trunc();
            case FLOOR_DIVIDE -> ElementwiseForms::floorDivide;
            case REMAINDER -> ElementwiseForms::remainder;
            case FMAX -> (a, b) -> b.isNaN().or(b.le(a)).where(a, b);
            case FMIN -> (a, b) -> b.isNaN().or(a.le(b)).where(a, b);
            case HYPOT -> ElementwiseForms::hypot;
            case ATAN2 -> ElementwiseForms::atan2;
            case COPY_SIGN -> (a, b) -> b.lt(0).or(b.eq(0).and(b.reciprocal().lt(0))).where(a.abs().neg(), a.abs());
            case LOG_ADD_EXP -> (a, b) -> a.maximum(b).add(
                    a.eq(b).where(LN2, Unary.SOFTPLUS.apply(a.sub(b).abs().neg())));
            case LOG_ADD_EXP2 -> (a, b) -> a.maximum(b).add(
                    a.eq(b).where(1, Unary.SOFTPLUS.apply(a.sub(b).abs().mul(-LN2)).mul(1 / LN2)));
            case XLOGY -> (a, b) -> {
                Tensor isZero = a.eq(0).and(b.isNaN().not());
                return isZero.where(0, a.mul(isZero.where(1, b).log()));
            };
            default -> null;
        });
    }

    /** Rare and difficult functions are computed in double for both float dtypes, as our own are. */
    private static Tensor inDouble(UnaryOperator<Tensor> form, Tensor x) {
        return form.apply(x.cast(DType.F64)).cast(x.dtype());
    }

    /** The same for a form of columns, all of one length. */
    private static Decomposition inColumns(Decomposition form) {
        return in -> {
            Shape shape = in.stream().map(Tensor::shape).reduce(Shape.scalar(),
                    (left, right) -> Shape.broadcast("columns", left, right));
            DType dtype = in.getFirst().dtype();
            return shape.size() == 0 ? Tensor.zeros(shape, dtype)
                    : form.apply(Columns.of(in, shape)).reshape(shape).cast(dtype);
        };
    }

    /** By the tangent of half the argument where the difference would cancel. */
    private static Tensor expm1(Tensor x) {
        Tensor isSmall = x.abs().lt(SMALL);
        Tensor half = isSmall.where(x, 0).mul(0.5).tanh();
        return isSmall.where(half.mul(2).div(half.rsub(1)), x.exp().sub(1));
    }

    /** What the sum with 1 loses is brought back by a quotient (Kahan; Higham, Accuracy and Stability, 2002, 1.14.1). */
    private static Tensor log1p(Tensor x) {
        Tensor sum = x.add(1);
        Tensor rounded = sum.sub(1);
        Tensor vanishes = rounded.eq(0);
        Tensor small = vanishes.where(x, sum.log().mul(x).div(vanishes.where(1, rounded)));
        return x.abs().lt(SMALL).where(small, sum.log());
    }

    private static Tensor ndtr(Tensor x) {
        return Unary.ERF.apply(x.mul(Math.sqrt(0.5))).add(1).mul(0.5);
    }

    private static Tensor geluSlope(Tensor x) {
        Tensor density = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
        return ndtr(x).add(x.mul(density));
    }

    private static Tensor entr(Tensor x) {
        Tensor isPositive = x.gt(0);
        Tensor edge = x.lt(0).where(Double.NEGATIVE_INFINITY, x.abs());
        return isPositive.where(x.mul(isPositive.where(x, 1).log()).neg(), edge);
    }

    private static Tensor sinc(Tensor x) {
        Tensor isZero = x.eq(0);
        Tensor angle = isZero.where(1, x.mul(Math.PI));
        return isZero.where(1, angle.sin().div(angle));
    }

    private static Tensor remainder(Tensor a, Tensor b) {
        Tensor rest = a.fmod(b);
        return rest.ne(0).and(rest.lt(0).ne(b.lt(0))).where(rest.add(b), rest);
    }

    /** What is left without the rest is a multiple of the divisor. */
    private static Tensor floorDivide(Tensor a, Tensor b) {
        Tensor quotient = a.sub(a.remainder(b));
        return a.dtype().isFloat() ? quotient.div(b).round() : Binary.TRUNC_DIVIDE.apply(quotient, b);
    }

    private static Tensor hypot(Tensor a, Tensor b) {
        Tensor longer = a.abs().maximum(b.abs());
        Tensor ratio = a.abs().minimum(b.abs()).div(longer.eq(0).where(1, longer));
        return longer.isInf().where(longer, longer.mul(ratio.square().add(1).sqrt()));
    }

    /** The slope is always that of the longer side, so it never overflows. */
    private static Tensor atan2(Tensor y, Tensor x) {
        Tensor isSteep = y.abs().gt(x.abs());
        Tensor below = isSteep.where(x, y);
        Tensor above = isSteep.where(y, x);
        Tensor slope = below.div(above.eq(0).where(1, above)).atan();
        Tensor half = y.lt(0).where(Tensor.scalar(-Math.PI, y.dtype()), Tensor.scalar(Math.PI, y.dtype()));
        return isSteep.where(half.mul(0.5).sub(slope), x.lt(0).where(slope.add(half), slope));
    }
}
