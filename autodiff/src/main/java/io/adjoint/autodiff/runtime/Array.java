package io.adjoint.autodiff.runtime;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A strided view of a Java array: element {@code (i, j, ...)} is {@code data[offset + i * strides[0] + j * strides[1] +
 * ...]}. The plain data under a tensor; knows nothing of gradients. A stride may be zero (an expanded axis) or negative
 * (a flipped one). Views share {@code data}, so only the code that allocated an array may write to it, and only before
 * anybody else sees it.
 */
public final class Array {
    /** Lends nothing: marks what {@link #resident} makes. */
    private static final Recycler RESIDENTS = new Recycler();

    private static final int LINE_BYTES = 64;
    private static final int HEADER_BYTES = 16;

    /** Half of the smallest region that G1 has: from there on an array may begin a region. Tests take all arrays for large ones. */
    private static final int LARGE_BYTES = Integer.getInteger("adjoint.align.from", 1 << 19);

    /** Elements of the longest Java array that there is. */
    private static final int LONGEST = Integer.MAX_VALUE - 2;

    private final DType dtype;
    private final Shape shape;
    private final int[] strides;
    private final int offset;
    private final Storage storage;

    private Array(DType dtype, Shape shape, int[] strides, int offset, Storage storage) {
        this.dtype = dtype;
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.storage = storage;
    }

    /** A row-major array of zeros (false for BOOL). */
    public static Array allocate(DType dtype, Shape shape) {
        return allocate(dtype, shape, Recycler.Content.ZEROS);
    }

    /** A row-major array for somebody who writes every element of it before anybody reads one; it may hold anything. */
    public static Array uninitialized(DType dtype, Shape shape) {
        return allocate(dtype, shape, Recycler.Content.ANYTHING);
    }

    private static Array allocate(DType dtype, Shape shape, Recycler.Content content) {
        int lead = lead(dtype, shape);
        return new Array(
                dtype, shape, shape.rowMajorStrides(), lead, Recycler.lend(dtype, lead + shape.size(), content));
    }

    /**
     * Elements before the first of a large array, so that it begins with a cache line: G1 lets the Java array begin with a region, and
     * its header comes first. A vector of 64 bytes that lies in two lines costs two loads.
     */
    private static int lead(DType dtype, Shape shape) {
        int lead = (LINE_BYTES - HEADER_BYTES) / dtype.bytes();
        boolean large = (long) shape.size() * dtype.bytes() >= LARGE_BYTES;
        return large && shape.size() <= LONGEST - lead ? lead : 0;
    }

    /** A copy of so many elements as a row-major array. */
    public static Array copyOf(DType dtype, Shape shape, Object elements) {
        assert java.lang.reflect.Array.getLength(elements) == shape.size();
        int lead = lead(dtype, shape);
        Storage storage = new Storage(Recycler.fresh(dtype, lead + shape.size()), dtype);
        System.arraycopy(elements, 0, storage.data(), lead, shape.size());
        return new Array(dtype, shape, shape.rowMajorStrides(), lead, storage);
    }

    /** Takes over a Java array of the right primitive, with the elements at its beginning, as a row-major array; the caller must let go of it. */
    public static Array wrap(DType dtype, Shape shape, Object data) {
        assert java.lang.reflect.Array.getLength(data) >= shape.size();
        assert data.getClass().componentType() == dtype.primitive();
        return new Array(dtype, shape, shape.rowMajorStrides(), 0, new Storage(data, dtype));
    }

    /** Stands for an array whose values are not known; reading them is refused. */
    public static Array symbolic(DType dtype, Shape shape) {
        return new Array(dtype, shape, shape.rowMajorStrides(), 0, new Storage(null, dtype));
    }

    /** A row-major array that compiled programs may write in place as long as nobody else has seen it. */
    public static Array resident(DType dtype, Shape shape) {
        int lead = lead(dtype, shape);
        return new Array(dtype, shape, shape.rowMajorStrides(), lead,
                new Storage(Recycler.fresh(dtype, lead + shape.size()), dtype, RESIDENTS, 0));
    }

    /** Whether it was made by {@link #resident}. */
    public boolean isResident() {
        return storage.owner() == RESIDENTS;
    }

    /** Lets a run of a program write it, if nobody reads or writes it and nobody may have kept it; whether that is so. */
    public boolean claimWriting() {
        return storage.claimWriting();
    }

    /** Lets a run of a program read it, if nobody writes it; whether that is so. */
    public boolean claimReading() {
        return storage.claimReading();
    }

