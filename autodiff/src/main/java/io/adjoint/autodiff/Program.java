package io.adjoint.autodiff;

import io.adjoint.autodiff.compile.Compiled;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A function of tensors, compiled: it is traced once for each combination of dtypes and shapes that it is called with (see
 * {@link Graph}), and then run from a plan, without allocation, without dispatch, and with as little traffic to memory as
 * its operations allow. Results, gradients and updated variables have the same bits as the function itself would give.
 *
 * {@snippet :
 * Program step = Program.compile((x, y) -> optimizer.minimize(() -> loss(model.forward(x), y)));
 * for (Batch batch : batches) {
 *     Tensor loss = step.apply(batch.inputs(), batch.targets());
 * }
 * }
 *
 * <p><b>What is captured</b>: Java values, tensors made elsewhere and branches taken are those of the first call with such
 * inputs. Variables are read and written at each call. A {@link Training} scope around the call belongs to what a trace is
 * made for.
 *
 * <p>Gradients are taken inside of the function. A call with a tracked tensor, and a function whose result would be tracked,
 * run as the plain function, since gradients do not flow through a plan; so does a call inside of another trace.
 *
 * <p>Threads may call a program at once; calls that update the same variables take turns.
 */
public final class Program {
    private final Compiled compiled;

    private Program(Function<List<Tensor>, List<Tensor>> function) {
        this.compiled = new Compiled(function);
    }

    /** A function without inputs. */
    public static Program compile(Supplier<Tensor> function) {
        return new Program(_ -> List.of(function.get()));
    }

    /** A function of one tensor. */
    public static Program compile(UnaryOperator<Tensor> function) {
        return new Program(in -> List.of(function.apply(in.getFirst())));
    }

    /** A function of two tensors. */
    public static Program compile(BinaryOperator<Tensor> function) {
        return new Program(in -> List.of(function.apply(in.getFirst(), in.getLast())));
    }

    /** A function of any number of tensors to any number of tensors. */
    public static Program compileAll(Function<List<Tensor>, List<Tensor>> function) {
        return new Program(function);
    }

    /** Calls a function without inputs, and returns its first result. */
    public Tensor apply() {
        return compiled.run(new Tensor[0])[0];
    }

    /**
     * Calls a function of one tensor, and returns its first result.
     *
     * @throws ShapeException if the function does not take a tensor of this dtype and shape
     * @throws TraceException if the function cannot be traced
     */
    public Tensor apply(Tensor x) {
        return compiled.run(x)[0];
    }

    /**
     * Calls a function of two tensors, and returns its first result.
     *
     * @throws ShapeException if the function does not take tensors of these dtypes and shapes
     * @throws TraceException if the function cannot be traced
     */
    public Tensor apply(Tensor x, Tensor y) {
        return compiled.run(x, y)[0];
    }

    /**
     * Calls a function of any number of tensors.
     *
     * @throws ShapeException if the function does not take tensors of these dtypes and shapes
     * @throws TraceException if the function cannot be traced
     */
    public List<Tensor> applyAll(Tensor... inputs) {
        return Arrays.asList(compiled.run(inputs));
    }
}
