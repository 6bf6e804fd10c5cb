package io.adjoint.autodiff;

import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.op.ArgMax;
import io.adjoint.autodiff.op.ArgMin;
import io.adjoint.autodiff.op.All;
import io.adjoint.autodiff.op.Any;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Cast;
import io.adjoint.autodiff.op.Comparison;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.CrossEntropy;
import io.adjoint.autodiff.op.Expand;
import io.adjoint.autodiff.op.Flip;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.LogSoftmax;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.Max;
import io.adjoint.autodiff.op.Min;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.Permute;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.op.ScatterAdd;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.Sum;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Where;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import io.adjoint.autodiff.tape.Node;
import io.adjoint.autodiff.tape.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An immutable n-dimensional array of numbers or truth values, on which operations compute at once. It has a
 * {@link DType}, a {@link Shape}, and strided elements in a Java array; reshape, permute, slice and expand are views.
 *
 * <p><b>Operations</b> of two tensors broadcast their shapes ({@link Shape#broadcast}) and promote their dtypes
 * ({@link DType#promote}). A Java number takes the dtype of the tensor it meets; if that is BOOL or an integer dtype and
 * the number has a fraction, both become F32. Functions such as exp take integers as F32. An axis below zero counts from
 * the innermost. Each method names its formula and the derivative that backpropagation uses.
 *
 * <p><b>Gradients</b>: a tensor computed from a tracked one ({@link #tracked()}, or the value of a {@link Variable} in a
 * {@link Training} scope) is tracked as well; {@link #gradients(Tensor...)} walks back from a scalar.
 *
 * <p><b>Refusals</b>: an operation throws {@link ShapeException} where shapes, dtypes or arguments do not fit.
 *
 * <p>Tensors may be shared between threads. {@code equals} is identity; compare values with {@link #sameBits}.
 */
public final class Tensor {
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
        return wrap(DType.F32, data.clone(), data.length, shape);
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
        return wrap(DType.F64, data.clone(), data.length, shape);
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
        return wrap(DType.I32, data.clone(), data.length, shape);
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
        return wrap(DType.I64, data.clone(), data.length, shape);
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
        return wrap(DType.BOOL, data.clone(), data.length, shape);
    }

    private static Tensor wrap(DType dtype, Object data, int length, Shape shape) {
        if (shape.size() != length) {
            throw ShapeException.of("tensor", "number of elements differs from the shape's")
                    .operand("elements", length)
                    .operand("shape", shape)
                    .expected(shape.size() + " elements");
        }
        return new Tensor(Array.wrap(dtype, shape, data), null);
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
        return wrap(DType.F32, data, data.length, Shape.of(rows.length, columns));
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
        return wrap(DType.F64, data, data.length, Shape.of(rows.length, columns));
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
        return wrap(DType.F32, new float[] {value}, 1, Shape.scalar());
    }

    /** A scalar of a dtype, converted as a Java cast would. */
    public static Tensor scalar(double value, DType dtype) {
        return full(Shape.scalar(), dtype, value);
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

    /** One value everywhere, converted as a Java cast would. */
    public static Tensor full(Shape shape, DType dtype, double value) {
        Array one = Array.allocate(dtype, Shape.scalar());
        Moves.fill(one, value);
        return new Tensor(one.broadcastTo(shape), null);
    }

    /** The I64 numbers 0, 1, ..., {@code count} - 1. */
    public static Tensor range(int count) {
        Array out = Array.allocate(DType.I64, Shape.of(count));
        Arrays.setAll(out.longs(), i -> i);
        return new Tensor(out, null);
    }

    // ---- looking at tensors

    /** The dtype of the elements. */
    public DType dtype() {
        return spec.dtype();
    }

    /** The extents. */
    public Shape shape() {
        return spec.shape();
    }

    /** Dtype and shape. */
    public TensorSpec spec() {
        return spec;
    }

    /** Number of axes. */
    public int rank() {
        return shape().rank();
    }

    /** Number of elements. */
    public int size() {
        return shape().size();
    }

    /** Extent of an axis. */
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

    // ---- elementwise

    /** {@code -x}; derivative -1. */
    public Tensor neg() {
        return Unary.NEG.of(this);
    }

    /** {@code |x|}; derivative sign(x), 0 at 0. */
    public Tensor abs() {
        return Unary.ABS.of(this);
    }

    /** 1 for positive, -1 for negative elements, zeros and NaN as they are; derivative 0. */
    public Tensor sign() {
        return Unary.SIGN.of(this);
    }

    /** The square root, NaN below 0; derivative {@code 1 / (2 sqrt(x))}. */
    public Tensor sqrt() {
        return Unary.SQRT.of(this);
    }

    /** {@code 1 / x}; derivative {@code -1 / x^2}. */
    public Tensor reciprocal() {
        return Unary.RECIPROCAL.of(this);
    }

    /** {@code e^x}; derivative {@code e^x}. */
    public Tensor exp() {
        return Unary.EXP.of(this);
    }

    /** {@code e^x - 1}, exact near 0; derivative {@code e^x}. */
    public Tensor expm1() {
        return Unary.EXPM1.of(this);
    }

    /** The natural logarithm, NaN below 0, -inf at 0; derivative {@code 1 / x}. */
    public Tensor log() {
        return Unary.LOG.of(this);
    }

    /** {@code ln (1 + x)}, exact near 0; derivative {@code 1 / (1 + x)}. */
    public Tensor log1p() {
        return Unary.LOG1P.of(this);
    }

    /** The sine of radians; derivative cos(x). */
    public Tensor sin() {
        return Unary.SIN.of(this);
    }

    /** The cosine of radians; derivative -sin(x). */
    public Tensor cos() {
        return Unary.COS.of(this);
    }

    /** The hyperbolic tangent; derivative {@code 1 - tanh(x)^2}. */
    public Tensor tanh() {
        return Unary.TANH.of(this);
    }

    /** {@code 1 / (1 + e^-x)}; derivative {@code s (1 - s)}. */
    public Tensor sigmoid() {
        return Unary.SIGMOID.of(this);
    }

    /** {@code ln (1 + e^x)}; derivative sigmoid(x). */
    public Tensor softplus() {
        return Unary.SOFTPLUS.of(this);
    }

    /** The error function; derivative {@code 2 / sqrt(pi) e^(-x^2)}. */
    public Tensor erf() {
        return Unary.ERF.of(this);
    }

    /** {@code max(x, 0)}; derivative 1 above 0, else 0. */
    public Tensor relu() {
        return Unary.RELU.of(this);
    }

    /** The greatest whole number not above x; derivative 0. */
    public Tensor floor() {
        return Unary.FLOOR.of(this);
    }

    /** The least whole number not below x; derivative 0. */
    public Tensor ceil() {
        return Unary.CEIL.of(this);
    }

    /** The nearest whole number, halves to the even one; derivative 0. */
    public Tensor round() {
        return Unary.ROUND.of(this);
    }

    /** The complement of a BOOL tensor. */
    public Tensor not() {
        return Unary.NOT.of(this);
    }

    /** BOOL: where x is NaN. */
    public Tensor isNaN() {
        return Unary.IS_NAN.of(this);
    }

    /** {@code x * x}; derivative {@code 2 x}. */
    public Tensor square() {
        return mul(this);
    }

    /** {@code this + other}; derivatives 1, 1. */
    public Tensor add(Tensor other) {
        return Binary.ADD.of(this, other);
    }

    /** As {@link #add(Tensor)} with a number. */
    public Tensor add(double other) {
        return add(alike(other));
    }

    /** {@code this - other}; derivatives 1, -1. */
    public Tensor sub(Tensor other) {
        return Binary.SUB.of(this, other);
    }

    /** As {@link #sub(Tensor)} with a number. */
    public Tensor sub(double other) {
        return sub(alike(other));
    }

    /** {@code this * other}; derivatives other, this. */
    public Tensor mul(Tensor other) {
        return Binary.MUL.of(this, other);
    }

    /** As {@link #mul(Tensor)} with a number. */
    public Tensor mul(double other) {
        return mul(alike(other));
    }

    /** {@code this / other}, in F32 for integers; derivatives {@code 1 / other}, {@code -this / other^2}. */
    public Tensor div(Tensor other) {
        return Binary.DIV.of(this, other);
    }

    /** As {@link #div(Tensor)} with a number. */
    public Tensor div(double other) {
        return div(alike(other));
    }

    /** {@code this^other} as {@link Math#pow}, in F32 for integers; derivatives {@code other this^(other - 1)}, {@code this^other ln this}. */
    public Tensor pow(Tensor other) {
        return Binary.POW.of(this, other);
    }

    /** As {@link #pow(Tensor)} with a number. */
    public Tensor pow(double other) {
        return pow(alike(other));
    }

    /** The greater of both, NaN if either is; the gradient goes there, to equals half each. */
    public Tensor maximum(Tensor other) {
        return Binary.MAXIMUM.of(this, other);
    }

    /** As {@link #maximum(Tensor)} with a number. */
    public Tensor maximum(double other) {
        return maximum(alike(other));
    }

    /** The lesser of both, NaN if either is; the gradient goes there, to equals half each. */
    public Tensor minimum(Tensor other) {
        return Binary.MINIMUM.of(this, other);
    }

    /** As {@link #minimum(Tensor)} with a number. */
    public Tensor minimum(double other) {
        return minimum(alike(other));
    }

    /** {@code minuend - this}; derivative -1. */
    public Tensor rsub(double minuend) {
        return alike(minuend).sub(this);
    }

    /** BOOL: where both are equal. */
    public Tensor eq(Tensor other) {
        return Comparison.EQ.of(this, other);
    }

    /** BOOL: where both are equal. */
    public Tensor eq(double other) {
        return eq(alike(other));
    }

    /** BOOL: where they differ. */
    public Tensor ne(Tensor other) {
        return Comparison.NE.of(this, other);
    }

    /** BOOL: where they differ. */
    public Tensor ne(double other) {
        return ne(alike(other));
    }

    /** BOOL: where this is less. */
    public Tensor lt(Tensor other) {
        return Comparison.LT.of(this, other);
    }

    /** BOOL: where this is less. */
    public Tensor lt(double other) {
        return lt(alike(other));
    }

    /** BOOL: where this is less or equal. */
    public Tensor le(Tensor other) {
        return Comparison.LE.of(this, other);
    }

    /** BOOL: where this is less or equal. */
    public Tensor le(double other) {
        return le(alike(other));
    }

    /** BOOL: where this is greater. */
    public Tensor gt(Tensor other) {
        return Comparison.GT.of(this, other);
    }

    /** BOOL: where this is greater. */
    public Tensor gt(double other) {
        return gt(alike(other));
    }

    /** BOOL: where this is greater or equal. */
    public Tensor ge(Tensor other) {
        return Comparison.GE.of(this, other);
    }

    /** BOOL: where this is greater or equal. */
    public Tensor ge(double other) {
        return ge(alike(other));
    }

    /** BOOL: where both are true. */
    public Tensor and(Tensor other) {
        return Binary.AND.of(this, other);
    }

    /** BOOL: where at least one is true. */
    public Tensor or(Tensor other) {
        return Binary.OR.of(this, other);
    }

    /** BOOL: where exactly one is true. */
    public Tensor xor(Tensor other) {
        return Binary.XOR.of(this, other);
    }

    /** A number beside this tensor: of its dtype where that holds it exactly or is a float, else of the least dtype that does. */
    private Tensor alike(double value) {
        if (dtype().isFloat()) {
            return scalar(value, dtype());
        }
        boolean whole = value == Math.rint(value);
        if (whole && Math.abs(value) <= Integer.MAX_VALUE) {
            return scalar(value, DType.promote(dtype(), DType.I32));
        }
        return scalar(value, whole && Math.abs(value) <= EXACT_IN_DOUBLE ? DType.I64 : DType.F32);
    }

    /**
     * The elements of {@code yes} where this BOOL tensor is true, else of {@code no}; all three broadcast, and the two are
     * promoted to one dtype. The gradient goes to the side that was taken.
     *
     * @throws ShapeException if this is not BOOL or the shapes do not broadcast
     */
    public Tensor where(Tensor yes, Tensor no) {
        return new Where().apply(this, yes, no);
    }

    /** The elements of {@code yes} where this BOOL tensor is true, else the number. */
    public Tensor where(Tensor yes, double no) {
        return where(yes, yes.alike(no));
    }

    /** The number where this BOOL tensor is true, else the elements of {@code no}. */
    public Tensor where(double yes, Tensor no) {
        return where(no.alike(yes), no);
    }

    /** The elements as another dtype, see {@link Cast}; this itself if it is of that dtype. */
    public Tensor cast(DType target) {
        return target == dtype() ? this : new Cast(target).apply(this);
    }

    // ---- reductions

    /** The sum over the axes, all if none is given; derivative 1. Integers wrap around. */
    public Tensor sum(int... axes) {
        return sum(Axes.drop(axes));
    }

    /** The sum over the axes; derivative 1. Integers wrap around. */
    public Tensor sum(Axes axes) {
        List<Integer> list = axes.of("sum", shape());
        return kept(new Sum(list).apply(dtype() == DType.BOOL ? cast(DType.I64) : this), axes, list);
    }

    /** The mean over the axes, all if none is given, in F32 for integers; NaN of no elements; derivative 1 / n. */
    public Tensor mean(int... axes) {
        return mean(Axes.drop(axes));
    }

    /** The mean over the axes, in F32 for integers; NaN of no elements; derivative 1 / n. */
    public Tensor mean(Axes axes) {
        double count = axes.of("mean", shape()).stream().mapToDouble(this::dim).reduce(1, (a, b) -> a * b);
        Tensor x = dtype().isFloat() ? this : cast(DType.F32);
        return x.sum(axes).div(count);
    }

    /** The greatest element over the axes, all if none is given; NaN if there is one; equals share the gradient. */
    public Tensor max(int... axes) {
        return max(Axes.drop(axes));
    }

    /** The greatest element over the axes; NaN if there is one; equals share the gradient. */
    public Tensor max(Axes axes) {
        List<Integer> list = axes.of("max", shape());
        return kept(new Max(list).apply(this), axes, list);
    }

    /** The least element over the axes, all if none is given; NaN if there is one; equals share the gradient. */
    public Tensor min(int... axes) {
        return min(Axes.drop(axes));
    }

    /** The least element over the axes; NaN if there is one; equals share the gradient. */
    public Tensor min(Axes axes) {
        List<Integer> list = axes.of("min", shape());
        return kept(new Min(list).apply(this), axes, list);
    }

    /** BOOL: whether any element over the axes, all if none is given, is true. */
    public Tensor any(int... axes) {
        return new Any(Axes.drop(axes).of("any", shape())).apply(this);
    }

    /** BOOL: whether all elements over the axes, all if none is given, are true. */
    public Tensor all(int... axes) {
        return new All(Axes.drop(axes).of("all", shape())).apply(this);
    }

    /** I64: the place of the greatest element along an axis, the first among equals; a NaN counts as greatest. */
    public Tensor argmax(int axis) {
        return new ArgMax(shape().axis("argmax", axis)).apply(this);
    }

    /** I64: the place of the least element along an axis, the first among equals; a NaN counts as least. */
    public Tensor argmin(int axis) {
        return new ArgMin(shape().axis("argmin", axis)).apply(this);
    }

    private Tensor kept(Tensor reduced, Axes axes, List<Integer> list) {
        if (!axes.kept()) {
            return reduced;
        }
        int[] dims = shape().dims();
        list.forEach(axis -> dims[axis] = 1);
        return reduced.reshape(dims);
    }

    // ---- arrangement

    /**
     * The elements in row-major order under another shape; one extent may be -1 and follows from the others.
     *
     * @throws ShapeException if the number of elements differs
     */
    public Tensor reshape(int... dims) {
        int[] resolved = dims.clone();
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == -1 && open < 0) {
                open = axis;
            } else {
                known *= dims[axis];
            }
        }
        if (open >= 0) {
            if (known <= 0 || size() % known != 0) {
                throw ShapeException.of("reshape", "no extent fits in place of -1")
                        .operand("input", shape())
                        .operand("target", Arrays.toString(dims))
                        .expected("extents that divide " + size());
            }
            resolved[open] = (int) (size() / known);
        }
        return reshape(Shape.of(resolved));
    }

    /** The elements in row-major order under another shape, a view where strides allow; the gradient is reshaped back. */
    public Tensor reshape(Shape target) {
        return target.equals(shape()) ? this : new Reshape(target).apply(this);
    }

    /** The last two axes exchanged, a view; needs rank 2 or more. */
    public Tensor transpose() {
        return transpose(-2, -1);
    }

    /** Two axes exchanged, a view; the gradient has them exchanged back. */
    public Tensor transpose(int first, int second) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank()).boxed().toList());
        Collections.swap(order, shape().axis("transpose", first), shape().axis("transpose", second));
        return new Permute(order).apply(this);
    }

    /** The axes in another order: axis {@code i} of the result is axis {@code order[i]} of this. */
    public Tensor permute(int... order) {
        return new Permute(Arrays.stream(order).map(axis -> shape().axis("permute", axis)).boxed().toList())
                .apply(this);
    }

    /**
     * Axes of extent 1, and missing outer axes, stretched to a shape, a view; the gradient is summed over what was stretched.
     *
     * @throws ShapeException if an extent is neither 1 nor the target's
     */
    public Tensor expand(Shape target) {
        return target.equals(shape()) ? this : new Expand(target).apply(this);
    }

    /** Axes of extent 1, and missing outer axes, stretched to a shape. */
    public Tensor expand(int... target) {
        return expand(Shape.of(target));
    }

    /** A new axis of extent 1, which becomes axis number {@code axis} of the result. */
    public Tensor unsqueeze(int axis) {
        if (axis < -rank() - 1 || axis > rank()) {
            throw ShapeException.of("unsqueeze", "axis out of range").operand("axis", axis).operand("input", shape())
                    .expected("an axis from " + (-rank() - 1) + " to " + rank());
        }
        int[] dims = new int[rank() + 1];
        int at = axis < 0 ? axis + dims.length : axis;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == at ? 1 : dim(i < at ? i : i - 1);
        }
        return reshape(dims);
    }

    /**
     * Without the axis, whose extent must be 1.
     *
     * @throws ShapeException if the extent is not 1
     */
    public Tensor squeeze(int axis) {
        int at = shape().axis("squeeze", axis);
        if (dim(at) != 1) {
            throw ShapeException.of("squeeze", "extent is not 1").operand("input", shape()).operand("axis", axis)
                    .expected("an axis of extent 1");
        }
        return reshape(IntStream.range(0, rank()).filter(i -> i != at).map(this::dim).toArray());
    }

    /** Axes {@code from} to the last as one. */
    public Tensor flatten(int from) {
        int at = shape().axis("flatten", from);
        int[] dims = Arrays.copyOf(shape().dims(), at + 1);
        dims[at] = Shape.of(Arrays.copyOfRange(shape().dims(), at, rank())).size();
        return reshape(Shape.of(dims));
    }

    /**
     * The elements from {@code start} up to but without {@code stop} along an axis, a view; the gradient is zero outside.
     *
     * @throws ShapeException unless {@code 0 <= start <= stop <= extent}
     */
    public Tensor slice(int axis, int start, int stop) {
        return slice(axis, start, stop, 1);
    }

    /**
     * Every {@code step}-th element from {@code start} up to but without {@code stop} along an axis, a view; the gradient is
     * zero at the others.
     *
     * @throws ShapeException unless {@code 0 <= start <= stop <= extent} and the step is 1 or more
     */
    public Tensor slice(int axis, int start, int stop, int step) {
        return new Slice(shape().axis("slice", axis), start, stop, step).apply(this);
    }

    /** The elements at one index along an axis, which vanishes. */
    public Tensor select(int axis, int index) {
        int at = shape().axis("select", axis);
        if (index < 0 || index >= dim(at)) {
            throw ShapeException.of("select", "index out of range").operand("index", index).operand("input", shape())
                    .expected(dim(at) == 0 ? "no index: the axis is empty" : "0 to " + (dim(at) - 1));
        }
        return slice(at, index, index + 1).squeeze(at);
    }

    /** The elements along an axis in reverse, a view; the gradient is reversed back. */
    public Tensor flip(int axis) {
        return new Flip(shape().axis("flip", axis)).apply(this);
    }

    /**
     * A constant, converted to the dtype as a Java cast would, before and after the elements along an axis; the gradient is
     * that of the elements.
     *
     * @throws ShapeException if {@code before} or {@code after} is negative
     */
    public Tensor pad(int axis, int before, int after, double value) {
        return new Pad(shape().axis("pad", axis), before, after, 0, value).apply(this);
    }

    /**
     * Tensors one after the other along an axis; dtypes are promoted to one. Each gets its part of the gradient.
     *
     * @throws ShapeException if other extents differ
     */
    public static Tensor concat(int axis, Tensor... tensors) {
        if (tensors.length == 0) {
            throw ShapeException.of("concat", "nothing to join").expected("one tensor or more");
        }
        DType dtype = Arrays.stream(tensors).map(Tensor::dtype).reduce(DType.BOOL, DType::promote);
        return new Concat(tensors[0].shape().axis("concat", axis))
                .apply(Arrays.stream(tensors).map(x -> x.cast(dtype)).toArray(Tensor[]::new));
    }

    /** Tensors of one shape side by side along a new axis. */
    public static Tensor stack(int axis, Tensor... tensors) {
        return concat(axis, Arrays.stream(tensors).map(x -> x.unsqueeze(axis)).toArray(Tensor[]::new));
    }

    // ---- indexing

    /**
     * For each place of {@code index}, the element at that place with its coordinate along {@code axis} replaced by the
     * index, as {@code torch.gather}; the gradient is added up where it was taken from.
     *
     * @param index I64, of this rank, with values in {@code [0, extent)}; along other axes its extents are at most this
     *     tensor's
     * @throws ShapeException if the index does not fit or a value is out of range
     */
    public Tensor gather(int axis, Tensor index) {
        return new Gather(shape().axis("gather", axis)).apply(this, index);
    }

    /**
     * This with each element of {@code added} added at the place that {@code index} names along an axis, in row-major order,
     * as {@code torch.scatter_add}. Derivatives: 1 by this, the gradient gathered at the index by {@code added}.
     *
     * @param index I64, as for {@link #gather}
     * @param added of the index's shape and this dtype
     * @throws ShapeException if index or added do not fit, or a value is out of range
     */
    public Tensor scatterAdd(int axis, Tensor index, Tensor added) {
        return new ScatterAdd(shape().axis("scatter_add", axis)).apply(this, index, added);
    }

    /**
     * The slices at these places along an axis, in their order; the gradient is added up where a place is named twice.
     *
     * @param index I64 of rank 1
     */
    public Tensor indexSelect(int axis, Tensor index) {
        int at = shape().axis("index_select", axis);
        if (index.rank() != 1 || index.dtype() != DType.I64) {
            throw ShapeException.of("index_select", "the index is not a list of I64").operand("index", index.spec())
                    .expected("I64 of rank 1");
        }
        int[] unit = IntStream.range(0, rank()).map(i -> i == at ? index.size() : 1).toArray();
        return gather(at, index.reshape(unit).expand(shape().with(at, index.size())));
    }

    // ---- products

    /**
     * The matrix product: {@code [..., m, k] x [..., k, n] -> [..., m, n]} with broadcast batch axes. A vector on the left
     * counts as one row, on the right as one column, and that axis vanishes from the result. Summed along k in order with
     * fused multiply-add. Derivatives: {@code g b^T} and {@code a^T g}.
     */
    public Tensor matmul(Tensor other) {
        if (rank() == 0 || other.rank() == 0) {
            throw ShapeException.of("matmul", "not matrices or vectors").operand("left", shape())
                    .operand("right", other.shape()).expected("rank 1 or more on both sides; mul scales by a number");
        }
        MatMul.requireInner(shape(), other.shape());
        DType dtype = DType.promote(dtype(), other.dtype());
        Tensor left = (rank() == 1 ? unsqueeze(0) : this).cast(dtype);
        Tensor right = (other.rank() == 1 ? other.unsqueeze(1) : other).cast(dtype);
        Tensor product = left.rank() > 2 && right.rank() == 2 && left.array.isContiguous()
                ? left.rowsTimes(right)
                : new MatMul().apply(left, right);
        product = rank() == 1 ? product.squeeze(-2) : product;
        return other.rank() == 1 ? product.squeeze(-1) : product;
    }

    /** A batch of matrices times one matrix is one tall matrix times it. */
    private Tensor rowsTimes(Tensor right) {
        int[] dims = shape().dims();
        dims[dims.length - 1] = right.dim(1);
        int rows = Shape.of(Arrays.copyOf(shape().dims(), rank() - 1)).size();
        return new MatMul().apply(reshape(Shape.of(rows, dim(-1))), right).reshape(Shape.of(dims));
    }

    // ---- row operations

    /** The elements along an axis as probabilities: {@code e^x / sum e^x}, stable for any size; derivative {@code y (g - sum(g y))}. */
    public Tensor softmax(int axis) {
        return new Softmax(shape().axis("softmax", axis)).apply(floating());
    }

    /** The logarithm of {@link #softmax}, exact where that underflows; derivative {@code g - e^y sum(g)}. */
    public Tensor logSoftmax(int axis) {
        return new LogSoftmax(shape().axis("log_softmax", axis)).apply(floating());
    }

    /**
     * For each row of these logits {@code [n, classes]} the loss {@code -ln softmax(row)[label]}, as {@code [n]}; stable for
     * logits of any size; derivative {@code softmax(row) - onehot(label)}.
     *
     * @param labels I64 {@code [n]} with values in {@code [0, classes)}
     */
    public Tensor crossEntropy(Tensor labels) {
        return new CrossEntropy().apply(floating(), labels);
    }

    private Tensor floating() {
        return dtype().isFloat() ? this : cast(DType.F32);
    }
}