    /**
     * Grows at the end of each run that might write the elements: who may read them sees the same number as long as they are the same. So
     * does a run that writes them, until it does.
     */
    public long writings() {
        return storage.writings();
    }

    /**
     * Something made of the elements that is kept as long as they are, and shared.
     *
     * @param key tells it from what else is made of them
     */
    public <T> T derived(Object key, Class<T> type, Supplier<T> make) {
        return type.cast(storage.derived(key, make));
    }

    /** Ends a claim. */
    public void yieldClaim() {
        storage.yieldClaim();
    }

    /** Waits until somebody's claim ends. */
    public void awaitYield() {
        storage.awaitYield();
    }

    /** Whether the values are not known. */
    public boolean isSymbolic() {
        return storage.isSymbolic();
    }

    /** Another view of the same data. */
    public Array view(Shape newShape, int[] newStrides, int newOffset) {
        // a view of nothing may be asked for beyond the end of the data, where no copy could begin
        return new Array(dtype, newShape, newStrides, newShape.size() == 0 ? 0 : newOffset, storage);
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public int stride(int axis) {
        return strides[axis];
    }

    /** A fresh array of the strides, in elements. */
    public int[] strides() {
        return strides.clone();
    }

    public int offset() {
        return offset;
    }

    public int size() {
        return shape.size();
    }

    /** The Java array itself, of the dtype's primitive. */
    public Object data() {
        return storage.data();
    }

    Storage storage() {
        return storage;
    }

    /**
     * Leaves the memory to the garbage collector for good, since somebody may read it of whom no {@link Recycler} knows;
     * false if it was taken back before.
     */
    public boolean expose() {
        return storage.owner() == null || storage.expose();
    }

    /** Whether the memory was lent by the {@link Recycler} that serves the calling thread. */
    public boolean isLentHere() {
        return storage.owner() != null && storage.owner() == Recycler.open();
    }

    /** Whether both are views of the same Java array. */
    public boolean sharesMemory(Array other) {
        return storage == other.storage;
    }

    /** Whether both are the same elements of the same Java array, in the same order. */
    public boolean isSameView(Array other) {
        if (storage != other.storage || offset != other.offset || !shape.equals(other.shape)) {
            return false;
        }
        for (int axis = 0; axis < strides.length; axis++) {
            if (shape.dim(axis) > 1 && strides[axis] != other.strides[axis]) {
                return false;
            }
        }
        return true;
    }

    public float[] floats() {
        return (float[]) storage.data();
    }

    public double[] doubles() {
        return (double[]) storage.data();
    }

    public int[] ints() {
        return (int[]) storage.data();
    }

    public long[] longs() {
        return (long[]) storage.data();
    }

    public boolean[] booleans() {
        return (boolean[]) storage.data();
    }

    /** Whether the elements lie one after the other in row-major order, beginning at {@link #offset}. */
    public boolean isContiguous() {
        int expected = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int dim = shape.dim(axis);
            if (dim == 0) {
                return true;
            }
            if (dim != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= dim;
        }
        return true;
    }

    /** This array stretched to {@code target} by strides of zero; the shapes must broadcast. */
    public Array broadcastTo(Shape target) {
        if (shape.equals(target)) {
            return this;
        }
        int shift = target.rank() - shape.rank();
        int[] stretched = new int[target.rank()];
        for (int axis = 0; axis < shape.rank(); axis++) {
            stretched[axis + shift] = shape.dim(axis) == target.dim(axis + shift) ? strides[axis] : 0;
        }
        return view(target, stretched, offset);
    }

    /** The axes in another order: axis {@code i} of the result is axis {@code order[i]} of this. */
    public Array permute(int... order) {
        int[] dims = new int[order.length];
        int[] permuted = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            dims[i] = shape.dim(order[i]);
            permuted[i] = strides[order[i]];
        }
        return view(Shape.of(dims), permuted, offset);
    }

    /** The axes by falling strides: permuted like this, a transposed view of contiguous memory is contiguous. */
    public int[] memoryOrder() {
        int[] order = new int[strides.length];
        for (int i = 0; i < order.length; i++) { // insertion, since there are few and they mostly are in order
            int at = i;
            for (; at > 0 && strides[order[at - 1]] < strides[i]; at--) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        return order;
    }

    /** Position in {@link #data} of the element with row-major number {@code index}. */
    public int position(int index) {
        Objects.checkIndex(index, size());
        int position = offset;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int dim = shape.dim(axis);
            position += index % dim * strides[axis];
            index /= dim;
        }
        return position;
    }

    @Override
    public String toString() {
        return dtype + " " + shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
