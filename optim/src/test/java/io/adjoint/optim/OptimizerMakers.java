package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Set;

/** Makes optimizers from the hyperparameters of PyTorch's, as the reference values name them. */
final class OptimizerMakers {
    private static final Set<String> KNOWN =
            Set.of("lr", "momentum", "dampening", "nesterov", "weight_decay", "maximize",
                    "betas", "eps", "amsgrad", "rho", "momentum_decay", "centered", "etas", "step_sizes");

    private final JsonObject hyper;

    private OptimizerMakers(JsonObject hyper) {
        this.hyper = hyper;
    }

    /** The optimizer of this name; one without a maker fails, as does a hyperparameter that nobody reads. */
    static Transformation make(String name, JsonObject hyper) {
        for (String key : hyper.keySet()) {
            if (!KNOWN.contains(key)) {
                fail("no maker reads " + key + " of " + name);
            }
        }
        OptimizerMakers read = new OptimizerMakers(hyper);
        Transformation downhill = read.downhill(name);
        boolean decays = hyper.has("weight_decay");
        Transformation decaying = decays ? downhill.withWeightDecay(read.number("weight_decay", 0)) : downhill;
        return read.flag("maximize") ? decaying.maximizing() : decaying;
    }

    private Transformation downhill(String name) {
        return switch (name) {
            case "SGD" -> sgd(Schedule.constant(number("lr", Double.NaN)));
            case "Adam" -> adam();
            case "AdamW" -> new AdamW(adam(), AdamW.of(1).decay());
            case "Adagrad" -> Adagrad.of(number("lr", 0.01));
            case "Adadelta" ->
                Adadelta.of(number("lr", 1)).withRho(number("rho", 0.9)).withEpsilon(number("eps", 1e-6));
            case "Adamax" -> Adamax.of(number("lr", 0.002)).withBetas(pair("betas", 0, 0.9), pair("betas", 1, 0.999))
                    .withEpsilon(number("eps", 1e-8));
            case "NAdam" -> NAdam.of(number("lr", 0.002)).withBetas(pair("betas", 0, 0.9), pair("betas", 1, 0.999))
                    .withMomentumDecay(number("momentum_decay", 0.004))
                    // the values are those of 1.13
                    .withProducts(NAdam.Products.NEXT_TWICE);
            case "RAdam" -> RAdam.of(number("lr", 0.001)).withBetas(pair("betas", 0, 0.9), pair("betas", 1, 0.999));
            case "RMSprop" -> rmsProp();
            case "Rprop" -> Rprop.of(number("lr", 0.01)).withFactors(pair("etas", 0, 0.5), pair("etas", 1, 1.2))
                    .withBounds(pair("step_sizes", 0, 1e-6), pair("step_sizes", 1, 50));
            case "ASGD" -> Asgd.of(number("lr", 0.01));
            default -> fail("no maker for " + name);
        };
    }

    private Sgd sgd(Schedule rate) {
        return Sgd.of(rate).withMomentum(
                new Momentum(number("momentum", 0), number("dampening", 0), flag("nesterov")));
    }

    private Adam adam() {
        Adam adam = Adam.of(number("lr", 0.001)).withBetas(pair("betas", 0, 0.9), pair("betas", 1, 0.999))
                .withEpsilon(number("eps", 1e-8));
        return flag("amsgrad") ? adam.withAmsgrad() : adam;
    }

    private RmsProp rmsProp() {
        RmsProp form = RmsProp.of(number("lr", 0.01)).withMomentum(number("momentum", 0));
        return flag("centered") ? form.centred() : form;
    }

    private double number(String key, double missing) {
        return hyper.has(key) ? hyper.get(key).getAsDouble() : missing;
    }

    private double pair(String key, int place, double missing) {
        JsonArray both = hyper.getAsJsonArray(key);
        return both == null ? missing : both.get(place).getAsDouble();
    }

    private boolean flag(String key) {
        return hyper.has(key) && hyper.get(key).getAsBoolean();
    }
}
