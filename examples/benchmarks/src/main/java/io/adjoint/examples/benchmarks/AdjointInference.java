package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.Onnx;
import io.adjoint.serialization.onnx.OnnxModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Imported models in this library. */
final class AdjointInference {
    private AdjointInference() {}

    static Job eager(Inference inference) {
        OnnxModel model = Onnx.load(Inference.model());
        List<Tensor> inputs = List.of(inputs(inference));
        return new Inferring(() -> model.forwardAll(inputs).getFirst());
    }

    static Job compiled(Inference inference) {
        OnnxModel model = Onnx.load(Inference.model());
        Tensor[] inputs = inputs(inference);
        Program program = Program.compileAll(model::forwardAll);
        return new Inferring(() -> program.applyAll(inputs).getFirst());
    }

    private static Tensor[] inputs(Inference inference) {
        return Arrays.stream(inference.inputs()).map(x -> Tensor.of(x, inference.batch(), inference.length()))
                .toArray(Tensor[]::new);
    }

    private interface Model {
        Tensor apply();
    }

    private record Inferring(Model model) implements Job {
        @Override
        public void run() {
            model.apply();
        }

        @Override
        public double[] evidence() {
            float[] result = model.apply().toFloats();
            return IntStream.range(0, result.length).mapToDouble(i -> result[i]).toArray();
        }
    }
}
