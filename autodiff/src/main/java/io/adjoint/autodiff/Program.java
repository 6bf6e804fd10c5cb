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

    private Program(Compiled compiled) {
        this.compiled = compiled;
    }

    /** A function without inputs. */
    public static Program compile(Supplier<Tensor> function) {
        return compileAll(_ -> List.of(function.get()));
    }

    /** A function of one tensor. */
    public static Program compile(UnaryOperator<Tensor> function) {
        return compileAll(in -> List.of(function.apply(in.getFirst())));
    }

    /** A function of two tensors. */
    public static Program compile(BinaryOperator<Tensor> function) {
        return compileAll(in -> List.of(function.apply(in.getFirst(), in.getLast())));
    }

    /** A function of any number of tensors to any number of tensors. */
    public static Program compileAll(Function<List<Tensor>, List<Tensor>> function) {
        return new Program(new Compiled(function));
    }

    /** Calls a function without inputs, and returns its first result. */
    public Tensor apply() {
        return compiled.first();
    }

    /**
     * Calls a function of one tensor, and returns its first result.
     *
     * @throws ShapeException if the function does not take a tensor of this dtype and shape
     * @throws TraceException if the function cannot be traced
     */
    public Tensor apply(Tensor x) {
        return compiled.first(x);
    }

    /**
     * Calls a function of two tensors, and returns its first result.
     *
     * @throws ShapeException if the function does not take tensors of these dtypes and shapes
     * @throws TraceException if the function cannot be traced
     */
    public Tensor apply(Tensor x, Tensor y) {
        return compiled.first(x, y);
    }

    /**
     * Calls a function of three tensors, and returns its first result.
     *
     * @throws ShapeException if the function does not take tensors of these dtypes and shapes
     * @throws TraceException if the function cannot be traced
     */
    public Tensor apply(Tensor x, Tensor y, Tensor z) {
        return compiled.first(x, y, z);
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

    /**
     * The same function for inputs of these dtypes and shapes only: a call with others is refused, where this program would be
     * compiled once more.
     */
    public Program withSignature(TensorSpec... inputs) {
        return new Program(compiled.fixed(inputs));
    }

    /**
     * Runs the body, in which programs call their functions as they are, to look into them with a debugger or to print what
     * they compute on the way.
     */
    public static <T> T eagerly(Supplier<T> body) {
        return Compiled.eagerly(body);
    }

    // ---- what it comes to

    /**
     * What the function was compiled to, for each combination of dtypes and shapes so far: the units that run, in their order,
     * with operations, shapes, work and the line of the function; memory; which variables are updated in place, and why others
     * are copied; where two elementwise operations could not be computed in one loop, and why; operations that allocate. A
     * text for people, whose form may change.
     */
    public String explain() {
        return compiled.explain();
    }

    /** The memory of the program for each combination of dtypes and shapes so far. */
    public List<ProgramMemory> memories() {
        return compiled.memories();
    }

    /**
     * The memory that the program will take for inputs of these dtypes and shapes, for which it is compiled but not run.
     *
     * @throws ShapeException if the function does not take tensors of these dtypes and shapes
     * @throws TraceException if the function cannot be traced
     * @throws IllegalStateException if the function runs as it is, because its result would be tracked
     */
    public ProgramMemory memory(TensorSpec... inputs) {
        return compiled.memory(inputs);
    }
}
