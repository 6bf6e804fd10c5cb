package io.adjoint.autodiff.check;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares gradients with central differences, {@code (f(x + h u) - f(x - h u)) / (2 h)}, and throws
 * {@link GradientMismatch} where they differ. A check is a value; its {@code with} methods make another.
 *
 * {@snippet :
 * GradientCheck.of("swish").check(in -> in.getFirst().mul(in.getFirst().sigmoid()), x);
 * GradientCheck.of("digits").check(model.parameters(), () -> model.forward(images).crossEntropy(labels).mean());
 * }
 *
 * <p>The <b>first order</b> checks the gradient of {@code sum(w * f(x))} with random weights w, so the result may have any
 * shape. The <b>second order</b> checks the gradient of {@code sum(v * gradient)}, a Hessian-vector product, against
 * differences of the first order. Each input is moved by itself. The gradient by an input that the result does not depend
 * on is checked like any other: it is zero. NaN and infinity agree with nothing.
 *
 * <p>Two numbers agree if they differ by at most {@code tolerance * (sum |g_i u_i| + |numeric|)} plus the rounding of the
 * function's values divided by h; {@link Precision} says which step and tolerance, and why. Where they differ by more, the
 * difference of half the step is taken too, and both are extrapolated to a step of zero. At second order the values
 * count as larger by 1 / |x| for the input nearest to zero, since a gradient may be a difference of terms of size f / x.
 * Check in F64: in F32 only gross errors stand out. An F32 model is best built a second time in F64, with its variables
 * set to the cast values. A function with kinks, such as relu, may fail where a step crosses one; another seed or a
 * smaller step tells.
 *
 * @param label what a failure calls the function
 * @param mode which directions are tried
 * @param order 1, or 2 to check gradients of gradients too
 * @param seed of the random directions and weights
 * @param precision step and tolerance; empty stands for those of the least precise dtype among inputs and result
 */
public record GradientCheck(String label, Mode mode, int order, long seed, Optional<Precision> precision) {
    /** Which directions a check tries. */
    public enum Mode {
        /** One random direction through each input, and random weights: cheap at any size. */
        DIRECTION,
        /** Every element of the result by every element of every input: for small sizes. */
        JACOBIAN
    }

    /** Inputs nearer to zero than this count as so far from it: the check must stay able to see. */
    private static final double NEAR_ZERO = 0x1p-6;

    public GradientCheck {
        if (order < 1 || order > 2) {
            throw ShapeException.of("gradient check", "no such order").operand("order", order).expected("1 or 2");
        }
    }

    /** A check by one random direction through each input, of first and second order, with seed 0. */
    public static GradientCheck of(String label) {
        return new GradientCheck(label, Mode.DIRECTION, 2, 0, Optional.empty());
    }

    /** This check in another mode. */
    public GradientCheck withMode(Mode other) {
        return new GradientCheck(label, other, order, seed, precision);
    }

    /** This check up to another order, 1 or 2. */
    public GradientCheck withOrder(int other) {
        return new GradientCheck(label, mode, other, seed, precision);
    }

    /** This check with another seed. */
    public GradientCheck withSeed(long other) {
        return new GradientCheck(label, mode, order, other, precision);
    }

    /** This check with a step and tolerance of its own. */
    public GradientCheck withPrecision(Precision other) {
        return new GradientCheck(label, mode, order, seed, Optional.of(other));
    }

    /**
     * Checks the gradients of a function by its float inputs; other inputs are held constant.
     *
     * @param function takes as many tensors as there are inputs; the same inputs give the same result
     * @throws GradientMismatch if a gradient differs from the differences
     * @throws ShapeException if no input is a float, if the result is not, or if it changes from call to call
     */
    public void check(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
        List<Tensor> given = Arrays.stream(inputs).map(Tensor::detached).toList();
        int[] floats = IntStream.range(0, inputs.length).filter(i -> inputs[i].dtype().isFloat()).toArray();
        List<Tensor> start = Arrays.stream(floats).mapToObj(given::get).toList();
        run(start, Arrays.stream(floats).mapToObj(i -> "input " + i).toList(), specs(given), point -> {
            Tensor[] leaves = point.stream().map(Tensor::tracked).toArray(Tensor[]::new);
            List<Tensor> all = new ArrayList<>(given);
            for (int i = 0; i < floats.length; i++) {
                all.set(floats[i], leaves[i]);
            }
            return new Quantity.Trace(function.apply(List.copyOf(all)), leaves);
        });
    }

    /**
     * Checks the gradients of a loss by parameters, inside a {@link Training} scope. The parameters are moved while the
     * check runs, so nobody else may use them; they hold their own values again when it ends, however it ends.
     *
     * @param loss a scalar or any other shape; the same parameters give the same result
     * @throws GradientMismatch if a gradient differs from the differences
     * @throws ShapeException if there is no parameter, if the loss is not a float, or if it changes from call to call
     */
    public void check(List<Variable> parameters, Supplier<Tensor> loss) {
        List<Tensor> held = parameters.stream().map(parameter -> parameter.value().detached()).toList();
        try {
            List<String> names = IntStream.range(0, held.size()).mapToObj(i -> "parameter " + i).toList();
            run(held, names, specs(held), point -> Training.scope(() -> {
                set(parameters, point);
                return new Quantity.Trace(loss.get(), parameters.stream().map(Variable::value).toArray(Tensor[]::new));
            }));
        } finally {
            set(parameters, held);
        }
    }

    private static void set(List<Variable> variables, List<Tensor> values) {
        for (int i = 0; i < values.size(); i++) {
            variables.get(i).set(values.get(i));
        }
    }

    private static String specs(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> tensor.spec().toString()).collect(Collectors.joining(", ", "(", ")"));
    }

    private void run(List<Tensor> point, List<String> names, String specs, Quantity.Function function) {
        if (point.isEmpty()) {
            throw ShapeException.of("gradient check", "nothing to differentiate by").operand("inputs", specs)
                    .expected("a float input or a parameter");
        }
        Tensor result = function.at(point).result();
        if (!result.dtype().isFloat()) {
            throw ShapeException.of("gradient check", "the result is not a float").operand("result", result.spec())
                    .expected("F32 or F64");
        }
        DType dtype = Stream.concat(Stream.of(result), point.stream()).map(Tensor::dtype).min(DType::compareTo)
                .orElseThrow();
        double epsilon = dtype == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
        double scale = Elements.greatest(Elements.of(result));
        // a gradient may be what is left of cancelled terms of size f / x, as that of x / x is
        double closeness = Math.max(NEAR_ZERO, point.stream().mapToDouble(Elements::leastButZero).min().orElse(1));
        Random random = new Random(seed);
        Quantity quantity = new Quantity.Value(function);
        for (int k = 1; k <= order; k++) {
            new Comparison(this, k, precision.orElse(Precision.of(dtype)), epsilon, scale, names, specs)
                    .run(quantity, point, random);
            quantity = new Quantity.Slope(function, Directions.random(result.size(), random));
            scale /= Math.min(1, closeness);
        }
    }
}
