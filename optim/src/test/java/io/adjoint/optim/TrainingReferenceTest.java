package io.adjoint.optim;

import static io.adjoint.nn.reference.ReferenceValues.assertClose;
import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.reference.ReferenceFile;
import io.adjoint.optim.stage.Norms;
import io.adjoint.optim.transform.ClipByGlobalNorm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole trainings against PyTorch: the losses, the lengths of gradients, and the model at the end. */
class TrainingReferenceTest {
    @TestFactory
    Stream<DynamicTest> trainings() {
        return ReferenceFile.pytorch("train.jsonl.gz").stream()
                .flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                        json.get("id").getAsString() + " " + dtype, () -> check(json, dtype))));
    }

    private static void check(JsonObject json, DType dtype) {
        TrainedModel model = TrainedModel.of(json, dtype);
        Tensor x = tensor(json.getAsJsonObject("x"), dtype);
        Tensor y = tensor(json.getAsJsonObject("y"), dtype);
        assertTrue(json.get("lr_scheduler").isJsonNull(), "no maker for schedules here");
        Transformation steps =
                OptimizerMakers.make(json.get("optimizer").getAsString(), json.getAsJsonObject("hyper"));
        Optimizer optimizer = (json.get("clip_grad_norm").isJsonNull() ? steps
                : Chain.of(new ClipByGlobalNorm(json.get("clip_grad_norm").getAsDouble()), steps)).over(model);
        List<JsonElement> losses = json.getAsJsonArray("losses").asList();
        for (int t = 0; t < losses.size(); t++) {
            Tensor value = Training.scope(() -> model.loss(x, y));
            double condition = json.getAsJsonArray("f32err_loss").get(t).getAsDouble();
            double expected = losses.get(t).getAsDouble();
            assertEquals(expected, value.item(), allowed(dtype, expected, condition), "loss before step " + t);
            if (t < losses.size() - 1) {
                List<Tensor> gradients = value.gradients(optimizer.trained()).values();
                double norm = json.getAsJsonArray("grad_norms").get(t).getAsDouble();
                assertEquals(norm, Norms.global(gradients).item(), loose(dtype) * Math.max(1, norm),
                        "length of the gradient in step " + t);
                optimizer.step(gradients);
            }
        }
        json.getAsJsonObject("state_end").asMap().forEach((name, end) -> {
            Variable variable = model.variables().get(name);
            if (variable != null) {
                assertClose(end.getAsJsonObject().getAsJsonArray("data"), variable.value(),
                        loose(dtype), name);
            }
        });
        assertEquals(json.getAsJsonObject("state_end").keySet(), model.variables().keySet());
    }

    /** The README's tolerance; the condition, as all of them, is an error of numbers up to 1. */
    private static double allowed(DType dtype, double expected, double condition) {
        return dtype == DType.F64 ? 1e-8 * Math.abs(expected)
                : 1e-4 * Math.abs(expected) + 20 * condition;
    }

    /** Nothing is said of gradients and models in float32, which lose more digits than losses. */
    private static double loose(DType dtype) {
        return dtype == DType.F64 ? 1e-8 : 1e-2;
    }
}
