package io.adjoint.examples.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Microsoft's ONNX Runtime on the processor, with all its optimisations. */
final class OnnxRuntimeSide {
    private OnnxRuntimeSide() {}

    /** See {@link Side#main}. */
    public static void main(String[] arguments) {
        int threads = Integer.parseInt(arguments[0]);
        Side.main(arguments, workload -> switch (workload) {
            case Inference inference -> new Inferring(inference, threads);
            case Product _, Convolution _, Elementwise _, RowWise _, TrainingStep _ ->
                throw new IllegalArgumentException(workload.name() + " is no model");
        });
    }

    private static final class Inferring implements Job {
        private final OrtSession session;
        private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();

        Inferring(Inference inference, int threads) {
            try {
                OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                options.setIntraOpNumThreads(threads);
                options.setInterOpNumThreads(1);
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                session = environment.createSession(Inference.model().toString(), options);
                List<String> names = new ArrayList<>(session.getInputNames());
                long[] shape = {inference.batch(), inference.length()};
                for (int i = 0; i < names.size(); i++) {
                    inputs.put(names.get(i),
                            OnnxTensor.createTensor(environment, LongBuffer.wrap(inference.inputs()[i]), shape));
                }
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void run() {
            try (OrtSession.Result result = session.run(inputs)) {
                result.get(0);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public double[] evidence() {
            try (OrtSession.Result result = session.run(inputs)) {
                float[][][] rows = (float[][][]) result.get(0).getValue();
                return Arrays.stream(rows).flatMap(Arrays::stream)
                        .flatMapToDouble(row -> IntStream.range(0, row.length)
                                .mapToDouble(i -> row[i]))
                        .toArray();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
