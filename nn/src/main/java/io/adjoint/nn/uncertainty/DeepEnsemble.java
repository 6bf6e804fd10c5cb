package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.ArrayList;
import java.util.List;

/**
 * Models of one architecture that were trained from different beginnings; where they disagree none of them knows
 * (Lakshminarayanan, Pritzel, Blundell 2017). Each is trained by itself, as {@code members().get(i)}.
 *
 * @param members the models, one or more
 */
public record DeepEnsemble(List<Layer> members) implements Module {
    /**
     * An ensemble of given models.
     *
     * @throws ShapeException if there is none
     */
    public DeepEnsemble {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw ShapeException.of("deep_ensemble", "no members").operand("members", 0).expected("1 or more");
        }
    }

    /** What each of the members says, {@code [members, ...]}. */
    public Tensor outputs(Tensor x) {
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            outputs.add(members.get(i).forward("members." + i, x));
        }
        return Tensor.stack(0, outputs.toArray(Tensor[]::new));
    }

    /** Predictions of members that give logits, {@code [..., classes]}. */
    public ClassPredictions classify(Tensor x) {
        return ClassPredictions.ofLogits(outputs(x));
    }

    /** Predictions of members that give numbers. */
    public RegressionPredictions regress(Tensor x) {
        return RegressionPredictions.of(outputs(x));
    }

    /**
     * Predictions of members that give a mean and a number s for each value, {@code [..., 2]}, of which the variance is {@code
     * softplus(s) + 10^-6}.
     *
     * @throws ShapeException if the last axis is not of extent 2
     */
    public RegressionPredictions regressWithVariance(Tensor x) {
        Tensor outputs = outputs(x);
        if (outputs.rank() < 2 || outputs.dim(-1) != 2) {
            throw ShapeException.of("deep_ensemble", "not a mean and a variance").operand("outputs", outputs.shape())
                    .expected("[members, ..., 2]");
        }
        return new RegressionPredictions(outputs.select(-1, 0), outputs.select(-1, 1).softplus().add(1e-6));
    }
}
