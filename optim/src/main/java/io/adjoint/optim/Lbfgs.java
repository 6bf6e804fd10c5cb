package io.adjoint.optim;

import io.adjoint.nn.Module;
import io.adjoint.optim.hyper.Hyper;

/**
 * The quasi-Newton method with limited memory (Nocedal 1980; Liu, Nocedal 1989), with the steps and defaults of
 * {@code torch.optim.LBFGS}. For losses without noise: of all examples, not of batches. Each step runs several iterations
 *
 * <pre>{@code
 * d = -H g      H from the last pairs of moves s and changes y of the gradient, by the recursion of two loops
 * p = p + t d   t = learningRate, or found by a line search
 * }</pre>
 *
 * <p>How many there are depends on what the losses are, so the steps read values on the host and call the loss as often as they
 * need: unlike those of an {@link Optimizer} they cannot be compiled into one program. What takes the time can, the loss and its
 * gradient: {@link LbfgsOptimizer#compile}.
 *
 * <p>So there is no {@link io.adjoint.optim.train.Trainer} of it; the loop over all examples is
 *
 * {@snippet :
 * LbfgsOptimizer optimizer = Lbfgs.of(1).withStrongWolfe().over(model);
 * double loss = Double.POSITIVE_INFINITY;
 * for (int step = 0; step < 100; step++) {
 *     double next = optimizer.minimize(() -> Losses.crossEntropy(model.forward(data.features()), data.targets())).item();
 *     if (loss - next < 1e-6) {
 *         break;
 *     }
 *     loss = next;
 * }
 * }
 *
 * @param learningRate the length t of an iteration, or where the line search begins; 1 by default
 * @param iterations in a step, at most; 20 by default
 * @param evaluations of the loss in a step, after which no iteration begins; 5/4 of the iterations by default
 * @param gradientTolerance a step ends once no element of the gradient is greater, 1e-7 by default
 * @param changeTolerance a step ends once neither loss nor parameters change by more, 1e-9 by default
 * @param history number of pairs that are kept, 100 by default
 * @param search how far an iteration goes
 */
public record Lbfgs(double learningRate, int iterations, int evaluations, double gradientTolerance,
        double changeTolerance, int history, Search search) {
    /** How far an iteration goes. */
    public enum Search {
        /** As far as the learning rate says. */
        FIXED,
        /** To where the loss is lower and its slope flatter: the strong conditions of Wolfe. */
        STRONG_WOLFE
    }

    public Lbfgs {
        Hyper.positive("lbfgs", "rate", learningRate);
        Hyper.count("lbfgs", "iterations", iterations, 1);
        Hyper.count("lbfgs", "evaluations", evaluations, 1);
        Hyper.notNegative("lbfgs", "gradientTolerance", gradientTolerance);
        Hyper.notNegative("lbfgs", "changeTolerance", changeTolerance);
        Hyper.count("lbfgs", "history", history, 1);
    }

    /** With PyTorch's defaults. */
    public static Lbfgs of(double learningRate) {
        return new Lbfgs(learningRate, 20, 25, 1e-7, 1e-9, 100, Search.FIXED);
    }

    /** The same with a line search. */
    public Lbfgs withStrongWolfe() {
        return new Lbfgs(learningRate, iterations, evaluations, gradientTolerance, changeTolerance, history,
                Search.STRONG_WOLFE);
    }

    /** The same with so many iterations in a step, and 5/4 as many evaluations. */
    public Lbfgs withIterations(int most) {
        return new Lbfgs(learningRate, most, most * 5 / 4, gradientTolerance, changeTolerance, history, search);
    }

    /** The same with so many pairs. */
    public Lbfgs withHistory(int pairs) {
        return new Lbfgs(learningRate, iterations, evaluations, gradientTolerance, changeTolerance, pairs, search);
    }

    /** An optimizer of the parameters of a model. */
    public LbfgsOptimizer over(Module model) {
        return new LbfgsOptimizer(this, Values.parameters(model).values());
    }
}
