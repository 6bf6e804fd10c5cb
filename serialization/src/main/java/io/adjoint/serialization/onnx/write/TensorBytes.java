package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.onnx.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of tensors as little-endian bytes, each as wide as its type in the file. */
final class TensorBytes {
    private static final int CHUNK = 16 << 10;

    private TensorBytes() {}

    static byte[] of(ElementType type, Tensor tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(type, tensor, out);
        } catch (IOException e) {
            throw new IllegalStateException(e); // nothing is written but memory
        }
        return out.toByteArray();
    }

    /** How wide an element is. */
    static int bytesOf(ElementType type) {
        return switch (type) {
            case UINT8, INT8, BOOL -> 1;
            case FLOAT16, BFLOAT16, UINT16, INT16 -> 2;
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64, UINT64 -> 8;
        };
    }

    /** Writes the elements, a stretch at a time. */
    static void write(ElementType type, Tensor tensor, OutputStream out) throws IOException {
        Elements elements = Elements.of(tensor);
        int wide = tensor.dtype().bytes();
        ByteBuffer from = ByteBuffer.allocate(CHUNK * wide).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(CHUNK * bytesOf(type)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < tensor.size(); i += CHUNK) {
            int count = Math.min(CHUNK, tensor.size() - i);
            elements.encode(i, from.clear().limit(count * wide));
            if (type.isNarrow()) {
                narrow(type, from.clear().limit(count * wide), to.clear());
                out.write(to.array(), 0, to.position());
            } else {
                out.write(from.array(), 0, count * wide);
            }
        }
    }

    private static void narrow(ElementType type, ByteBuffer from, ByteBuffer to) {
        while (from.hasRemaining()) {
            switch (type) {
                case UINT8, INT8 -> to.put((byte) from.getInt());
                case UINT16, INT16 -> to.putShort((short) from.getInt());
                case UINT32 -> to.putInt((int) from.getLong());
                case UINT64 -> to.putLong(from.getLong());
                case FLOAT16 -> to.putShort(Float.floatToFloat16(from.getFloat()));
                case BFLOAT16 -> to.putShort(bfloat16(from.getFloat()));
                case FLOAT, INT32, INT64, BOOL, DOUBLE -> throw new IllegalStateException(type.toString());
            }
        }
    }

    /** The upper half, rounded to the nearest, halves to the even one. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40); // the lower half may be all that makes it no infinity
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
