package io.adjoint.nn.reference;

import io.adjoint.nn.Layer;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.nn.norm.GroupNorm;
import io.adjoint.nn.norm.InstanceNorm;
import io.adjoint.nn.norm.LayerNorm;
import io.adjoint.nn.norm.RmsNorm;
import io.adjoint.nn.norm.Scaling;
import io.adjoint.nn.norm.Tracking;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.HashMap;
import java.util.Map;

/** Layers that normalise. */
final class NormMakers {
    private NormMakers() {}

    static Map<String, Maker> all() {
        Map<String, Maker> makers = new HashMap<>();
        for (int places = 1; places <= 3; places++) {
            int axes = places;
            makers.put("BatchNorm" + axes + "d", Maker.of(config -> batch(config, axes)));
            makers.put("InstanceNorm" + axes + "d", Maker.of(config -> instance(config, axes)));
        }
        makers.put("GroupNorm", Maker.of(NormMakers::group));
        makers.put("LayerNorm", Maker.of(NormMakers::layer));
        makers.put("RMSNorm", Maker.of(NormMakers::rootMeanSquare));
        return makers;
    }

    private static Layer batch(Arguments config, int places) {
        BatchNorm.Config standard = BatchNorm.Config.of(places, config.integer("num_features"));
        BatchNorm.Config batch = standard.withDType(config.dtype())
                .withEpsilon(config.number("eps", standard.epsilon()))
                .withScaling(scaling(config.flag("affine", true)))
                .withTracking(tracking(config.flag("track_running_stats", true)));
        return (config.isNone("momentum") ? batch.withCumulativeAverage()
                : batch.withMomentum(config.number("momentum", standard.momentum().orElseThrow()))).create();
    }

    private static Layer instance(Arguments config, int places) {
        InstanceNorm.Config standard = InstanceNorm.Config.of(places, config.integer("num_features"));
        return standard.withDType(config.dtype())
                .withEpsilon(config.number("eps", standard.epsilon()))
                .withMomentum(config.number("momentum", standard.momentum()))
                .withScaling(scaling(config.flag("affine", false)))
                .withTracking(tracking(config.flag("track_running_stats", false))).create();
    }

    private static Layer group(Arguments config) {
        GroupNorm.Config standard =
                GroupNorm.Config.of(config.integer("num_groups"), config.integer("num_channels"));
        return standard.withDType(config.dtype()).withEpsilon(config.number("eps", standard.epsilon()))
                .withScaling(scaling(config.flag("affine", true))).create();
    }

    private static Layer layer(Arguments config) {
        LayerNorm.Config standard = LayerNorm.Config.of(config.integers("normalized_shape", 1));
        boolean bias = config.flag("bias", true);
        Scaling affine = bias ? Scaling.WEIGHT_AND_BIAS : Scaling.WEIGHT;
        return standard.withDType(config.dtype()).withEpsilon(config.number("eps", standard.epsilon()))
                .withScaling(config.flag("elementwise_affine", true) ? affine : Scaling.NONE).create();
    }

    private static Layer rootMeanSquare(Arguments config) {
        RmsNorm.Config norm = RmsNorm.Config.of(config.integers("normalized_shape", 1)).withDType(config.dtype())
                .withScaling(config.flag("elementwise_affine", true) ? Scaling.WEIGHT : Scaling.NONE);
        return (config.has("eps") ? norm.withEpsilon(config.number("eps", 0)) : norm).create();
    }

    private static Scaling scaling(boolean affine) {
        return affine ? Scaling.WEIGHT_AND_BIAS : Scaling.NONE;
    }

    private static Tracking tracking(boolean tracks) {
        return tracks ? Tracking.RUNNING : Tracking.NONE;
    }
}
