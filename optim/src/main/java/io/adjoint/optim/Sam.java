package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;
import io.adjoint.optim.stage.Norms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the gradients where the loss is about the worst nearby, which leads to flat valleys (Foret, Kleiner, Mobahi, Neyshabur
 * 2021): at {@code p + rho g / |g|} for the gradient g at p, with the length over all parameters. Another optimizer makes the
 * step from p. {@link Optimizer#minimize} computes the loss twice; in {@link Optimizer#step} the gradients are taken as given.
 *
 * <p>The adaptive form (Kwon, Kim, Park, Choi 2021) measures in units of the parameters: {@code p + rho p^2 g / |p g|}.
 *
 * @param rho how far, 0.05 by default
 * @param units of the distance
 * @param base makes the step
 */
public record Sam(double rho, Units units, Transformation base) implements Recipe {
    /** What the distance is measured in. */
    public enum Units {
        /** The same for all elements. */
        EQUAL,
        /** Each element's own magnitude. */
        OWN
    }

    public Sam {
        Hyper.positive("sam", "rho", rho);
    }

    /** With the paper's default distance of 0.05. */
    public static Sam of(Transformation base) {
        return new Sam(0.05, Units.EQUAL, base);
    }

    /** The same with another distance. */
    public Sam withRho(double distance) {
        return new Sam(distance, units, base);
    }

    /** The same in its adaptive form, for which the paper has a distance of 0.5 to 2. */
    public Sam adaptive() {
        return new Sam(rho, Units.OWN, base);
    }

    @Override
    public Chain chain() {
        return Chain.of(_ -> new Ascent(this), base);
    }

    private record Ascent(Sam form) implements Stage {
        @Override
        public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
            return updates;
        }

        @Override
        public Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
            List<Tensor> scaled = new ArrayList<>();
            for (int i = 0; i < gradients.size(); i++) {
                scaled.add(form.units == Units.EQUAL ? gradients.get(i) : gradients.get(i).mul(parameters.get(i)));
            }
            Tensor length = Norms.global(scaled).add(LEAST_NORM).reciprocal().mul(form.rho);
            List<Tensor> way = new ArrayList<>();
            for (int i = 0; i < gradients.size(); i++) {
                Tensor direction =
                        form.units == Units.EQUAL ? scaled.get(i) : scaled.get(i).mul(parameters.get(i));
                way.add(Averages.times(direction, length));
            }
            return Optional.of(way);
        }
    }

    private static final double LEAST_NORM = 1e-12;
}
