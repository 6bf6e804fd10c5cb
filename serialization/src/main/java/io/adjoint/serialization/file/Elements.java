package io.adjoint.serialization.file;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.nio.ByteBuffer;

/** The elements of a tensor in row-major order, which go to and come from little-endian bytes a stretch at a time. */
public final class Elements {
    private final TensorSpec spec;
    private final Object data;

    private Elements(TensorSpec spec, Object data) {
        this.spec = spec;
        this.data = data;
    }

    public static Elements of(Tensor tensor) {
        return new Elements(tensor.spec(), switch (tensor.dtype()) {
            case BOOL -> tensor.toBooleans();
            case I32 -> tensor.toInts();
            case I64 -> tensor.toLongs();
            case F32 -> tensor.toFloats();
            case F64 -> tensor.toDoubles();
        });
    }

    /** Room for the elements of a tensor. */
    public static Elements allocate(TensorSpec spec) {
        int n = spec.shape().size();
        return new Elements(spec, switch (spec.dtype()) {
            case BOOL -> new boolean[n];
            case I32 -> new int[n];
            case I64 -> new long[n];
            case F32 -> new float[n];
            case F64 -> new double[n];
        });
    }

    /** Fills the bytes, which are little-endian, with the elements from number {@code from} on; all their bits are kept. */
    public void encode(int from, ByteBuffer bytes) {
        int count = bytes.remaining() / spec.dtype().bytes();
        switch (spec.dtype()) {
            case BOOL -> {
                boolean[] values = (boolean[]) data;
                for (int i = 0; i < count; i++) {
                    bytes.put((byte) (values[from + i] ? 1 : 0));
                }
            }
            case I32 -> bytes.asIntBuffer().put((int[]) data, from, count);
            case I64 -> bytes.asLongBuffer().put((long[]) data, from, count);
            case F32 -> bytes.asFloatBuffer().put((float[]) data, from, count);
            case F64 -> bytes.asDoubleBuffer().put((double[]) data, from, count);
        }
    }

    /** Sets the elements from number {@code from} on; false if some byte stands for no value of the dtype. */
    public boolean decode(int from, ByteBuffer bytes) {
        int count = bytes.remaining() / spec.dtype().bytes();
        switch (spec.dtype()) {
            case BOOL -> {
                boolean[] values = (boolean[]) data;
                for (int i = 0; i < count; i++) {
                    byte value = bytes.get();
                    if (value >>> 1 != 0) {
                        return false;
                    }
                    values[from + i] = value == 1;
                }
            }
            case I32 -> bytes.asIntBuffer().get((int[]) data, from, count);
            case I64 -> bytes.asLongBuffer().get((long[]) data, from, count);
            case F32 -> bytes.asFloatBuffer().get((float[]) data, from, count);
            case F64 -> bytes.asDoubleBuffer().get((double[]) data, from, count);
        }
        return true;
    }

    public Tensor tensor() {
        return switch (spec.dtype()) {
            case BOOL -> Tensor.of((boolean[]) data, spec.shape());
            case I32 -> Tensor.of((int[]) data, spec.shape());
            case I64 -> Tensor.of((long[]) data, spec.shape());
            case F32 -> Tensor.of((float[]) data, spec.shape());
            case F64 -> Tensor.of((double[]) data, spec.shape());
        };
    }
}
