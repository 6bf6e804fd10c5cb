package io.adjoint.serialization.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A model in ONNX Runtime, on one thread. */
final class OnnxRuntime implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    private final OrtSession session;

    OnnxRuntime(Path file) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        session = environment.createSession(file.toString(), options);
    }

    OrtSession session() {
        return session;
    }

    /** The outputs for inputs in the order of the model's. */
    List<Tensor> run(List<Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        int next = 0;
        for (String name : session.getInputNames()) {
            given.put(name, toOnnx(inputs.get(next++)));
        }
        try (OrtSession.Result result = session.run(given)) {
            List<Tensor> outputs = new ArrayList<>();
            for (Map.Entry<String, OnnxValue> entry : result) {
                outputs.add(toTensor((OnnxTensor) entry.getValue()));
            }
            return outputs;
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor toOnnx(Tensor x) throws OrtException {
        long[] dims = java.util.Arrays.stream(x.shape().dims()).asLongStream().toArray();
        return switch (x.dtype()) {
            case F32 -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloats()), dims);
            case F64 -> OnnxTensor.createTensor(environment, DoubleBuffer.wrap(x.toDoubles()), dims);
            case I32 -> OnnxTensor.createTensor(environment, IntBuffer.wrap(x.toInts()), dims);
            case I64 -> OnnxTensor.createTensor(environment, LongBuffer.wrap(x.toLongs()), dims);
            case BOOL -> {
                boolean[] values = x.toBooleans();
                ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
                for (boolean value : values) {
                    bytes.put((byte) (value ? 1 : 0));
                }
                yield OnnxTensor.createTensor(environment, bytes.flip(), dims, ai.onnxruntime.OnnxJavaType.BOOL);
            }
        };
    }

    private static Tensor toTensor(OnnxTensor x) {
        TensorInfo info = x.getInfo();
        Shape shape = Shape.of(LongStream.of(info.getShape()).mapToInt(Math::toIntExact).toArray());
        return switch (info.type) {
            case FLOAT -> {
                float[] values = new float[shape.size()];
                x.getFloatBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case DOUBLE -> {
                double[] values = new double[shape.size()];
                x.getDoubleBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case INT32 -> {
                int[] values = new int[shape.size()];
                x.getIntBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case INT64 -> {
                long[] values = new long[shape.size()];
                x.getLongBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case BOOL -> {
                boolean[] values = new boolean[shape.size()];
                ByteBuffer bytes = x.getByteBuffer();
                for (int i = 0; i < values.length; i++) {
                    values[i] = bytes.get(i) != 0;
                }
                yield Tensor.of(values, shape);
            }
            default -> throw new IllegalArgumentException(info.toString());
        };
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
