package io.adjoint.autodiff;

import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import io.adjoint.autodiff.tape.Node;
import io.adjoint.autodiff.tape.Tape;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * An immutable n-dimensional array of numbers or truth values, on which operations compute at once. It has a
 * {@link DType}, a {@link Shape}, and strided elements in a Java array; reshape, permute, slice and expand are views.
 *
 * <p><b>Operations</b> of two tensors broadcast their shapes ({@link Shape#broadcast}) and promote their dtypes
 * ({@link DType#promote}). A Java number takes the dtype of the tensor it meets; if that is BOOL or an integer dtype and
 * the number has a fraction, both become F32. Functions such as exp take integers as F32. An axis below zero counts from
 * the innermost. Each method names its formula and the derivative that backpropagation uses. Methods stand by family in
 * the interfaces that this class implements.
 *
 * <p><b>Gradients</b>: a tensor computed from a tracked one ({@link #tracked()}, or the value of a {@link Variable} in a
 * {@link Training} scope) is tracked as well; {@link #gradients(Tensor...)} walks back from a scalar.
 *
 * <p><b>Refusals</b>: an operation throws {@link ShapeException} where shapes, dtypes or arguments do not fit.
 *
 * <p>Tensors may be shared between threads. {@code equals} is identity; compare values with {@link #sameBits}.
 */
public final class Tensor
        implements
            ElementwiseMethods,
            ArithmeticMethods,
            ComparisonMethods,
            SpecialMethods,
            ActivationMethods,
            RectifierMethods,
            ReductionMethods,
            ExtremeMethods,
            StatisticsMethods,
            NormMethods,
            ScanMethods,
            ArrangementMethods,
            IndexingMethods,
            ScatterMethods,
            MaskingMethods,
            SortingMethods,
            ProductMethods,
            AddedProductMethods,
            WindowMethods,
            SplittingMethods,
            DiagonalMethods,
            RepetitionMethods {
    static {
        Internals.offer(new Internals.Keys() {
            @Override
            public Array array(Tensor tensor) {
                return tensor.array;
            }

            @Override
            public Node node(Tensor tensor) {
                return tensor.node;
            }

            @Override
            public Tensor make(Array array, Node node) {
                return new Tensor(array, node);
            }
        });
    }

    /** Every whole number up to this one is a double, so as an I64 it is what was written. */
    private static final double EXACT_IN_DOUBLE = 0x1p53;

    private final Array array;
    /** The step that made this tensor, null for a constant. */
    private final Node node;
    private final TensorSpec spec;

    private Tensor(Array array, Node node) {
        this.array = array;
        this.node = node;
        this.spec = new TensorSpec(array.dtype(), array.shape());
    }

    // ---- making tensors

    /**
     * A copy of a Java array as F32, in row-major order.
     *
     * @param shape the extents; none at all stands for one axis of the array's length
     * @throws ShapeException if the extents do not multiply to the array's length
     */
    public static Tensor of(float[] data, int... shape) {
        return of(data, shape.length == 0 ? Shape.of(data.length) : Shape.of(shape));
    }

    /**
     * A copy of a Java array as F32, in row-major order.
     *
     * @throws ShapeException if the shape has another number of elements
     */
    public static Tensor of(float[] data, Shape shape) {
        return copy(DType.F32, data, data.length, shape);
    }

    /**
     * A copy of a Java array as F64, in row-major order.
     *
     * @param shape the extents; none at all stands for one axis of the array's length
     * @throws ShapeException if the extents do not multiply to the array's length
     */
    public static Tensor of(double[] data, int... shape) {
        return of(data, shape.length == 0 ? Shape.of(data.length) : Shape.of(shape));
    }

    /**
     * A copy of a Java array as F64, in row-major order.
     *
     * @throws ShapeException if the shape has another number of elements
     */
    public static Tensor of(double[] data, Shape shape) {
        return copy(DType.F64, data, data.length, shape);
    }

    /**
     * A copy of a Java array as I32, in row-major order.
     *
     * @param shape the extents; none at all stands for one axis of the array's length
     * @throws ShapeException if the extents do not multiply to the array's length
     */
    public static Tensor of(int[] data, int... shape) {
        return of(data, shape.length == 0 ? Shape.of(data.length) : Shape.of(shape));
    }

    /**
     * A copy of a Java array as I32, in row-major order.
     *
     * @throws ShapeException if the shape has another number of elements
     */
    public static Tensor of(int[] data, Shape shape) {
        return copy(DType.I32, data, data.length, shape);
    }

    /**
     * A copy of a Java array as I64, in row-major order.
     *
     * @param shape the extents; none at all stands for one axis of the array's length
     * @throws ShapeException if the extents do not multiply to the array's length
     */
    public static Tensor of(long[] data, int... shape) {
        return of(data, shape.length == 0 ? Shape.of(data.length) : Shape.of(shape));
    }

    /**
     * A copy of a Java array as I64, in row-major order.
     *
     * @throws ShapeException if the shape has another number of elements
     */
    public static Tensor of(long[] data, Shape shape) {
        return copy(DType.I64, data, data.length, shape);
    }

    /**
     * A copy of a Java array as BOOL, in row-major order.
     *
     * @param shape the extents; none at all stands for one axis of the array's length
     * @throws ShapeException if the extents do not multiply to the array's length
     */
    public static Tensor of(boolean[] data, int... shape) {
        return of(data, shape.length == 0 ? Shape.of(data.length) : Shape.of(shape));
    }

    /**
     * A copy of a Java array as BOOL, in row-major order.
     *
     * @throws ShapeException if the shape has another number of elements
     */
    public static Tensor of(boolean[] data, Shape shape) {
        return copy(DType.BOOL, data, data.length, shape);
    }

    private static Tensor copy(DType dtype, Object data, int length, Shape shape) {
        if (shape.size() != length) {
            throw ShapeException.of("tensor", "number of elements differs from the shape's")
                    .operand("elements", length)
                    .operand("shape", shape)
                    .expected(shape.size() + " elements");
        }
        return new Tensor(Array.copyOf(dtype, shape, data), null);
    }

    /**
     * A copy of the rows of a matrix as F32: row = data point, column = feature.
     *
     * @throws ShapeException if the rows differ in length
     */
    public static Tensor rows(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] data = new float[Shape.of(rows.length, columns).size()];
        for (int i = 0; i < rows.length; i++) {
            requireRow(i, rows[i].length, columns);
            System.arraycopy(rows[i], 0, data, i * columns, columns);
        }
        return new Tensor(Array.wrap(DType.F32, Shape.of(rows.length, columns), data), null);
    }

    /**
     * A copy of the rows of a matrix as F64: row = data point, column = feature.
     *
     * @throws ShapeException if the rows differ in length
     */
    public static Tensor rows(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] data = new double[Shape.of(rows.length, columns).size()];
        for (int i = 0; i < rows.length; i++) {
            requireRow(i, rows[i].length, columns);
            System.arraycopy(rows[i], 0, data, i * columns, columns);
        }
        return new Tensor(Array.wrap(DType.F64, Shape.of(rows.length, columns), data), null);
    }

    private static void requireRow(int row, int length, int columns) {
        if (length != columns) {
            throw ShapeException.of("rows", "rows differ in length")
                    .operand("row", row)
                    .operand("columns", length)
                    .expected(columns + " columns, as in row 0");
        }
    }

    /** An F32 scalar. */
    public static Tensor scalar(float value) {
        return new Tensor(Array.wrap(DType.F32, Shape.scalar(), new float[] {value}), null);
    }

    /**
     * A scalar of a dtype; an integer loses its fraction.
     *
     * @throws ShapeException if the dtype does not hold the number
     */
    public static Tensor scalar(double value, DType dtype) {
        return full("scalar", Shape.scalar(), dtype, value);
    }

    /** F32 zeros. */
    public static Tensor zeros(int... shape) {
        return zeros(Shape.of(shape), DType.F32);
    }

    /** Zeros, false for BOOL. */
    public static Tensor zeros(Shape shape, DType dtype) {
        return new Tensor(Array.allocate(dtype, shape), null);
    }

    /** F32 ones. */
    public static Tensor ones(int... shape) {
        return full(Shape.of(shape), DType.F32, 1);
    }

    /**
     * One value everywhere; an integer loses its fraction.
     *
     * @throws ShapeException if the dtype does not hold the value
     */
    public static Tensor full(Shape shape, DType dtype, double value) {
        return full("full", shape, dtype, value);
    }

    /** A number that an operation was given, in the dtype of what it meets. */
    static Tensor number(String operation, double value, DType dtype) {
        return full(operation, Shape.scalar(), dtype, value);
    }

    private static Tensor full(String operation, Shape shape, DType dtype, double value) {
        if (!dtype.holds(value)) {
            throw ShapeException.of(operation, "an integer cannot hold this number").operand("number", value)
                    .operand("dtype", dtype).expected("a number in the range of " + dtype + ", or a float dtype");
        }
        Array one = Array.allocate(dtype, Shape.scalar());
        Moves.fill(one, value);
        return new Tensor(one.broadcastTo(shape), null);
    }

    /** The I64 numbers 0, 1, ..., {@code count} - 1. */
    public static Tensor range(int count) {
        Array out = Array.allocate(DType.I64, Shape.of(count));
        for (int i = 0; i < count; i++) {
            out.longs()[out.offset() + i] = i;
        }
        return new Tensor(out, null);
    }

    // ---- looking at tensors

    /** The dtype of the elements. */
    @Override
    public DType dtype() {
        return spec.dtype();
    }

    /** The extents. */
    @Override
    public Shape shape() {
        return spec.shape();
    }

    /** Dtype and shape. */
    @Override
    public TensorSpec spec() {
        return spec;
    }

    /** Number of axes. */
    @Override
    public int rank() {
        return shape().rank();
    }

    /** Number of elements. */
    @Override
    public int size() {
        return shape().size();
    }

    /** Extent of an axis. */
    @Override
    public int dim(int axis) {
        return shape().dim(axis);
    }

    /**
     * The only element as a Java double (BOOL as 0 or 1).
     *
     * @throws ShapeException if there is not exactly one
     */
    public double item() {
        if (size() != 1) {
            throw ShapeException.of("item", "not exactly one element").operand("input", spec)
                    .expected("a tensor of one element");
        }
        return number(array.offset());
    }

    private double number(int position) {
        return switch (dtype()) {
            case BOOL -> array.booleans()[position] ? 1 : 0;
            case I32 -> array.ints()[position];
            case I64 -> array.longs()[position];
            case F32 -> array.floats()[position];
            case F64 -> array.doubles()[position];
        };
    }

    /**
     * A fresh array of the elements in row-major order.
     *
     * @throws ShapeException if the dtype is not F32; cast first
     */
    public float[] toFloats() {
        Array whole = export(DType.F32);
        return Arrays.copyOfRange(whole.floats(), whole.offset(), whole.offset() + size());
    }

    /**
     * A fresh array of the elements in row-major order.
     *
     * @throws ShapeException if the dtype is not F64; cast first
     */
    public double[] toDoubles() {
        Array whole = export(DType.F64);
        return Arrays.copyOfRange(whole.doubles(), whole.offset(), whole.offset() + size());
    }

    /**
     * A fresh array of the elements in row-major order.
     *
     * @throws ShapeException if the dtype is not I32; cast first
     */
    public int[] toInts() {
        Array whole = export(DType.I32);
        return Arrays.copyOfRange(whole.ints(), whole.offset(), whole.offset() + size());
    }

    /**
     * A fresh array of the elements in row-major order.
     *
     * @throws ShapeException if the dtype is not I64; cast first
     */
    public long[] toLongs() {
        Array whole = export(DType.I64);
        return Arrays.copyOfRange(whole.longs(), whole.offset(), whole.offset() + size());
    }

    /**
     * A fresh array of the elements in row-major order.
     *
     * @throws ShapeException if the dtype is not BOOL; cast first
     */
    public boolean[] toBooleans() {
        Array whole = export(DType.BOOL);
        return Arrays.copyOfRange(whole.booleans(), whole.offset(), whole.offset() + size());
    }

    private Array export(DType wanted) {
        if (dtype() != wanted) {
            throw ShapeException.of("to array", "another dtype").operand("input", spec)
                    .expected(wanted + "; cast(" + wanted + ") first");
        }
        return Copies.contiguous(array);
    }

    /** Whether both have equal dtypes, shapes and bits; all NaNs count as one value. */
    public boolean sameBits(Tensor other) {
        if (!spec.equals(other.spec)) {
            return false;
        }
        return switch (dtype()) {
            case BOOL -> Arrays.equals(toBooleans(), other.toBooleans());
            case I32 -> Arrays.equals(toInts(), other.toInts());
            case I64 -> Arrays.equals(toLongs(), other.toLongs());
            case F32 -> Arrays.equals(toFloats(), other.toFloats());
            case F64 -> Arrays.equals(toDoubles(), other.toDoubles());
        };
    }

    /** The elements in nested brackets, as numpy prints them; long axes are shortened. */
    @Override
    public String toString() {
        return TensorPrinter.print(this);
    }

    // ---- gradients

    /** This tensor as a point by which gradients can be taken; tracked itself, the path goes on to where it came from. */
    public Tensor tracked() {
        requireFloat("tracked");
        return node == null ? on(Node.leaf(spec)) : new Reshape(shape()).apply(this);
    }

    /** Whether gradients can flow through this tensor. */
    public boolean isTracked() {
        return node != null;
    }

    /** The same values as a constant: no gradient flows through it (also known as stopGradient). */
    public Tensor detached() {
        return node == null ? this : new Tensor(array, null);
    }

    Tensor on(Node leaf) {
        return new Tensor(array, leaf);
    }

    Node requireNode(String operation) {
        if (node == null) {
            throw ShapeException.of(operation, "not tracked").operand("tensor", spec)
                    .expected("a tensor computed from tracked ones, or tracked()");
        }
        return node;
    }

    private void requireFloat(String operation) {
        if (!dtype().isFloat()) {
            throw ShapeException.of(operation, "not a float tensor").operand("input", spec).expected("F32 or F64");
        }
    }

    /**
     * The gradients of this scalar by parameters, as constants.
     *
     * @throws ShapeException if this is not a scalar float
     */
    public Gradients gradients(Variable... variables) {
        return gradients(List.of(variables));
    }

    /**
     * The gradients of this scalar by parameters, as constants; zeros for all if it depends on none.
     *
     * @throws ShapeException if this is not a scalar float
     */
    public Gradients gradients(List<Variable> variables) {
        return walk(variables.stream().map(Variable::leaf).toList(), one(), Tape.Order.FIRST);
    }

    /**
     * The gradients of this scalar by tracked tensors, as constants.
     *
     * @throws ShapeException if this is not a scalar float, or one of the tensors is not tracked
     */
    public Gradients gradients(Tensor... tensors) {
        return walk(nodes(tensors), one(), Tape.Order.FIRST);
    }

    /** Whether a gradient flows from this tensor to one of the variables or more; if not, all gradients by them are zeros. */
    public boolean dependsOn(List<Variable> variables) {
        if (node == null) {
            return false;
        }
        Set<Node> leaves = Collections.newSetFromMap(new IdentityHashMap<>());
        variables.forEach(variable -> leaves.add(variable.leaf()));
        return Tape.dependsOn(node, leaves);
    }

    /** As {@link #gradients(Tensor...)}, but the gradients can be differentiated again. */
    public Gradients differentiableGradients(Tensor... tensors) {
        return walk(nodes(tensors), one(), Tape.Order.ANY);
    }

    /** As {@link #gradients(Variable...)}, but the gradients can be differentiated again. */
    public Gradients differentiableGradients(Variable... variables) {
        return walk(Arrays.stream(variables).map(Variable::leaf).toList(), one(), Tape.Order.ANY);
    }

    /**
     * The vector-Jacobian product: the gradients of {@code sum(this * cotangent)} by tracked tensors. They can be
     * differentiated again.
     *
     * @param cotangent of this tensor's shape and dtype
     */
    public Gradients vjp(Tensor cotangent, Tensor... tensors) {
        if (!cotangent.spec().equals(spec)) {
            throw ShapeException.of("vjp", "the cotangent does not fit").operand("cotangent", cotangent.spec())
                    .operand("tensor", spec).expected(spec.toString());
        }
        return walk(nodes(tensors), cotangent, Tape.Order.ANY);
    }

    private static List<Node> nodes(Tensor[] tensors) {
        return Arrays.stream(tensors).map(tensor -> tensor.requireNode("gradients")).toList();
    }

    private Tensor one() {
        requireFloat("gradients");
        if (rank() != 0) {
            throw ShapeException.of("gradients", "not a scalar").operand("tensor", spec)
                    .expected("a loss of shape []; use sum(), mean(), or vjp with a cotangent");
        }
        return full(shape(), dtype(), 1);
    }

    private Gradients walk(List<Node> targets, Tensor cotangent, Tape.Order order) {
        Node root = node == null ? Node.leaf(spec) : node;
        return new Gradients(targets, Tape.walk(root, cotangent, targets, order));
    }

    /** A number beside this tensor: of its dtype where that holds it exactly or is a float, else of the least dtype that does. */
    Tensor alike(double value) {
        if (dtype().isFloat()) {
            return scalar(value, dtype());
        }
        boolean whole = value == Math.rint(value);
        if (whole && Math.abs(value) <= Integer.MAX_VALUE) {
            return scalar(value, DType.promote(dtype(), DType.I32));
        }
        return scalar(value, whole && Math.abs(value) <= EXACT_IN_DOUBLE ? DType.I64 : DType.F32);
    }

    // ---- joining tensors

    /**
     * Tensors one after the other along an axis; dtypes are promoted to one. Each gets its part of the gradient. An empty
     * list {@code [0]} passes for nothing of any rank, as in PyTorch.
     *
     * @throws ShapeException if other extents differ
     */
    public static Tensor concat(int axis, Tensor... tensors) {
        if (tensors.length == 0) {
            throw ShapeException.of("concat", "nothing to join").expected("one tensor or more");
        }
        DType dtype = Arrays.stream(tensors).map(Tensor::dtype).reduce(DType.BOOL, DType::promote);
        Tensor[] joined = Arrays.stream(tensors).filter(x -> !x.shape().equals(Shape.of(0))).toArray(Tensor[]::new);
        Tensor[] all = joined.length == 0 ? tensors : joined;
        return new Concat(all[0].shape().axis("concat", axis))
                .apply(Arrays.stream(all).map(x -> x.cast(dtype)).toArray(Tensor[]::new));
    }

    /** Tensors of one shape side by side along a new axis. */
    public static Tensor stack(int axis, Tensor... tensors) {
        return concat(axis, Arrays.stream(tensors).map(x -> x.unsqueeze(axis)).toArray(Tensor[]::new));
    }

    /** This, or F32 of integers and truth values. */
    Tensor floating() {
        return dtype().isFloat() ? this : cast(DType.F32);
    }

    /** This, or I64 of truth values, to be added up. */
    Tensor counting() {
        return dtype() == DType.BOOL ? cast(DType.I64) : this;
    }
}
