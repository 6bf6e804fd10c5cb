package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import java.util.List;

/** Numbers of successes in trials with a chance (attempts: Hoermann 1993, BTRS); counted is what is rarer. */
record BinomialForm() implements CountForm {
    @Override
    public List<Tensor> plain(List<Tensor> parameters) {
        Tensor isDefined = isDefined(parameters);
        return parameters.stream().map(parameter -> isDefined.where(parameter, 0)).toList();
    }

    @Override
    public Tensor isDefined(List<Tensor> parameters) {
        Tensor trials = parameters.getFirst();
        Tensor chance = parameters.getLast();
        return trials.ge(0).and(trials.eq(trials.round())).and(trials.lt(0x1p53)).and(chance.ge(0)).and(chance.le(1));
    }

    /** The chance of what is rarer. */
    private static Tensor rare(List<Tensor> parameters) {
        return parameters.getLast().minimum(parameters.getLast().rsub(1));
    }

    @Override
    public Tensor mean(List<Tensor> parameters) {
        return parameters.getFirst().mul(rare(parameters));
    }

    @Override
    public Tensor variance(List<Tensor> parameters) {
        return mean(parameters).mul(rare(parameters).rsub(1));
    }

    @Override
    public Tensor first(List<Tensor> parameters) {
        return parameters.getFirst().mul(rare(parameters).neg().log1p()).exp();
    }

    @Override
    public Tensor ratio(List<Tensor> parameters, Tensor count) {
        Tensor p = rare(parameters);
        return parameters.getFirst().sub(count).add(1).div(count).mul(p.div(p.rsub(1)));
    }

    @Override
    public Tensor greatest(List<Tensor> parameters) {
        return parameters.getFirst();
    }

    @Override
    public Tensor otherwise(List<Tensor> parameters) {
        return parameters.getFirst().add(1).mul(rare(parameters)).floor();
    }

    @Override
    public Attempt attempt(List<Tensor> parameters, Tensor u, Tensor v) {
        Tensor trials = parameters.getFirst();
        Tensor p = rare(parameters);
        Tensor deviation = variance(parameters).sqrt();
        Tensor b = deviation.mul(2.53).add(1.15);
        Tensor a = b.mul(0.0248).add(-0.0873).add(p.mul(0.01));
        Tensor centre = trials.mul(p).add(0.5);
        Tensor surely = b.rdiv(4.2).rsub(0.92);
        Tensor alpha = b.rdiv(5.1).add(2.83).mul(deviation);
        Tensor odds = p.div(p.rsub(1)).log();
        Tensor mode = otherwise(parameters);
        Tensor top = mode.add(1).lgamma().add(trials.sub(mode).add(1).lgamma());
        Tensor edge = u.abs().rsub(0.5);
        Tensor count = a.mul(2).div(edge).add(b).mul(u).add(centre).floor();
        Tensor isSure = edge.ge(0.07).and(v.le(surely));
        Tensor log = v.mul(alpha).div(a.div(edge.mul(edge)).add(b)).log();
        Tensor bound = top.sub(count.add(1).lgamma()).sub(trials.sub(count).add(1).lgamma())
                .add(count.sub(mode).mul(odds));
        Tensor isInside = count.ge(0).and(count.le(trials));
        return new Attempt(count, isSure.or(isInside.and(log.le(bound))));
    }

    @Override
    public Tensor result(List<Tensor> parameters, Tensor count) {
        return parameters.getLast().le(0.5).where(count, parameters.getFirst().sub(count));
    }
}
