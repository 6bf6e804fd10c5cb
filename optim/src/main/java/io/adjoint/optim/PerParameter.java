package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.nn.Module;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A {@link Transformation} that treats each parameter by itself: a state for one parameter and a step for one parameter. */
@FunctionalInterface
public interface PerParameter extends Transformation {
    /** The rule for one parameter, with fresh state. */
    Rule rule(TensorSpec parameter);

    @Override
    default Stage bind(SequencedMap<String, TensorSpec> parameters) {
        SequencedMap<String, Rule> rules = new LinkedHashMap<>();
        parameters.forEach((path, spec) -> rules.put(path, rule(spec)));
        return new Rules(Collections.unmodifiableSequencedMap(rules));
    }

    /** The state of one parameter, as parts, with the step that reads and writes it. A rule without state is a lambda. */
    @FunctionalInterface
    interface Rule extends Module {
        /**
         * Takes part in one step.
         *
         * @param update the gradient, or what the transformation before made of it
         * @param parameter the value before the step
         * @param step number of steps completed before this one, an F64 scalar
         * @return the new update, of the same shape and dtype
         */
        Tensor apply(Tensor update, Tensor parameter, Tensor step);

        /**
         * The value to judge the model by; see {@link Stage#averages}.
         *
         * @param parameter the value after the last step
         * @param step number of steps completed, an F64 scalar
         */
        default Tensor average(Tensor parameter, Tensor step) {
            return parameter;
        }

        /**
         * Takes in an estimate of the Hessian's diagonal; see {@link Stage#learnCurvature}.
         *
         * @param diagonal of the parameter's shape
         * @return whether it is used
         */
        default boolean learnCurvature(Tensor diagonal) {
            return false;
        }
    }

    /** The rules of all parameters, each named by the path of its parameter. */
    record Rules(SequencedMap<String, Rule> rules) implements Stage {
        @Override
        public SequencedMap<String, Object> parts() {
            return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rules));
        }

        @Override
        public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
            List<Tensor> results = new ArrayList<>(updates.size());
            for (Rule rule : rules.values()) {
                int i = results.size();
                results.add(rule.apply(updates.get(i), parameters.get(i), step));
            }
            return results;
        }

        @Override
        public List<Tensor> averages(List<Tensor> parameters, Tensor step) {
            List<Tensor> results = new ArrayList<>(parameters.size());
            for (Rule rule : rules.values()) {
                results.add(rule.average(parameters.get(results.size()), step));
            }
            return results;
        }

        @Override
        public boolean learnCurvature(List<Tensor> diagonal) {
            boolean used = false;
            int i = 0;
            for (Rule rule : rules.values()) {
                used |= rule.learnCurvature(diagonal.get(i));
                i++;
            }
            return used;
        }
    }
}
