package io.adjoint.examples;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.data.Dataset;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells how backpropagation works, on 150 flowers, and shows that the generic gradients are the same numbers. */
@Command(name = "backpropagation", mixinStandardHelpOptions = true,
        description = "the four equations of backpropagation by hand, against the generic gradients")
final class Backpropagation implements Runnable {
    private static final int HIDDEN = 5;
    private static final int STEPS = 2000;
    private static final double LEARNING_RATE = 2;

    /** The two ways add up the same products in different orders, so they agree to rounding of float64, not to the bit. */
    private static final double ROUNDING = 1e-14;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Dataset iris = ExampleData.iris();
        Tensor x = standardised(iris.features().cast(DType.F64));
        Tensor y = oneHot(iris.targets(), ExampleData.FLOWERS);
        TwoLayerNetwork network = TwoLayerNetwork.random(ExampleData.FLOWER_FEATURES, HIDDEN, ExampleData.FLOWERS,
                Rng.seed(1));

        out.printf("""
                The data: %d flowers, one in each row of X %s; column = feature (length and width of sepal and
                petal, each shifted and scaled to mean 0 and variance 1). Y %s holds a 1 in the column of the class.

                The network, two layers with the sigmoid s(z) = 1 / (1 + e^-z):
                    Z1 = X W1 + b1     A1 = s(Z1)     W1 %s, b1 %s
                    Z2 = A1 W2 + b2    A2 = s(Z2)     W2 %s, b2 %s
                    C  = 1/(2n) * sum of (A2 - Y)^2 = %.6f   before any training

                How must W1, b1, W2, b2 change so that C falls? Four equations answer, from the last layer to the first.
                'o' multiplies element by element, ^T exchanges rows and columns, and s'(Z) = A o (1 - A):

                    1. output error        E2 = (A2 - Y)/n o s'(Z2)
                    2. error passed back   E1 = (E2 W2^T)  o s'(Z1)
                    3. bias gradients      db2 = sum of the rows of E2,  db1 = sum of the rows of E1
                    4. weight gradients    dW2 = A1^T E2,                dW1 = X^T E1

                """, x.dim(0), x.shape(), y.shape(), network.w1().shape(), network.b1().shape(),
                network.w2().shape(), network.b2().shape(), network.cost(x, y).item());
        out.println("By hand, the bias gradient of the last layer is\n    db2 = " + network.backward(x, y).b2() + "\n");
        out.println("The framework knows none of the four equations. It recorded matmul, add, sigmoid, ... and walked");
        out.println("back over them. The largest difference between both, element by element:\n");
        compare(network.backward(x, y), network.automatic(x, y), out);
        train(network, x, y, iris.labels(), out);
    }

    private static void compare(TwoLayerNetwork.Backward byHand, TwoLayerNetwork.Backward automatic, PrintWriter out) {
        compare("E2 ", byHand.error2(), automatic.error2(), out);
        compare("E1 ", byHand.error1(), automatic.error1(), out);
        compare("db2", byHand.b2(), automatic.b2(), out);
        compare("db1", byHand.b1(), automatic.b1(), out);
        compare("dW2", byHand.w2(), automatic.w2(), out);
        compare("dW1", byHand.w1(), automatic.w1(), out);
    }

    private static void compare(String name, Tensor byHand, Tensor automatic, PrintWriter out) {
        double difference = byHand.sub(automatic).abs().max().item();
        out.printf("    %s %-9s %.1e   (largest element %.1e)%n", name, byHand.shape(), difference,
                byHand.abs().max().item());
        if (!(difference <= ROUNDING)) {
            throw new IllegalStateException("the gradients differ by more than rounding: " + name.strip() + " by "
                    + difference);
        }
    }

    private static void train(TwoLayerNetwork network, Tensor x, Tensor y, long[] labels, PrintWriter out) {
        out.printf("%nDown the gradients, each step W <- W - %.0f dW, all by hand:%n%n", LEARNING_RATE);
        TwoLayerNetwork learning = network;
        for (int step = 0; step <= STEPS; step++) {
            if (step % (STEPS / 5) == 0) {
                out.printf("    step %4d   cost %.6f   right %3d of %d%n", step, learning.cost(x, y).item(),
                        right(learning, x, labels), labels.length);
            }
            learning = learning.step(learning.backward(x, y), LEARNING_RATE);
        }
        out.println("\nAnd after training the two still agree:\n");
        compare(learning.backward(x, y), learning.automatic(x, y), out);
    }

    static int right(TwoLayerNetwork network, Tensor x, long[] labels) {
        long[] predicted = network.forward(x).argmax(1).toLongs();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return right;
    }

    /** Each column shifted and scaled to mean 0 and variance 1. */
    static Tensor standardised(Tensor x) {
        Tensor centred = x.sub(x.mean(0));
        return centred.div(centred.square().mean(0).sqrt());
    }

    /** A 1 in the column of each label, F64 {@code [n, classes]}. */
    static Tensor oneHot(Tensor labels, int classes) {
        return labels.oneHot(classes).cast(DType.F64);
    }
}
