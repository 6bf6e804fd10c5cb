package io.adjoint.serialization.file;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The elements of a tensor in row-major order, which go to and come from bytes a stretch at a time. Numbers are in the byte
 * order of the buffer.
 */
public final class Elements {
    /** Bytes that go from or to a file at a time; a multiple of all sizes of elements. */
    public static final int STRETCH = 1 << 20;

    private final TensorSpec spec;
    private Object data;
    private int room;

    private Elements(TensorSpec spec, Object data, int room) {
        this.spec = spec;
        this.data = data;
        this.room = room;
    }

    public static Elements of(Tensor tensor) {
        return new Elements(tensor.spec(), switch (tensor.dtype()) {
            case BOOL -> tensor.toBooleans();
            case I32 -> tensor.toInts();
            case I64 -> tensor.toLongs();
            case F32 -> tensor.toFloats();
            case F64 -> tensor.toDoubles();
        }, tensor.size());
    }

    /** Room for the elements of a tensor. */
    public static Elements allocate(TensorSpec spec) {
        return allocate(spec, spec.shape().size());
    }

    /** Room for some elements of a tensor, to be {@linkplain #grow grown} as more are there. */
    public static Elements allocate(TensorSpec spec, int room) {
        return new Elements(spec, switch (spec.dtype()) {
            case BOOL -> new boolean[room];
            case I32 -> new int[room];
            case I64 -> new long[room];
            case F32 -> new float[room];
            case F64 -> new double[room];
        }, room);
    }

    /** Makes room for {@code count} elements: twice what there is, if that is more and the tensor has so many. */
    public void grow(int count) {
        if (count <= room) {
            return;
        }
        room = (int) Math.max(count, Math.min(2L * room, spec.shape().size()));
        data = switch (spec.dtype()) {
            case BOOL -> Arrays.copyOf((boolean[]) data, room);
            case I32 -> Arrays.copyOf((int[]) data, room);
            case I64 -> Arrays.copyOf((long[]) data, room);
            case F32 -> Arrays.copyOf((float[]) data, room);
            case F64 -> Arrays.copyOf((double[]) data, room);
        };
    }

    /** Fills the bytes with the elements from number {@code from} on; all their bits are kept. */
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

    /**
     * The same in another type.
     *
     * @param type that of the dtype, or {@code F16} or {@code BF16} for F32
     * @return false if a finite element is beyond the range of the type
     */
    public boolean encode(int from, ByteBuffer bytes, StoredType type) {
        if (type == StoredType.of(spec.dtype())) {
            encode(from, bytes);
            return true;
        }
        float[] values = (float[]) data;
        for (int i = from; bytes.hasRemaining(); i++) {
            boolean f16 = type == StoredType.F16;
            short half = f16 ? Halves.toF16(values[i]) : Halves.toBf16(values[i]);
            bytes.putShort(half);
            if (Halves.overflows(values[i], f16 ? Halves.fromF16(half) : Halves.fromBf16(half))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes all elements, little-endian, a stretch at a time.
     *
     * @param type as in {@link #encode(int, ByteBuffer, StoredType)}
     * @return false if it gave up at a finite element that is beyond the range of the type
     */
    public boolean writeTo(OutputStream out, StoredType type) throws IOException {
        int size = spec.shape().size();
        int step = STRETCH / type.bytes();
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(step, size) * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < size; from += Math.min(step, size - from)) {
            if (!encode(from, bytes.clear().limit(Math.min(step, size - from) * type.bytes()), type)) {
                return false;
            }
            out.write(bytes.array(), 0, bytes.limit());
        }
        return true;
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

    /**
     * The same from another type.
     *
     * @param type one that becomes this dtype
     * @return false if some element stands for no value of the dtype
     */
    public boolean decode(int from, ByteBuffer bytes, StoredType type) {
        return switch (type) {
            case BOOL, I32, I64, F32, F64 -> decode(from, bytes);
            case I8, U8, I16, U16 -> {
                widen((int[]) data, from, bytes, type);
                yield true;
            }
            case F16, BF16 -> {
                widen((float[]) data, from, bytes, type);
                yield true;
            }
            case U32 -> {
                long[] values = (long[]) data;
                for (int i = from; bytes.hasRemaining(); i++) {
                    values[i] = Integer.toUnsignedLong(bytes.getInt());
                }
                yield true;
            }
            case U64 -> {
                int count = bytes.remaining() / Long.BYTES;
                decode(from, bytes);
                yield Arrays.stream((long[]) data, from, from + count).allMatch(value -> value >= 0);
            }
        };
    }

    private static void widen(int[] values, int from, ByteBuffer bytes, StoredType type) {
        for (int i = from; bytes.hasRemaining(); i++) {
            values[i] = switch (type) {
                case I8 -> bytes.get();
                case U8 -> Byte.toUnsignedInt(bytes.get());
                case I16 -> bytes.getShort();
                default -> Short.toUnsignedInt(bytes.getShort());
            };
        }
    }

    private static void widen(float[] values, int from, ByteBuffer bytes, StoredType type) {
        for (int i = from; bytes.hasRemaining(); i++) {
            values[i] = type == StoredType.F16 ? Halves.fromF16(bytes.getShort()) : Halves.fromBf16(bytes.getShort());
        }
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
