package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.optim.schedule.Anneal;
import io.adjoint.optim.schedule.CosineDecay;
import io.adjoint.optim.schedule.CosineRestarts;
import io.adjoint.optim.schedule.Cyclic;
import io.adjoint.optim.schedule.ExponentialDecay;
import io.adjoint.optim.schedule.Held;
import io.adjoint.optim.schedule.Linear;
import io.adjoint.optim.schedule.MultiStepDecay;
import io.adjoint.optim.schedule.Multiplicative;
import io.adjoint.optim.schedule.OneCycle;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.schedule.PolynomialDecay;
import io.adjoint.optim.schedule.Sequence;
import io.adjoint.optim.schedule.StepDecay;
import java.util.List;

/** Makes schedules from the arguments of PyTorch's, as the reference values name them. */
final class ScheduleMakers {
    private final JsonObject config;

    private ScheduleMakers(JsonObject config) {
        this.config = config;
    }

    /** The rates of a schedule; one without a maker fails. */
    static Schedule rate(String name, JsonObject config, double base) {
        return new ScheduleMakers(config).rate(name, base);
    }

    private Schedule rate(String name, double base) {
        return switch (name) {
            case "LambdaLR" -> {
                assertEquals("1/(1+epoch)", config.get("lr_lambda").getAsString());
                yield step -> step.add(1).rdiv(base);
            }
            case "MultiplicativeLR" ->
                Multiplicative.of(base, Schedule.constant(Double.parseDouble(config.get("lr_lambda").getAsString())));
            case "StepLR" -> new StepDecay(base, whole("step_size", 0), number("gamma", 0.1));
            case "MultiStepLR" -> new MultiStepDecay(base, wholes("milestones"), number("gamma", 0.1));
            case "ConstantLR" -> new Held(base * number("factor", 1.0 / 3), base, whole("total_iters", 5));
            case "LinearLR" -> new Linear(base * number("start_factor", 1.0 / 3), base * number("end_factor", 1),
                    whole("total_iters", 5));
            case "ExponentialLR" -> new ExponentialDecay(base, number("gamma", Double.NaN));
            case "PolynomialLR" -> new PolynomialDecay(base, whole("total_iters", 5), number("power", 1));
            case "CosineAnnealingLR" -> new CosineDecay(base, number("eta_min", 0), whole("T_max", 0));
            case "CosineAnnealingWarmRestarts" ->
                new CosineRestarts(base, number("eta_min", 0), whole("T_0", 0), whole("T_mult", 1));
            case "SequentialLR" -> {
                List<Schedule> schedules = parts().stream().map(part -> part(part, base)).toList();
                yield new Sequence(schedules, wholes("milestones"));
            }
            case "ChainedScheduler" -> parts().stream().map(part -> part(part, 1))
                    .reduce(Schedule.constant(base), Schedule::times);
            case "ReduceLROnPlateau" -> Plateau.of(base, Plateau.Options.DEFAULT
                    .withFactor(number("factor", 0.1)).withPatience((int) whole("patience", 10))
                    .withThreshold(number("threshold", 1e-4), Plateau.Measure.RELATIVE)
                    .withCooldown((int) whole("cooldown", 0)).withLeast(number("min_lr", 0)));
            case "CyclicLR" -> cyclic(number("base_lr", 0), number("max_lr", 0));
            case "OneCycleLR" -> {
                double first = number("max_lr", 0) / number("div_factor", 25);
                yield oneCycle(first, number("max_lr", 0), first / number("final_div_factor", 1e4));
            }
            default -> fail("no maker for " + name);
        };
    }

    /** The momenta of a schedule. */
    static Schedule momentum(String name, JsonObject config, double initial) {
        ScheduleMakers read = new ScheduleMakers(config);
        boolean cycles = !config.has("cycle_momentum") || config.get("cycle_momentum").getAsBoolean();
        return switch (name) {
            case "CyclicLR" -> cycles ? read.cyclic(read.number("max_momentum", 0.9), read.number("base_momentum", 0.8))
                    : Schedule.constant(initial);
            case "OneCycleLR" -> {
                double most = read.number("max_momentum", 0.95);
                yield read.oneCycle(most, read.number("base_momentum", 0.85), most);
            }
            default -> fail("no momentum in " + name);
        };
    }

    private Cyclic cyclic(double base, double peak) {
        long up = whole("step_size_up", 2000);
        return new Cyclic(base, peak, up, whole("step_size_down", up), switch (config.get("mode").getAsString()) {
            case "triangular" -> Cyclic.Shape.same();
            case "triangular2" -> Cyclic.Shape.halved();
            case "exp_range" -> Cyclic.Shape.exponential(number("gamma", 1));
            case String other -> fail("no shape for " + other);
        });
    }

    private OneCycle oneCycle(double first, double peak, double last) {
        boolean three = config.has("three_phase") && config.get("three_phase").getAsBoolean();
        return new OneCycle(first, peak, last, whole("total_steps", 0), number("pct_start", 0.3), Anneal.COSINE,
                three ? OneCycle.Phases.THREE : OneCycle.Phases.TWO);
    }

    private List<JsonArray> parts() {
        return config.getAsJsonArray("schedulers").asList().stream().map(JsonElement::getAsJsonArray).toList();
    }

    private static Schedule part(JsonArray part, double base) {
        return rate(part.get(0).getAsString(), part.get(1).getAsJsonObject(), base);
    }

    private double number(String key, double missing) {
        return config.has(key) ? config.get(key).getAsDouble() : missing;
    }

    private long whole(String key, long missing) {
        return config.has(key) ? config.get(key).getAsLong() : missing;
    }

    private List<Long> wholes(String key) {
        return config.getAsJsonArray(key).asList().stream().map(JsonElement::getAsLong).toList();
    }
}
