package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import java.util.List;

/** Poisson distributed counts with a mean (attempts: Hoermann 1993, PTRS). */
record PoissonForm() implements CountForm {
    @Override
    public List<Tensor> plain(List<Tensor> parameters) {
        return List.of(isDefined(parameters).where(parameters.getFirst(), 0));
    }

    @Override
    public Tensor isDefined(List<Tensor> parameters) {
        Tensor mean = parameters.getFirst();
        return mean.ge(0).and(mean.lt(Double.POSITIVE_INFINITY));
    }

    @Override
    public Tensor mean(List<Tensor> parameters) {
        return parameters.getFirst();
    }

    @Override
    public Tensor variance(List<Tensor> parameters) {
        return parameters.getFirst();
    }

    @Override
    public Tensor first(List<Tensor> parameters) {
        return mean(parameters).neg().exp();
    }

    @Override
    public Tensor ratio(List<Tensor> parameters, Tensor count) {
        return mean(parameters).div(count);
    }

    @Override
    public Tensor greatest(List<Tensor> parameters) {
        return Tensor.scalar(Double.POSITIVE_INFINITY, mean(parameters).dtype());
    }

    @Override
    public Tensor otherwise(List<Tensor> parameters) {
        return mean(parameters).floor();
    }

    @Override
    public Attempt attempt(List<Tensor> parameters, Tensor u, Tensor v) {
        Tensor mean = mean(parameters);
        Tensor b = mean.sqrt().mul(2.53).add(0.931);
        Tensor a = b.mul(0.02483).add(-0.059);
        Tensor inverseAlpha = b.sub(3.4).rdiv(1.1328).add(1.1239);
        Tensor surely = b.sub(2).rdiv(3.6224).rsub(0.9277);
        Tensor edge = u.abs().rsub(0.5);
        Tensor count = a.mul(2).div(edge).add(b).mul(u).add(mean).add(0.43).floor();
        Tensor isSure = edge.ge(0.07).and(v.le(surely));
        Tensor isInside = count.ge(0).and(edge.ge(0.013).or(v.le(edge)));
        Tensor log = v.mul(inverseAlpha).div(a.div(edge.mul(edge)).add(b)).log();
        Tensor bound = count.mul(mean.log()).sub(mean).sub(count.add(1).lgamma());
        return new Attempt(count, isSure.or(isInside.and(log.le(bound))));
    }

    @Override
    public Tensor result(List<Tensor> parameters, Tensor count) {
        return count;
    }
}
