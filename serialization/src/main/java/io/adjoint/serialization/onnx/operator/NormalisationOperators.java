package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Normalisation, by statistics of an example, of a batch, or of a training. */
final class NormalisationOperators {
    private static final float EPSILON = 1e-5f;

    private NormalisationOperators() {}

    static void addTo(OperatorTable table) {
        table.values("BatchNormalization", BatchNormalisation::of).buffers(3, 4);
        // each channel is a group of its own
        table.tensor("InstanceNormalization", call -> Normalisation.group(call.tensor(0), call.tensor(0).dim(1),
                Affine.of(call.tensor(1), call.tensor(2)), epsilon(call)));
        table.tensor("GroupNormalization", NormalisationOperators::group);
        table.values("LayerNormalization", NormalisationOperators::layer);
        table.tensor("RMSNormalization", NormalisationOperators::rootMeanSquare);
        table.tensor("LpNormalization", NormalisationOperators::length);
        table.tensor("LRN", NormalisationOperators::localResponse);
        table.tensor("MeanVarianceNormalization", NormalisationOperators::meanVariance);
    }

    static double epsilon(Call call) {
        return call.attributes().real("epsilon", EPSILON);
    }

    private static int required(Call call, String attribute) {
        if (!call.attributes().has(attribute)) {
            throw call.missing(attribute);
        }
        return call.attributes().integer(attribute, 0);
    }

    /** Scale and bias belong to groups before version 21, to channels since. */
    private static Tensor group(Call call) {
        Tensor x = call.tensor(0);
        int groups = required(call, "num_groups");
        Tensor scale = call.tensor(1);
        Tensor bias = call.tensor(2);
        boolean perGroup = call.version() < 21 && groups > 0 && x.rank() > 1 && x.dim(1) % groups == 0;
        int times = perGroup ? x.dim(1) / groups : 1;
        return Normalisation.group(x, groups,
                Affine.of(scale.repeatInterleave(times, 0), bias.repeatInterleave(times, 0)), epsilon(call));
    }

    /** The extents from an axis on. */
    private static Shape from(Call call) {
        Tensor x = call.tensor(0);
        int axis = x.shape().axis(call.operator(), call.attributes().integer("axis", -1));
        return Shape.of(Arrays.copyOfRange(x.shape().dims(), axis, x.rank()));
    }

    private static List<Value> layer(Call call) {
        Tensor x = call.tensor(0);
        Shape normalised = from(call);
        Optional<Tensor> scale = call.findTensor(1);
        Optional<Tensor> bias = call.findTensor(2);
        boolean whole = scale.stream().allMatch(s -> s.shape().equals(normalised))
                && bias.stream().allMatch(b -> b.shape().equals(normalised));
        Tensor out = Normalisation.layer(x, normalised, whole ? new Affine(scale, bias) : Affine.NONE, epsilon(call));
        if (!whole) {
            Tensor plain = out;
            Tensor scaled = scale.map(plain::mul).orElse(plain);
            out = bias.map(scaled::add).orElse(scaled);
            requireSame(call, out);
        }
        List<Value> results = new ArrayList<>(List.of(call.like(0, out)));
        if (call.wants(1) || call.wants(2)) {
            ElementType stash = stash(call);
            int[] axes = new int[normalised.rank()];
            Arrays.setAll(axes, i -> x.rank() - axes.length + i);
            Tensor mean = x.mean(Axes.keep(axes));
            Tensor variance = x.sub(mean).square().mean(Axes.keep(axes));
            results.add(Value.narrowed(stash, mean.cast(stash.carrier())));
            results.add(Value.narrowed(stash, variance.add(epsilon(call)).sqrt().rdiv(1).cast(stash.carrier())));
        }
        return results;
    }

    private static void requireSame(Call call, Tensor out) {
        if (!out.shape().equals(call.tensor(0).shape())) {
            throw call.refusal("scale or bias is larger than the input").operand("input", call.tensor(0).shape())
                    .operand("output", out.shape()).expected("shapes that stretch to the input");
        }
    }

    /** In which type statistics come out. */
    private static ElementType stash(Call call) {
        int number = call.attributes().integer("stash_type", ElementType.FLOAT.number());
        return ElementType.of(number).filter(ElementType::isFloat)
                .orElseThrow(() -> call.refusal("no type for statistics").operand("stash_type", number)
                        .expected("the number of a float type"));
    }

    private static Tensor rootMeanSquare(Call call) {
        Shape normalised = from(call);
        Tensor scale = call.tensor(1);
        boolean whole = scale.shape().equals(normalised);
        Tensor out = Normalisation.rootMeanSquare(call.tensor(0), normalised,
                whole ? Optional.of(scale) : Optional.empty(), epsilon(call));
        Tensor scaled = whole ? out : out.mul(scale);
        requireSame(call, scaled);
        return scaled;
    }

    /** What has no length stays as it is. */
    private static Tensor length(Call call) {
        Tensor x = call.tensor(0);
        int p = call.attributes().integer("p", 2);
        if (p != 1 && p != 2) {
            throw call.refusal("no such norm").operand("p", p).expected("1 or 2");
        }
        Tensor norm = x.norm(p, Axes.keep(call.attributes().integer("axis", -1)));
        return x.div(norm.eq(0).where(1, norm));
    }

    /** The window reaches one channel further after than before where its size is even; ours the other way. */
    private static Tensor localResponse(Call call) {
        int size = required(call, "size");
        Tensor flipped = call.tensor(0).flip(1);
        return Normalisation.localResponse(flipped, size, call.attributes().real("alpha", 1e-4f),
                call.attributes().real("beta", 0.75f), call.attributes().real("bias", 1)).flip(1);
    }

    private static Tensor meanVariance(Call call) {
        Tensor x = call.tensor(0);
        Axes axes = Axes.keep(call.attributes().integers("axes").orElse(new int[] {0, 2, 3}));
        Tensor centred = x.sub(x.mean(axes));
        return centred.div(x.std(axes, 0).add(1e-9));
    }
}
